"""Where it should pull or work: a soft patch inside the outline of the body, given by name."""

from itertools import pairwise

from clinic.ui.drawing import Path
from treatments.figures.body import SHANK_WIDTHS, THIGH_WIDTHS, trunk_points
from treatments.figures.geometry import Profile, closed, direction, left_of, moved, spot
from treatments.figures.skeleton import Joints, Limb

# name: limb, part of it, from and to along it, from and to across it (-1 the back edge, 1 the front edge)
LIMB_PATCHES = {
    "thigh-back": ("near_leg", "thigh", 0.16, 0.9, -0.84, -0.12),
    "thigh-front": ("near_leg", "thigh", 0.12, 0.86, 0.12, 0.84),
    "hip-front": ("near_leg", "thigh", -0.2, 0.52, 0.16, 0.86),
    "hip-side": ("near_leg", "thigh", -0.24, 0.3, -0.6, 0.5),
    "calf": ("near_leg", "shank", 0.1, 0.72, -0.86, -0.1),
}
# name: from and to along the spine, from and to across it
TRUNK_PATCHES = {
    "buttock": (-0.2, 0.55, -0.86, -0.2),
    "belly": (0.8, 2.0, 0.2, 0.86),
    "low-back": (0.7, 1.9, -0.84, -0.24),
}


def glow(body: Joints, name: str) -> Path:
    if name in TRUNK_PATCHES:
        return _on_trunk(body, *TRUNK_PATCHES[name])
    limb, part, first, last, low, high = LIMB_PATCHES[name]
    return _on_limb(body, getattr(body, limb), part, (first, last), (low, high))


def _on_limb(body: Joints, limb: Limb, part: str, span: tuple[float, float], across: tuple[float, float]) -> Path:
    a, b = (limb.root, limb.middle) if part == "thigh" else (limb.middle, limb.end)
    widths = THIGH_WIDTHS if part == "thigh" else SHANK_WIDTHS
    d = direction(a, b)
    length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
    points = []
    for t, side in _round(span, across):
        front, back = _at(widths, t)
        points.append(moved(a, d, length * t, left_of(d), (front if side > 0 else back) * side * body.scale))
    return closed(points)


def _on_trunk(body: Joints, first: float, last: float, low: float, high: float) -> Path:
    points = []
    for t, side in _round((first, last), (low, high)):
        row = trunk_points(body, max(t, 0), max(t, 0))
        point, d = spot(body.spine, t)
        edge = row[0] if side > 0 else row[-1]
        reach = (
            (edge[0] - spot(body.spine, max(t, 0))[0][0]) ** 2 + (edge[1] - spot(body.spine, max(t, 0))[0][1]) ** 2
        ) ** 0.5
        points.append(moved(point, d, 0, left_of(d), -reach * side))
    return closed(points)


def _round(span: tuple[float, float], across: tuple[float, float]) -> list[tuple[float, float]]:
    """Around an oval that fills the rectangle."""
    (t0, t1), (c0, c1) = span, across
    ring = ((0, 0.5), (0.1, 0.88), (0.5, 1), (0.9, 0.88), (1, 0.5), (0.9, 0.12), (0.5, 0), (0.1, 0.12))
    return [(t0 + (t1 - t0) * t, c0 + (c1 - c0) * c) for t, c in ring]


def _at(widths: Profile, t: float) -> tuple[float, float]:
    t = min(max(t, 0), 1)
    for (a, fa, ra), (b, fb, rb) in pairwise(widths):
        if t <= b:
            part = (t - a) / (b - a)
            return fa + (fb - fa) * part, ra + (rb - ra) * part
    return widths[-1][1:]

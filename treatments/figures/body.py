"""The flesh on the joints, seen from the side: a head that looks somewhere, a shirt, trousers, bare feet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import cos, radians, sin

from clinic.ui.drawing import Path
from treatments.figures.geometry import (
    Point,
    Profile,
    between,
    circle,
    closed,
    left_of,
    moved,
    outline,
    polar,
    smooth,
    spot,
)
from treatments.figures.skeleton import Joints, Limb

THIGH_WIDTHS: Profile = ((0, 14, 15), (0.2, 14.5, 15), (0.45, 13, 13.5), (0.75, 10.4, 10.6), (1, 9.2, 8.8))
SHANK_WIDTHS: Profile = (
    *((0, 8.8, 8.6), (0.14, 8, 9.6), (0.3, 7.4, 11), (0.48, 6.6, 10)),
    *((0.72, 5.4, 6.6), (0.9, 4.8, 5.2), (1, 5.2, 5.4)),
)
UPPER_ARM_WIDTHS: Profile = ((0, 8, 8), (0.3, 7.6, 8), (0.7, 6.6, 6.8), (1, 5.8, 5.8))
SLEEVE_WIDTHS: Profile = ((0, 8.4, 8.4), (0.25, 9, 9.2), (0.56, 9, 9))
FOREARM_WIDTHS: Profile = ((0, 5.8, 5.8), (0.22, 6.6, 6), (0.6, 5.2, 4.8), (1, 3.9, 3.9))
# Along the spine (0 hip, 1 waist, 2 ribs, 3 nape): half width in front, half width behind.
TRUNK_WIDTHS: Profile = (
    *((0, 14, 19), (0.35, 15.5, 18.5), (0.7, 16, 15), (1.05, 16, 12.5), (1.5, 16, 12.4)),
    *((2, 16.6, 13.6), (2.4, 16.4, 14.6), (2.75, 12.6, 13), (3, 7.4, 9.4), (3.12, 6.4, 7.4)),
)
HEM = 0.62
FOOT = (
    *((-5.2, -6), (-8.6, -1), (-10.4, 4), (-8.6, 9.2), (-3, 10), (6, 9), (16, 10), (25, 10)),
    *((29.4, 7.4), (26.4, 3.6), (18, 1), (10, -3), (5.2, -7)),
)
HAND = (
    *((-3, -3.9), (3, -4.4), (9, -5), (16, -4.4), (21.4, -2), (22.4, 0.6), (20, 3)),
    *((13, 4), (14.4, 7), (12, 8.6), (7, 6.4), (2, 4.6), (-3, 3.9)),
)
SHOE = (
    *((-6, -7), (-9, -2), (-11.4, 4), (-11.6, 9), (-9.6, 11.4), (2, 11.4), (16, 11.4), (27, 11.4)),
    *((30.6, 8.6), (28, 3.6), (19, 0.4), (11, -3.4), (6, -8)),
)
TIPTOE = (
    *((-5.2, -6), (-8.6, -1), (-10.4, 4), (-8.6, 9.2), (-3, 10), (6, 9), (14, 10), (19.6, 8.6)),
    *((21.4, 3), (21, -5), (18, -8.4), (14.6, -6), (12, -2.4), (8.6, -4.4), (5.2, -7)),
)
FIST = ((-3, -3.9), (3, -5), (9, -6.4), (13.6, -4.4), (14.6, 0.6), (12.6, 5.4), (7, 6.6), (2, 4.8), (-3, 3.9))
HEAD = (
    *((0, -17), (7.6, -15.6), (12.4, -10.4), (13.6, -4.6), (13.6, -1.6), (17, 3.6), (14.2, 5.6), (14.4, 8.4)),
    *((13.8, 11.2), (12.6, 15), (8.6, 16.4), (3, 14), (-4, 13), (-11, 9.6), (-14.6, 3), (-15, -5), (-10.4, -13)),
)
HAIR = (
    *((12.2, -11.6), (8.4, -10), (3.6, -8.6), (1.6, -5), (1.2, -1), (-1, 0.6), (-3, -2.6), (-6, -2.4)),
    *(
        (-7.4, 1.4),
        (-6.4, 4.6),
        (-8.4, 8.6),
        (-12.6, 8.8),
        (-16.4, 3),
        (-16.8, -5),
        (-12, -14),
        (-3, -18.8),
        (6.4, -17.4),
    ),
)


@dataclass(frozen=True)
class Part:
    """Paths of one tone; `halo` keeps them apart from what lies behind."""

    tone: str
    paths: tuple[Path, ...]
    halo: bool = True
    is_sleeve: bool = False


def placed(points: Sequence[Point], at: Point, angle: float, scale: float) -> list[Point]:
    """A little outline, drawn looking to the right, turned by the angle."""
    c, s = cos(radians(angle)) * scale, sin(radians(angle)) * scale
    return [(at[0] + x * c + y * s, at[1] - x * s + y * c) for x, y in points]


def trunk_points(body: Joints, first: float, last: float, inset: float = 0) -> list[Point]:
    """The outline of the trunk between two places of the spine, or a little inside it."""
    inner = [row for row in TRUNK_WIDTHS if first + 0.05 < row[0] < last - 0.05]
    rows = [_widths(first), *inner, _widths(last)]
    front, back = [], []
    for at, f, r in rows:
        point, d = spot(body.spine, at)
        right = (-left_of(d)[0], -left_of(d)[1])
        front.append(moved(point, d, 0, right, (f - inset) * body.scale))
        back.append(moved(point, d, 0, right, (inset - r) * body.scale))
    return front + back[::-1]


def _widths(at: float) -> tuple[float, float, float]:
    for (a, fa, ra), (b, fb, rb) in pairwise(TRUNK_WIDTHS):
        if a <= at <= b:
            part = (at - a) / (b - a)
            return (at, fa + (fb - fa) * part, ra + (rb - ra) * part)
    return (at, *TRUNK_WIDTHS[0 if at < 0 else -1][1:])


def pelvis(body: Joints) -> Path:
    """From the buttocks to under the hem."""
    point, d = spot(body.spine, 0)
    right = (-left_of(d)[0], -left_of(d)[1])
    s = body.scale
    below = [moved(point, d, x * s, right, y * s) for x, y in ((-8, -17), (-14, -9), (-14.5, 0), (-10, 9))]
    return closed(trunk_points(body, 0, 0.9) + below)


def shirt(body: Joints) -> Path:
    return closed(trunk_points(body, HEM, 3.1))


def leg(limb: Limb, scale: float) -> tuple[Path, ...]:
    return (
        closed(outline(limb.root, limb.middle, THIGH_WIDTHS, scale)),
        closed(outline(limb.middle, limb.end, SHANK_WIDTHS, scale)),
        circle(limb.middle, 9.2 * scale),
    )


def foot(limb: Limb, scale: float, *, feet: str = "bare") -> Path:
    points = {"tiptoe": TIPTOE, "shoe": SHOE}.get(feet, FOOT)
    return closed(placed([(x, -y) for x, y in points] if limb.over else points, limb.end, limb.angle, scale))


def arm(limb: Limb, scale: float, *, fist: bool = False) -> tuple[Path, ...]:
    points = FIST if fist else HAND
    return (
        closed(outline(limb.root, limb.middle, UPPER_ARM_WIDTHS, scale)),
        closed(outline(limb.middle, limb.end, FOREARM_WIDTHS, scale)),
        closed(placed([(x, -y) for x, y in points] if limb.over else points, limb.end, limb.angle, scale)),
    )


def sleeve(limb: Limb, scale: float) -> Path:
    return closed(outline(limb.root, limb.middle, SLEEVE_WIDTHS, scale, round_ends=True))


def head(body: Joints, *, asleep: bool = False) -> list[Part]:
    """Neck, face and hair; the face looks a quarter turn from the top of the head."""
    turn = body.head_angle - 90
    s = body.scale
    throat = polar(body.head, turn - 90, 8 * s)
    neck = closed(outline(between(body.spine[2], body.nape, 0.86), throat, ((0, 8.4, 8.4), (1, 8, 8)), s))
    eye = polar(polar(body.head, turn, 9.6 * s), turn + 90, 0.6 * s)
    lid = smooth(placed([(7, -0.4), (9, 1), (11.4, 0.2)], body.head, turn, s))
    return [
        Part("skin", (neck, closed(placed(HEAD, body.head, turn, s)))),
        Part("hair", (closed(placed(HAIR, body.head, turn, s)),), halo=False),
        Part("lines", (lid,), halo=False) if asleep else Part("eye", (circle(eye, 1.5 * s),), halo=False),
    ]


def far_side(body: Joints, *, fists: bool = False, feet: str = "bare") -> list[Part]:
    """Arm and leg of the other side, paler; they lie behind everything."""
    s = body.scale
    return [
        Part("skin-far", arm(body.far_arm, s, fist=fists)),
        Part("shirt-far", (sleeve(body.far_arm, s),), halo=False, is_sleeve=True),
        Part("shoe-far" if feet == "shoe" else "skin-far", (foot(body.far_leg, s, feet=feet),)),
        Part("trousers-far", leg(body.far_leg, s), halo=False),
    ]


def near_leg(body: Joints, *, feet: str = "bare") -> list[Part]:
    s = body.scale
    return [
        Part("shoe" if feet == "shoe" else "skin", (foot(body.near_leg, s, feet=feet),)),
        Part("trousers", leg(body.near_leg, s)),
        Part("trousers", (pelvis(body),), halo=False),
    ]


def near_arm(body: Joints, *, fists: bool = False) -> list[Part]:
    s = body.scale
    return [
        Part("skin", arm(body.near_arm, s, fist=fists)),
        Part("shirt", (sleeve(body.near_arm, s),), is_sleeve=True),
        Part("shirt", (closed(trunk_points(body, 2.3, 3.06, inset=0.7)),), halo=False),
    ]


def for_water(part: Part) -> Part:
    """Bare legs and arms."""
    if part.tone in ("trousers", "trousers-far") and len(part.paths) > 1:
        return replace(part, tone=part.tone.replace("trousers", "skin"))
    if part.is_sleeve:
        return replace(part, paths=())
    return part


def trunk(body: Joints) -> list[Part]:
    return [Part("trousers", (pelvis(body),)), Part("shirt", (shirt(body),))]

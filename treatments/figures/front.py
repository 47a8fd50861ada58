"""The same body seen from the front: standing upright it would look at whoever looks."""

from dataclasses import dataclass

from clinic.ui.drawing import Path
from treatments.figures import body
from treatments.figures.body import Part, placed
from treatments.figures.geometry import Point, Profile, circle, closed, left_of, moved, outline, polar, smooth
from treatments.figures.skeleton import FOREARM, SHANK, THIGH, UPPER_ARM, Limb, Turn

SHOULDERS, HIPS = 24.0, 10.5  # from the middle line
SHOULDER_HEIGHT, HEAD_HEIGHT = 73.0, 101.0  # above the hips
THIGH_FRONT: Profile = ((0, 12.5, 12.5), (0.2, 13, 13), (0.5, 11.5, 11.5), (0.8, 9.6, 9.6), (1, 8.8, 8.8))
SHANK_FRONT: Profile = ((0, 8.6, 8.6), (0.28, 9.4, 9.4), (0.55, 7.8, 7.8), (0.8, 5.6, 5.6), (1, 5.2, 5.2))
# Height above the hips and half width.
PELVIS_FRONT = ((-15, 5), (-13, 14), (-6, 20.5), (3, 22.6), (14, 21.2), (24, 19))
SHIRT_FRONT = (
    (15, 21.6),
    (26, 19),
    (36, 18.4),
    (50, 20),
    (62, 22.6),
    (70, 25),
    (77, 24),
    (81, 16),
    (84.5, 8),
    (87, 6.6),
)
HEAD_FRONT = ((0, -17), (8, -15.4), (12.6, -8), (12.6, 0), (11.2, 8), (6.6, 14.8), (0, 17))
FOOT_FRONT = ((-5, -4), (-6, 4), (-7.6, 12), (-4.4, 17.6), (4.4, 17.6), (7.6, 12), (6, 4), (5, -4))


@dataclass(frozen=True)
class FrontPose:
    """`spine` is the way from the hips to the head. `up` is the side at the left of that way, `low` the other."""

    hip: Point
    spine: float
    head: float
    up_leg: Turn
    low_leg: Turn
    up_arm: Turn
    low_arm: Turn
    scale: float = 1.0


@dataclass(frozen=True)
class Front:
    """Somebody seen from the front. `belt` holds the thighs together; `ghost` shows the upper leg elsewhere too."""

    pose: FrontPose
    glows: tuple[str, ...] = ()
    belt: float | None = None
    eyes_closed: bool = False

    def parts(self) -> list[Part]:
        pose, s = self.pose, self.pose.scale
        low, up = limbs(pose)["low_leg"], limbs(pose)["up_leg"]
        return [
            *_arm(limbs(pose)["low_arm"], s),
            *_leg(low, s),
            *_leg(up, s),
            Part("trousers", (_around(pose, PELVIS_FRONT),), halo=False),
            *_glows(pose, self.glows),
            *_head(pose, closed_eyes=self.eyes_closed),
            Part("shirt", (_around(pose, SHIRT_FRONT),)),
            *_arm(limbs(pose)["up_arm"], s),
            Part("shirt", (_around(pose, SHIRT_FRONT[4:]),), halo=False),
        ]


@dataclass(frozen=True)
class FrontGhost:
    """Where the upper leg was before."""

    pose: FrontPose

    def parts(self) -> list[Part]:
        leg = limbs(self.pose)["up_leg"]
        return [Part("ghost", tuple(path for part in _leg(leg, self.pose.scale) for path in part.paths), halo=False)]


def limbs(pose: FrontPose) -> dict[str, Limb]:
    s = pose.scale
    chest = polar(pose.hip, pose.spine, SHOULDER_HEIGHT * s)
    aside = pose.spine + 90
    return {
        "up_leg": _limb(polar(pose.hip, aside - 180, HIPS * s), pose.up_leg, THIGH * s, SHANK * s),
        "low_leg": _limb(polar(pose.hip, aside, HIPS * s), pose.low_leg, THIGH * s, SHANK * s),
        "up_arm": _limb(polar(chest, aside - 180, SHOULDERS * s), pose.up_arm, UPPER_ARM * s, FOREARM * s),
        "low_arm": _limb(polar(chest, aside, SHOULDERS * s), pose.low_arm, UPPER_ARM * s, FOREARM * s),
    }


def _limb(root: Point, how: Turn, first: float, second: float) -> Limb:
    middle = polar(root, how.first, first * how.short[0])
    return Limb(root, middle, polar(middle, how.second, second * how.short[1]), how.end, how.over)


def _leg(limb: Limb, s: float) -> list[Part]:
    thigh = closed(outline(limb.root, limb.middle, THIGH_FRONT, s))
    shank = closed(outline(limb.middle, limb.end, SHANK_FRONT, s))
    foot = closed(placed(FOOT_FRONT, limb.end, limb.angle + 90, s))
    return [Part("skin", (foot,)), Part("trousers", (thigh, shank, circle(limb.middle, 8.8 * s)))]


def _arm(limb: Limb, s: float) -> list[Part]:
    return [Part("skin", body.arm(limb, s)), Part("shirt", (body.sleeve(limb, s),), halo=True)]


def _around(pose: FrontPose, rows: tuple[tuple[float, float], ...]) -> Path:
    """The same to both sides of the middle line."""
    d = polar((0, 0), pose.spine, 1)
    s = pose.scale
    one = [moved(pose.hip, d, height * s, left_of(d), width * s) for height, width in rows]
    other = [moved(pose.hip, d, height * s, left_of(d), -width * s) for height, width in reversed(rows)]
    return closed(one + other)


def _glows(pose: FrontPose, names: tuple[str, ...]) -> list[Part]:
    """At the outer side of the hip, on the upper or lower side."""
    d = polar((0, 0), pose.spine, 1)
    s, found = pose.scale, []
    ring = ((-16, 14), (-6, 19.4), (4, 20.6), (14, 18), (11, 12), (1, 9.6), (-9, 8.6))
    for name in names:
        side = -1 if name == "up" else 1
        found.append(
            Part("glow", (closed([moved(pose.hip, d, x * s, left_of(d), side * y * s) for x, y in ring]),), halo=False)
        )
    return found


def _head(pose: FrontPose, *, closed_eyes: bool) -> list[Part]:
    s = pose.scale
    nape = polar(pose.hip, pose.spine, 82 * s)
    at = polar(polar(pose.hip, pose.spine, 86 * s), pose.head, (HEAD_HEIGHT - 86) * s)
    turn = pose.head - 90
    face = [*HEAD_FRONT, *((-x, y) for x, y in HEAD_FRONT[-2:0:-1])]
    hair = (
        (-13.4, -1),
        (-14.4, -10),
        (-9, -18),
        (0, -20),
        (9, -18),
        (14.4, -10),
        (13.4, -1),
        (11.4, -7),
        (6, -11.4),
        (-4, -9.6),
        (-11, -7.6),
    )
    ears = [circle(placed([(x, 0.5)], at, turn, s)[0], 3 * s) for x in (-13, 13)]
    if closed_eyes:
        eyes = [smooth(placed([(x - 2.4, -0.6), (x, 0.6), (x + 2.4, -0.6)], at, turn, s)) for x in (-5, 5)]
    else:
        eyes = [circle(placed([(x, -0.6)], at, turn, s)[0], 1.5 * s) for x in (-5, 5)]
    neck = closed(outline(nape, at, ((0, 7.4, 7.4), (1, 7.4, 7.4)), s))
    mouth = smooth(placed([(-3.6, 8.4), (-1.4, 9.3), (1.4, 9.3), (3.6, 8.4)], at, turn, s))
    return [
        Part("skin", (neck, *ears, closed(placed(face, at, turn, s)))),
        Part("hair", (closed(placed(hair, at, turn, s)),), halo=False),
        Part("lines" if closed_eyes else "eye", tuple(eyes), halo=False),
        Part("lines", (mouth,), halo=False),
    ]

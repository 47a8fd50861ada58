"""One body, seen from the side, its front to the right when it stands. Lengths are parts of a height of 250."""

from dataclasses import dataclass, field

from treatments.figures.geometry import Point, bend, polar

PELVIS, LUMBAR, THORAX, NECK = 24.0, 22.0, 34.0, 20.0
SHOULDER = 0.75  # of the way along the thorax
THIGH, SHANK = 61.0, 60.0
UPPER_ARM, FOREARM = 45.0, 38.0


@dataclass(frozen=True)
class Turn:
    """A limb by the angles of its parts; `end` is that of the hand or foot.

    `short` are the parts of their lengths that are seen when they point towards whoever looks; `over` turns the hand or
    foot over.
    """

    first: float
    second: float
    end: float
    short: tuple[float, float] = (1, 1)
    over: bool = False


@dataclass(frozen=True)
class Reach:
    """A limb whose ankle or wrist is at a place of the drawing; `flip` bends it the other way than usual."""

    x: float
    y: float
    end: float
    flip: bool = False
    over: bool = False


@dataclass(frozen=True)
class Pose:
    """Where the hip is and how every part lies. `far` says how far the limbs of the other side are shifted."""

    hip: Point
    pelvis: float
    lumbar: float
    thorax: float
    neck: float
    head: float  # which way the top of the head points
    near_leg: Turn | Reach
    far_leg: Turn | Reach
    near_arm: Turn | Reach
    far_arm: Turn | Reach
    scale: float = 1.0
    far_hip: Point = (3.0, -3.0)
    far_shoulder: Point = (3.0, -3.0)


@dataclass(frozen=True)
class Limb:
    """Root, middle joint and end of a leg or arm, and the angle of its foot or hand."""

    root: Point
    middle: Point
    end: Point
    angle: float
    over: bool = False


@dataclass(frozen=True)
class Joints:
    """Where everything is in the drawing."""

    spine: tuple[Point, ...]  # hip, waist, ribs, nape
    head: Point
    head_angle: float
    near_leg: Limb
    far_leg: Limb
    near_arm: Limb
    far_arm: Limb
    scale: float = field(default=1.0)

    @property
    def hip(self) -> Point:
        return self.spine[0]

    @property
    def nape(self) -> Point:
        return self.spine[3]


def joints(pose: Pose) -> Joints:
    """The pose worked out. Raises ValueError when a limb cannot reach where it should."""
    s = pose.scale
    waist = polar(pose.hip, pose.pelvis, PELVIS * s)
    ribs = polar(waist, pose.lumbar, LUMBAR * s)
    nape = polar(ribs, pose.thorax, THORAX * s)
    shoulder = polar(ribs, pose.thorax, THORAX * SHOULDER * s)
    far_hip = (pose.hip[0] + pose.far_hip[0] * s, pose.hip[1] + pose.far_hip[1] * s)
    far_shoulder = (shoulder[0] + pose.far_shoulder[0] * s, shoulder[1] + pose.far_shoulder[1] * s)
    return Joints(
        spine=(pose.hip, waist, ribs, nape),
        head=polar(nape, pose.neck, NECK * s),
        head_angle=pose.head,
        near_leg=_limb(pose.hip, pose.near_leg, THIGH * s, SHANK * s, to_left=True),
        far_leg=_limb(far_hip, pose.far_leg, THIGH * s, SHANK * s, to_left=True),
        near_arm=_limb(shoulder, pose.near_arm, UPPER_ARM * s, FOREARM * s, to_left=False),
        far_arm=_limb(far_shoulder, pose.far_arm, UPPER_ARM * s, FOREARM * s, to_left=False),
        scale=s,
    )


def _limb(root: Point, how: Turn | Reach, first: float, second: float, *, to_left: bool) -> Limb:
    if isinstance(how, Turn):
        middle = polar(root, how.first, first * how.short[0])
        return Limb(root, middle, polar(middle, how.second, second * how.short[1]), how.end, how.over)
    middle = bend(root, (how.x, how.y), first, second, to_left=to_left != how.flip)
    return Limb(root, middle, (how.x, how.y), how.end, how.over)

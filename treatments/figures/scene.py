"""What stands in a drawing: bodies, their earlier position, arrows and things. Each gives parts, drawn in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from clinic.ui.drawing import Path
from treatments.figures import body
from treatments.figures.body import Part
from treatments.figures.geometry import (
    Point,
    between,
    circle,
    closed,
    direction,
    left_of,
    moved,
    outline,
    polar,
    rounded,
    smooth,
    straight,
)
from treatments.figures.glow import glow
from treatments.figures.skeleton import Pose, joints

WIDTH, HEIGHT = 320, 220


class Item(Protocol):
    def parts(self) -> list[Part]: ...


@dataclass(frozen=True, eq=False)  # itself and no other: what is made of it is kept
class Figure:
    """A drawing; `label` says in words what is seen."""

    label: str | Promise
    items: Sequence[Item]

    def parts(self) -> list[Part]:
        return [part for item in self.items for part in item.parts()]


@dataclass(frozen=True)
class Body:
    """Somebody in a pose. `between` lies behind the near side and before the far side, `over` before the near leg."""

    pose: Pose
    glows: tuple[str, ...] = ()
    between: tuple[Item, ...] = ()
    over: tuple[Item, ...] = ()
    fists: bool = False
    arm_behind: bool = False
    tiptoe: bool = False
    shoes: bool = False
    asleep: bool = False
    swims: bool = False

    def parts(self) -> list[Part]:
        it = joints(self.pose)
        feet = "tiptoe" if self.tiptoe else "shoe" if self.shoes else "bare"
        arm = body.near_arm(it, fists=self.fists)
        parts = [
            *body.far_side(it, fists=self.fists, feet=feet),
            *(part for item in self.between for part in item.parts()),
            *body.head(it, asleep=self.asleep),
            *body.trunk(it),
            *(arm if self.arm_behind else ()),
            *body.near_leg(it, feet=feet),
            *(Part("glow", (glow(it, name),), halo=False) for name in self.glows),
            *(part for item in self.over for part in item.parts()),
            *(() if self.arm_behind else arm),
        ]
        return [body.for_water(part) for part in parts] if self.swims else parts


@dataclass(frozen=True)
class Ghost:
    """Where somebody was before, or is every other time: one pale shape. `only` leaves all but these parts out."""

    pose: Pose
    only: tuple[str, ...] = ("head", "trunk", "legs", "arms")

    def parts(self) -> list[Part]:
        it, s = joints(self.pose), self.pose.scale
        paths = []
        if "arms" in self.only:
            paths += [*body.arm(it.far_arm, s), *body.arm(it.near_arm, s)]
        if "legs" in self.only:
            paths += [body.foot(it.far_leg, s), *body.leg(it.far_leg, s)]
        if "legs" in self.only or "leg" in self.only:
            paths += [body.foot(it.near_leg, s), *body.leg(it.near_leg, s)]
        if "arm" in self.only:
            paths += body.arm(it.near_arm, s)
        if "trunk" in self.only:
            paths += [body.pelvis(it), body.shirt(it)]
        if "head" in self.only:
            paths += [path for part in body.head(it)[:2] for path in part.paths]
        return [Part("ghost", tuple(paths), halo=False)]


@dataclass(frozen=True)
class Arrow:
    """A movement along a smooth line; `both` goes there and back."""

    points: tuple[Point, ...]
    both: bool = False
    size: float = 9.0

    def parts(self) -> list[Part]:
        heads = [self._head(self.points[-2], self.points[-1])]
        if self.both:
            heads.append(self._head(self.points[1], self.points[0]))
        return [Part("move", (smooth(self.points), *heads))]

    def _head(self, before: Point, tip: Point) -> Path:
        d = direction(before, tip)
        aside = left_of(d)
        wing = self.size
        return straight([moved(tip, d, -wing, aside, wing * 0.8), tip, moved(tip, d, -wing, aside, -wing * 0.8)])


@dataclass(frozen=True)
class Mat:
    """What one lies on: seen a little from above, so that both sides of a body find their place on it."""

    x0: float
    x1: float
    y: float

    def parts(self) -> list[Part]:
        a, b, y = self.x0, self.x1, self.y
        top = straight([(a, y + 5), (a + 9, y - 9), (b - 9, y - 9), (b, y + 5)], close=True)
        edge = straight([(a, y + 5), (b, y + 5), (b, y + 9), (a, y + 9)], close=True)
        return [Part("mat", (top,), halo=False), Part("mat-edge", (edge,), halo=False)]


@dataclass(frozen=True)
class Floor:
    x0: float
    x1: float
    y: float

    def parts(self) -> list[Part]:
        return [Part("floor", (straight([(self.x0, self.y), (self.x1, self.y)]),), halo=False)]


@dataclass(frozen=True)
class Block:
    """A thing with corners: chair, step, wall."""

    corners: tuple[Point, ...]
    tone: str = "prop"

    def parts(self) -> list[Part]:
        return [Part(self.tone, (straight(self.corners, close=True),))]


@dataclass(frozen=True)
class Sheet:
    """A mat, bed or pillow from above."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 12
    tone: str = "mat"

    def parts(self) -> list[Part]:
        path = rounded(self.x, self.y, self.width, self.height, self.radius)
        return [Part(self.tone, (path,), halo=self.tone == "prop")]


@dataclass(frozen=True)
class Cushion:
    """A thing without corners: pillow, ball, bubble."""

    points: tuple[Point, ...]
    tone: str = "prop"

    def parts(self) -> list[Part]:
        return [Part(self.tone, (closed(self.points),))]


@dataclass(frozen=True)
class Dots:
    places: tuple[Point, ...]
    radius: float
    tone: str = "prop"

    def parts(self) -> list[Part]:
        return [Part(self.tone, tuple(circle(place, self.radius) for place in self.places), halo=False)]


@dataclass(frozen=True)
class Ring:
    """Holds a little scene together."""

    at: Point
    radius: float

    def parts(self) -> list[Part]:
        return [Part("ring", (circle(self.at, self.radius),), halo=False)]


@dataclass(frozen=True)
class Line:
    """A strap, a wave, a thin thing."""

    points: tuple[Point, ...]
    tone: str = "strap"
    is_smooth: bool = True

    def parts(self) -> list[Part]:
        return [Part(self.tone, (smooth(self.points) if self.is_smooth else straight(self.points),), halo=False)]


@dataclass(frozen=True)
class Clock:
    """Hold it for a while."""

    at: Point
    radius: float = 13

    def parts(self) -> list[Part]:
        x, y = self.at
        hands = straight([(x, y - self.radius * 0.58), (x, y), (x + self.radius * 0.42, y + self.radius * 0.24)])
        return [Part("sign", (circle(self.at, self.radius), hands), halo=False)]


def dotted(a: Point, b: Point, count: int) -> Dots:
    """What is to stay straight."""
    return Dots(tuple(between(a, b, n / (count - 1)) for n in range(count)), 1.7, "guide")


def bolster(a: Point, b: Point, thick: float) -> Cushion:
    """A long pillow from a to b."""
    half = thick / 2
    return Cushion(
        tuple(outline(a, b, ((0.06, half * 0.9, half * 0.9), (0.5, half, half), (0.94, half * 0.9, half * 0.9))))
    )


def moon(at: Point, radius: float) -> Cushion:
    """A waning one: it is night."""
    outer = [polar(at, angle, radius) for angle in range(70, 311, 30)]
    inner = [
        polar((at[0] + radius * 0.5, at[1] - radius * 0.2), angle, radius * 0.82) for angle in range(275, 100, -35)
    ]
    return Cushion((*outer, *inner), "moon")


def pillow(x: float, y: float, width: float, height: float) -> Cushion:
    """Lying flat, its lower edge at y."""
    w, h = width / 2, height
    return Cushion(
        (
            *((x - w, y - h * 0.5), (x - w * 0.86, y - h * 0.92), (x, y - h), (x + w * 0.86, y - h * 0.92)),
            *((x + w, y - h * 0.5), (x + w * 0.86, y - h * 0.06), (x, y), (x - w * 0.86, y - h * 0.06)),
        )
    )

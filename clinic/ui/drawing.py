"""Plain shapes that a page and a PDF draw alike: no names, no colours of a page, only where lines and fills go."""

from collections.abc import Sequence
from dataclasses import dataclass

Command = tuple[
    str, tuple[float, ...]
]  # ("M", (x, y)), ("L", (x, y)), ("C", (six numbers)), ("Z", ()); y grows downwards
Path = tuple[Command, ...]


@dataclass(frozen=True)
class Shape:
    """A path with its paint: `fill` and `stroke` as "#rrggbb" or None; a `halo` is stroked before the fill."""

    path: Path
    fill: str | None = None
    stroke: str | None = None
    stroke_width: float = 0
    halo: str | None = None
    halo_width: float = 0


@dataclass(frozen=True)
class Drawing:
    """Shapes on a field of `width` by `height`; `label` says in words what is seen."""

    shapes: Sequence[Shape]
    width: float
    height: float
    label: str

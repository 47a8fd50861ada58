"""A signature as it was drawn: strokes of whole numbers x, y, x, y, … on a field whose size is named with them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Strokes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Strokes and their field."""

    strokes: Strokes = ()
    width: int = 1000
    height: int = 320

    @property
    def box(self) -> str:
        return f"0 0 {self.width} {self.height}"

    @property
    def path(self) -> str:
        """SVG path data; a dot becomes a short line, so that round ends show it."""
        return "".join(_path_of(stroke) for stroke in self.strokes)


def drawn(kept: Mapping[str, Any] | str | None) -> Drawn:
    """What was kept of a signature, as JSON or read already; nothing drawn when nothing is legible."""
    try:
        given = json.loads(kept) if isinstance(kept, str) else kept
        strokes = tuple(tuple(int(number) for number in stroke) for stroke in given["strokes"])  # type: ignore[index]
        width, height = int(given["width"]), int(given["height"])  # type: ignore[index]
    except (ValueError, TypeError, KeyError):
        return Drawn()
    if width <= 0 or height <= 0:
        return Drawn()
    return Drawn(tuple(stroke for stroke in strokes if len(stroke) >= 2 and len(stroke) % 2 == 0), width, height)


def _path_of(stroke: tuple[int, ...]) -> str:
    x, y, *rest = stroke
    if not rest:
        return f"M{x} {y}h1"
    pairs = " ".join(f"{rest[i]} {rest[i + 1]}" for i in range(0, len(rest) - 1, 2))
    return f"M{x} {y}L{pairs}"

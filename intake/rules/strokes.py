"""Freehand lines over the figure: read strictly, kept as whole numbers, never as markup."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

VIEWS = ("front", "back", "left", "right", "soles")
MOST_LINES, MOST_NUMBERS, LARGEST, LONGEST_TEXT = 20, 2_000, 2_000, 16_000


@dataclass(frozen=True, slots=True)
class Stroke:
    """Lines drawn over one view, each x, y, x, y, … in the view's own units."""

    view: str
    lines: tuple[tuple[int, ...], ...]

    @property
    def path(self) -> str:
        """As path data; nothing but numbers can be in it."""
        return "".join(_line(line) for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        return {"view": self.view, "lines": [list(line) for line in self.lines]}

    def as_text(self) -> str:
        return json.dumps(self.as_json(), separators=(",", ":"))


def _line(line: tuple[int, ...]) -> str:
    points = [f"{x} {y}" for x, y in zip(line[::2], line[1::2], strict=True)]
    return "M" + "L".join(points)


def parse(text: str) -> Stroke | None:
    """What a browser sent, read and written anew; None without a line. Raises ValueError with words for people."""
    if not text.strip():
        return None
    if len(text) > LONGEST_TEXT:
        raise ValueError(_("This drawing is too long. Take a line back, or clear it."))
    try:
        return read(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(_("This drawing could not be read. Clear it and draw again.")) from None


def read(given: Any) -> Stroke | None:
    """A stroke from its JSON. Raises ValueError, TypeError or KeyError for anything else."""
    if given is None:
        return None
    view, rows = given["view"], given["lines"]
    if view not in VIEWS or type(rows) is not list or len(rows) > MOST_LINES:
        raise ValueError
    lines = tuple(tuple(_whole(number) for number in row) for row in rows)
    if sum(map(len, lines)) > MOST_NUMBERS or any(len(line) % 2 for line in lines):
        raise ValueError
    kept = tuple(line for line in lines if len(line) >= 4)
    return Stroke(view, kept) if kept else None


def _whole(number: Any) -> int:
    if type(number) is not int or not 0 <= number <= LARGEST:
        raise ValueError
    return number

"""Pain drawings side by side, and what changed between them."""

from dataclasses import dataclass
from typing import Any

from clinic.people.models import Client
from intake.body_map import best_view
from intake.knowledge import source
from intake.models import PainDrawing
from intake.rules import Mark
from intake.templatetags.body_map import as_mark
from treatments.rules.changes import Change, changes


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing as the page shows it: its marks and how strong each is, strongest first."""

    drawing: PainDrawing
    marks: list[Mark]

    @property
    def levels(self) -> list[int]:
        return sorted({mark.intensity for mark in self.marks if mark.intensity is not None}, reverse=True)[:3]

    @property
    def reaches_further(self) -> bool:
        return any(mark.spreads_to for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Maps:
    """The newest drawing, those before it, and the view that shows most of all of them."""

    drawings: list[Drawing]
    view: str
    changes: list[Change]

    @property
    def now(self) -> Drawing | None:
        return self.drawings[0] if self.drawings else None

    @property
    def earlier(self) -> list[Drawing]:
        return self.drawings[1:]

    @property
    def oldest_first(self) -> list[Drawing]:
        return self.drawings[::-1]


def maps_of(client: Client, *, before: Any = None, most: int = 4) -> Maps:
    """The newest drawings of a client, those drawn until `before` if given: two queries."""
    rows = PainDrawing.objects.for_client(client)
    if before is not None:
        rows = rows.filter(drawn_at__lt=before)
    drawings = [Drawing(row, [as_mark(mark) for mark in row.marks.all()]) for row in rows[:most]]
    everything = [mark for drawing in drawings for mark in drawing.marks]
    differences = changes(drawings[0].marks, drawings[1].marks, qualities=_qualities()) if len(drawings) > 1 else []
    return Maps(drawings, best_view(everything), differences)


def _qualities() -> dict[str, str]:
    return {row["code"]: row["label"] for row in source.entries("qualities")}

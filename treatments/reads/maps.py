"""Pain drawings side by side, and what changed between them."""

from dataclasses import dataclass
from typing import Any

from clinic.people.models import Client
from intake.body_map import best_view, quality_words
from intake.models import PainDrawing
from intake.reads.drawings import Drawing, shown
from intake.rules.comparing import Change, changes


@dataclass(frozen=True, slots=True)
class Maps:
    """The newest drawing, those before it, and the view for all of them: the one that shows where it hurts now."""

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
    drawings = [shown(row) for row in rows[:most]]
    now = drawings[0].marks if drawings else ()
    earlier = [mark for drawing in drawings[1:] for mark in drawing.marks]
    differences = changes(drawings[0].marks, drawings[1].marks, qualities=quality_words()) if len(drawings) > 1 else []
    return Maps(drawings, best_view(now, earlier), differences)

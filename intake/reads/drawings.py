"""Pain drawings: one, two beside each other, all of a client in the order they were drawn."""

import itertools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.people.models import Client
from intake.body_map import place_words, quality_words
from intake.figures import as_mark, views_for
from intake.models import PainDrawing
from intake.rules import Mark
from intake.rules.comparing import Change, changes, sentence


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing as a page shows it: its marks and how strong each is, strongest first."""

    drawing: PainDrawing
    marks: list[Mark]

    @property
    def levels(self) -> list[int]:
        return sorted({mark.intensity for mark in self.marks if mark.intensity is not None}, reverse=True)[:3]

    @property
    def reaches_further(self) -> bool:
        return any(mark.spreads_to for mark in self.marks)

    @property
    def views(self) -> list[str]:
        return views_for(self.marks)


@dataclass(frozen=True, slots=True)
class Visit:
    """A drawing and, in words, what changed since the one before it."""

    shown: Drawing
    words: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two drawings from the same sides of the body, and what changed from one to the other."""

    before: Drawing
    now: Drawing

    @property
    def views(self) -> list[str]:
        return views_for([*self.now.marks, *self.before.marks])

    @property
    def changes(self) -> list[Change]:
        return changes(self.now.marks, self.before.marks, qualities=quality_words())

    @property
    def words(self) -> str:
        return sentence(self.changes, place=place_words)


def shown(row: PainDrawing) -> Drawing:
    """No query when the marks are prefetched."""
    return Drawing(row, [as_mark(mark) for mark in row.marks.all()])


def drawings_of(client: Client) -> list[Drawing]:
    """All drawings of a person, oldest first: three queries."""
    rows = PainDrawing.objects.of_client(client).select_related("drawn_by").prefetch_related("marks")
    return [shown(row) for row in rows.order_by("drawn_at", "pk")]


def visits_of(drawings: Sequence[Drawing]) -> list[Visit]:
    """Each drawing with its change since the one before."""
    first = [Visit(drawings[0], "")] if drawings else []
    return first + [Visit(now, Pair(before, now).words) for before, now in itertools.pairwise(drawings)]


def pair_of(drawings: Sequence[Drawing], before: str, now: str) -> Pair | None:
    """The two that were asked for; else the first and the newest. None with fewer than two."""
    if len(drawings) < 2:
        return None
    known = {str(drawing.drawing.pk): drawing for drawing in drawings}
    return Pair(known.get(_plain(before), drawings[0]), known.get(_plain(now), drawings[-1]))


def _plain(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""

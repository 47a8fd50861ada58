"""What stands on a note's page beside the form: the visit before, the course, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from intake.models import RangeOfMotion
from scheduling.models import Appointment
from treatments.forms import DoseForm, DraftForms, EpisodeForm
from treatments.models import Finding, SessionNote
from treatments.reads.adherence import adherence_of
from treatments.reads.assessing import assessing
from treatments.reads.before import flags_of, head, prescriptions_of
from treatments.reads.carried import carried_in, templates_for
from treatments.reads.course import courses_of
from treatments.reads.maps import maps_of
from treatments.reads.subjective import subjective
from treatments.reads.techniques import technique_chips
from treatments.rules import signing
from treatments.rules.signing import TEXTS
from treatments.services import previous_note

BAR = 96  # width of a normal range in the small chart


@dataclass(frozen=True, slots=True)
class Measured:
    """One side of one movement: its boxes, and the last visit's value."""

    side: str
    angle: BoundField
    pain: BoundField
    last: int | None

    @property
    def value(self) -> int | None:
        given = self.angle.value()
        try:
            return int(given)
        except (TypeError, ValueError):
            return None

    @property
    def delta(self) -> str:
        """ "+7" against the last visit."""
        if self.value is None or self.last is None:
            return ""
        return f"{self.value - self.last:+d}" if self.value != self.last else "±0"


@dataclass(frozen=True, slots=True)
class MovementRow:
    movement: RangeOfMotion
    first: Measured
    other: Measured

    @property
    def label(self) -> str:
        """ "Flexion" under the heading "Hip"."""
        return self.movement.label.removeprefix("Hip ").capitalize()

    @property
    def normal(self) -> int | None:
        normal = self.movement.data.get("normal")
        return int(normal) if normal else None

    @property
    def bar(self) -> float:
        return self._width(self.first.value)

    @property
    def last_bar(self) -> float | None:
        return None if self.first.last is None else self._width(self.first.last)

    def _width(self, value: int | None) -> float:
        if not value or not self.normal:
            return 0
        return round(min(max(value / self.normal, 0), 1) * BAR, 1)


def editor(note: SessionNote, forms: DraftForms) -> dict[str, Any]:
    """Everything on the editor's page. Queries: under thirty, however long the client's history."""
    appointment = note.appointment
    client, episode = note.client, note.episode
    context = head(appointment, episode)
    previous = previous_note(note)
    prescriptions = prescriptions_of(episode)
    row_count = len(forms.findings) + len(note.techniques.all())
    flags = flags_of(client)
    has_open_emergency = any(flag.is_open_emergency for flag in flags)
    missing = list(signing.lacks(note, row_count=row_count, has_open_emergency=has_open_emergency))
    courses = courses_of([episode], appointment.zone)[episode.pk] if episode else []
    maps = maps_of(client, before=appointment.during.upper, most=2)
    return context | {
        "note": note,
        "forms": forms,
        "episode_form": EpisodeForm(lists=forms.lists, marks=maps.now.marks if maps.now else ()),
        "dose_form": DoseForm(lists=forms.lists, condition=episode.condition.code if episode else ""),
        "flags": flags,
        "previous": previous,
        "previous_texts": [(name, getattr(previous, name)) for name in TEXTS] if previous else [],
        "maps": maps,
        "course": courses[0] if courses else None,
        "sides": sides_of(note),
        "movements": movement_rows(forms, previous, sides_of(note)),
        "copied": carried_in(note, previous),
        "prescriptions": prescriptions,
        "adherence": adherence_of(prescriptions, appointment.zone),
        "next_visit": next_visit(note),
        "missing": missing,
        "lacks": [(lack, lack in missing) for lack in signing.ALL],
        "templates": templates_for(note),
        **subjective(note, forms),
        **technique_chips(note, forms.lists.words, previous=previous, alerts=context["alerts"]),
        "minutes": sum(row.duration_minutes or 0 for row in note.techniques.all()),
        **assessing(note, forms, courses=courses, session=context["session_number"]),
    }


def sides_of(note: SessionNote) -> tuple[str, str]:
    """The side the episode is about stands first."""
    return ("left", "right") if note.episode and note.episode.side == "left" else ("right", "left")


def movement_rows(forms: DraftForms, previous: SessionNote | None, sides: tuple[str, str]) -> list[MovementRow]:
    last = _angles(previous.findings.all()) if previous else {}

    def measured(code: str, side: str) -> Measured:
        name = f"{code}-{side}"
        return Measured(side, forms.ranges[name], forms.ranges[f"{name}-pain"], last.get((code, side)))

    first, other = sides
    return [
        MovementRow(movement, measured(movement.code, first), measured(movement.code, other))
        for movement in forms.lists.words.movements
    ]


def _angles(findings: Iterable[Finding]) -> dict[tuple[str, str], int]:
    rows = (row for row in findings if row.kind == Finding.Kind.RANGE_OF_MOTION)
    return {(row.code, row.side): row.angle_degrees for row in rows if row.angle_degrees is not None}


def next_visit(note: SessionNote) -> Appointment | None:
    later = Appointment.objects.active().filter(
        client=note.client_id, during__startswith__gt=note.appointment.during.lower
    )
    return later.select_related("location").only("during", "location__timezone").order_by("during").first()

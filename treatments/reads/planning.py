"""What the plan of a note offers: techniques for next time, contributors to talk about, the next booking."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from intake.answers import answers_of, in_words
from intake.form_cache import form_of
from intake.models import LifestyleQuestion, Response
from treatments.models import SessionNote
from treatments.vocabulary import at_hand

MOST_CHIPS = 8


@dataclass(frozen=True, slots=True)
class Chip:
    """Something to tick, with what the client said of it and what is known."""

    code: str
    label: str
    is_on: bool
    answer: str = ""
    entry: Any = None

    @property
    def use(self) -> str:
        return str(self.entry.data.get("use") or "") if self.entry else ""


def technique_chips(note: SessionNote, chosen: Iterable[str]) -> tuple[list[Chip], list[Chip]]:
    """At once those chosen, done today and named by the knowledge for the condition; the others behind them."""
    words, picked = at_hand(), set(chosen)
    known = {word.code: word for word in words.techniques}
    condition = words.whole_conditions.get(note.episode.condition.code) if note.episode else None
    first = dict.fromkeys(
        [
            *picked,
            *(row.technique.code for row in note.techniques.all()),
            *((condition.data.get("techniques") or ()) if condition else ()),
        ]
    )
    order = [code for code in first if code in known]
    chips = {code: Chip(code, word.label, code in picked) for code, word in known.items()}
    at_once = order[: max(MOST_CHIPS, len(picked))]
    return [chips[code] for code in at_once], [chip for code, chip in chips.items() if code not in at_once]


def advice_chips(response: Response | None, chosen: Iterable[str]) -> tuple[list[Chip], list[Chip]]:
    """At once what the client answered, with the answer; the other contributors behind it."""
    picked = set(chosen)
    said = said_of_contributors(response)
    rows = at_hand().contributors.items()
    chips = [Chip(code, row.label, code in picked, said.get(code, ""), row) for code, row in rows]
    return (
        [chip for chip in chips if chip.answer or chip.is_on],
        [chip for chip in chips if not (chip.answer or chip.is_on)],
    )


def said_of_contributors(response: Response | None) -> dict[str, str]:
    """The client's answers in words, by contributor. No query: forms are in memory."""
    if response is None:
        return {}
    answers, known = answers_of(response), at_hand().contributors
    items = (item for item in form_of(response.questionnaire).by_link_id.values() if item.code in known)
    return {item.code: words for item in items if (words := in_words(item, answers))}


def talked_about(note: SessionNote) -> list[LifestyleQuestion]:
    """The contributors a note gave advice on, as far as they are still known."""
    known = at_hand().contributors
    return [known[code] for code in note.advice if code in known]


def techniques_next(note: SessionNote) -> list[Any]:
    known = {row.code: row for row in at_hand().whole_techniques.values()}
    return [known[code] for code in note.next_techniques if code in known]


def booking_url(note: SessionNote) -> str:
    """The booking sheet for the next visit, from the day it is due; it comes back to the note."""
    appointment = note.appointment
    wanted = {
        "client": note.client_id,
        "service": appointment.service_id,
        "therapist": appointment.therapist_id,
        "location": appointment.location_id,
        "next": f"{reverse('treatments:note-edit', args=[note.pk])}#plan",
    }
    if note.visit_every_days:
        day = appointment.during.lower.astimezone(appointment.zone).date() + dt.timedelta(days=note.visit_every_days)
        wanted["from"] = day.isoformat()
    return f"{reverse('scheduling:appointment-create')}?{urlencode(wanted)}"

"""The client's own answers in a note: taken over with one tap, marked as theirs, never edited."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import User
from intake.answers import summary
from intake.models import Response
from intake.scores import nprs
from treatments.models import SessionNote
from treatments.services.notes import lock_draft, save_draft

# What stands in the pain boxes and on the map is not said again in words.
ELSEWHERE = ("Where it hurts", "Average pain", "Pain now", "Worst pain")
FRESH = dt.timedelta(days=60)  # older answers say how it was, not how it is


def answers_for(note: SessionNote) -> Response | None:
    """The newest form the client completed since the session before, not older than FRESH (two queries)."""
    during = note.appointment.during
    before = SessionNote.objects.of_client(note.client).before(during.lower)
    last = before.values_list("appointment__during", flat=True).first()
    since = max(during.upper - FRESH, last.lower) if last else during.upper - FRESH
    rows = Response.objects.completed().filter(client=note.client_id, completed_at__range=(since, during.upper))
    long = ("definition", "source_text", "report")
    rows = rows.select_related("questionnaire").defer(*(f"questionnaire__{name}" for name in long))
    newest: Response | None = rows.order_by("-completed_at").first()
    return newest


def pains_of(response: Response) -> dict[str, int]:
    """The pain boxes a form fills: those it asked for and the client answered."""
    found = nprs(response)
    names = {"now": "pain_now", "worst": "pain_worst", "average": "pain_average"}
    return {names[which]: value for which, value in found.items() if value is not None}


def answered_pairs(response: Response) -> list[list[str]]:
    return [[label, value] for label, value in summary(response) if label not in ELSEWHERE]


@transaction.atomic
def import_answers(*, note: SessionNote, by: User, version: int) -> SessionNote:
    """Take over the client's answers, and their pain where nobody gave another. Raises Refused when there are none."""
    note = lock_draft(note=note, by=by)
    response = answers_for(note)
    if response is None:
        raise Refused(_("The client has not answered a form before this session."), code="no-answers")
    pains: Any = {name: value for name, value in pains_of(response).items() if getattr(note, name) is None}
    note = save_draft(note=note, by=by, version=version, changes=pains)
    note.client_answers, note.answers_from = answered_pairs(response), response
    return _save(note, by, "note.answers-imported", response)


@transaction.atomic
def remove_answers(*, note: SessionNote, by: User, version: int) -> SessionNote:
    """Take the client's answers out again; the pain that came with them stays, as typed."""
    note = save_draft(note=note, by=by, version=version, changes={})
    if not note.answers_from_id:
        return note
    response = note.answers_from
    note.client_answers, note.answers_from = [], None
    return _save(note, by, "note.answers-removed", response)


def _save(note: SessionNote, by: User, event: str, response: Response | None) -> SessionNote:
    note.version += 1
    note.save(update_fields=["client_answers", "answers_from", "version", "updated_at"])
    changes = {"response": str(response.pk) if response else ""}
    audit.record(by, event, note, client=note.client, changes=changes)
    return note

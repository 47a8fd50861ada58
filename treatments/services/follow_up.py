"""One question some days after a session: asked once, answered once."""

import datetime as dt
from typing import cast

from django.db import transaction

from clinic.audit import services as audit
from clinic.core import clock
from clinic.messaging.models import ClientLink, Purpose
from clinic.messaging.services import enqueue
from intake.fhir import Answers
from intake.form_cache import form_of
from intake.services import complete_response, invite, open_drafts, save_answers
from treatments.models import FollowUp, SessionNote
from treatments.outcomes.services import record_score
from treatments.services.notes import PAIN_MEASURE

FORM = "follow-up"
QUESTION = "nprs.average"
LINK_LIVES = dt.timedelta(days=14)


@transaction.atomic
def ask_follow_up(*, note: SessionNote) -> FollowUp | None:
    """Put the question for one session into the outbox. None when it was asked before, or the client wants no mail."""
    note = (
        SessionNote.objects.select_for_update(of=("self",))
        .select_related("client", "appointment__location")
        .get(pk=note.pk)
    )
    if FollowUp.objects.filter(note=note).exists():
        return None
    now = clock.now()
    appointment = note.appointment
    invitation, _token = invite(
        client=note.client,
        forms=[FORM],
        by=None,
        purpose=Purpose.FOLLOW_UP,
        expires_at=now + LINK_LIVES,
        location=appointment.location,
    )
    message = enqueue(
        purpose=Purpose.FOLLOW_UP,
        dedupe_key=f"follow_up:{note.pk}",
        location=appointment.location,
        client=note.client,
        link=invitation.link,
        about_id=appointment.pk,
        about_at=appointment.during.lower,
        expires_at=now + LINK_LIVES,
    )
    if message is None:
        transaction.set_rollback(True)
        return None
    asked = FollowUp.objects.create(note=note, invitation=invitation, asked_at=now)
    audit.record(None, "follow-up.asked", asked, client=note.client)
    return asked


@transaction.atomic
def answer_follow_up(*, link: ClientLink, average: int, comment: str = "") -> bool:
    """Keep the answer as a form, a score and a word to the therapist. False when it was answered before."""
    asked = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("note__episode", "note__client", "invitation")
        .get(invitation__link=link)
    )
    if asked.response_id is not None:
        return False
    (response,) = open_drafts(invitation=asked.invitation)
    (section,) = form_of(response.questionnaire).sections
    save_answers(response=response, section=section, given=Answers(values={QUESTION: [average]}), is_settled=True)
    response = complete_response(response=response)
    if asked.note.episode is not None:
        record_score(
            episode=asked.note.episode,
            measure_code=PAIN_MEASURE,
            value=average,
            recorded_at=cast(dt.datetime, response.completed_at),
            response=response,
        )
    asked.response, asked.answered_at, asked.comment = response, response.completed_at, comment.strip()
    asked.save()
    audit.record(link, "follow-up.answered", asked, client=asked.note.client)
    return True

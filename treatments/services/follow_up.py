"""How it went, some days after a session: asked once, answered once."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from clinic.audit import services as audit
from clinic.core import clock
from clinic.messaging.models import ClientLink, Purpose
from clinic.messaging.services import enqueue
from intake.answers import answers_of
from intake.fhir import Answers
from intake.form_cache import form_of
from intake.services import complete_response, invite, open_drafts, save_answers
from treatments.models import FollowUp, SessionNote
from treatments.services.scores import record_answers

FORM = "follow-up"
COMMENT = "comment"
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
def answer_follow_up(*, link: ClientLink, given: Sequence[Answers]) -> bool:
    """Keep the answers, one part for each screen of the form: as a form, as scores, as a word to the therapist.

    False when it was answered before. Raises Refused while something required is missing.
    """
    asked = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("note__episode", "note__client", "note__appointment__location", "invitation")
        .get(invitation__link=link)
    )
    if asked.response_id is not None:
        return False
    (response,) = open_drafts(invitation=asked.invitation, started_on=started_on(asked))
    for section, answers in zip(form_of(response.questionnaire).sections, given, strict=True):
        save_answers(response=response, section=section, given=answers, is_settled=True)
    response = complete_response(response=response)
    if asked.note.episode is not None:
        record_answers(response=response, episode=asked.note.episode)
    asked.response, asked.answered_at = response, response.completed_at
    asked.comment = str(answers_of(response).one(COMMENT) or "")
    asked.save()
    audit.record(link, "follow-up.answered", asked, client=asked.note.client)
    return True


def started_on(asked: FollowUp) -> dt.date | None:
    """The day the care began that is asked about: a change counts from it where no first form names another."""
    episode = asked.note.episode
    return episode.opened_at.astimezone(asked.note.appointment.zone).date() if episode else None

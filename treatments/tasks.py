"""Work behind the pages. Idempotent: each task sweeps the database and finds what is still to do."""

import logging
import time
import uuid

from celery import shared_task
from django.db import DatabaseError

from clinic.audit import services as audit
from clinic.core import clock
from treatments.outcomes.tallies import rebuild_tallies
from treatments.reads.follow_up import due_for_follow_up
from treatments.reads.unsigned import to_be_reminded
from treatments.services import ask_follow_up, record_answers
from treatments.services.reminding import remind_of_unsigned
from treatments.services.scores import waiting_answers
from treatments.verification import CHECKED, verify

logger = logging.getLogger(__name__)
CHECK_SECONDS = 30  # well below the 50 that a task may take


@shared_task
def ask_how_it_went() -> int:
    """Ask whoever was treated some days ago how it went. Returns how many were asked now."""
    asked = 0
    for note in due_for_follow_up(now=clock.now()):
        try:
            asked += ask_follow_up(note=note) is not None
        except DatabaseError:  # one client's trouble must not cost the others their question; the next sweep retries
            logger.exception("Follow-up of note %s was not asked", note.pk)
    return asked


@shared_task
def remind_of_notes() -> int:
    """Tell therapists of notes that are not signed a day after the session. Returns how many were told now."""
    now, told = clock.now(), 0
    for therapist, location in to_be_reminded(now=now):
        try:
            told += remind_of_unsigned(therapist=therapist, location=location, now=now) is not None
        except DatabaseError:  # as above
            logger.exception("Therapist %s was not reminded", therapist.pk)
    return told


@shared_task
def score_answers() -> int:
    """Take the scores of forms that came in since the last sweep. Returns how many forms had some."""
    scored = 0
    for response, episode in waiting_answers(now=clock.now()):
        try:
            scored += bool(record_answers(response=response, episode=episode))
        except DatabaseError:  # as above
            logger.exception("Answers %s were not scored", response.pk)
    return scored


@shared_task
def verify_notes(after: str | None = None, notes: int = 0, altered: int = 0) -> None:
    """Check all signed notes, as long as one task may take; then ring for the next to go on behind the last client.

    Each note that differs is in the audit trail and in the log; the end is in the trail with its figures.
    """
    until = time.monotonic() + CHECK_SECONDS
    verdict = verify(after=uuid.UUID(after) if after else None, goes_on=lambda _so_far: time.monotonic() < until)
    for each in verdict.altered:
        logger.error("Signed note %s is not what was signed", each.note_id)
        audit.record(None, "note.altered", changes={"note": each.note_id, "what": list(each.what)})
    notes, altered = notes + verdict.notes, altered + len(verdict.altered)
    if verdict.is_complete:
        audit.record(None, CHECKED, changes={"notes": notes, "altered": altered})
    else:
        verify_notes.delay(str(verdict.last_client), notes, altered)


@shared_task
def count_first_drawings() -> int:
    """The map of many, counted anew: what came in by another way than an opened episode is in it by tomorrow."""
    return rebuild_tallies()

"""Exercises for home."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.models import Exercise
from treatments.models import Episode, Prescription, SessionNote


class Dose(TypedDict, total=False):
    """How much; what is left out is left open."""

    sets: int | None
    reps: int | None
    hold_seconds: int | None
    times_per_week: int | None
    instructions: str


@transaction.atomic
def prescribe(
    *, episode: Episode, exercise: Exercise, by: User, note: SessionNote | None = None, **dose: Unpack[Dose]
) -> Prescription:
    """Give an exercise for home. The same exercise given again replaces its dose: the old one is stopped."""
    require(by, Permission.WRITE_NOTE, episode)
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client").get(pk=episode.pk)
    if not episode.is_open:
        raise Refused(_("This episode is closed. Open it again first."), code="episode-closed")
    if note is not None and note.client_id != episode.client_id:
        raise Refused(_("That episode belongs to somebody else."), code="foreign-episode")
    now = clock.now()
    episode.prescriptions.current().filter(exercise=exercise).update(stopped_at=now, updated_at=now)
    prescription = Prescription.objects.create(
        episode=episode, exercise=exercise, note=note, prescribed_by=by, prescribed_at=now, **dose
    )
    audit.record(by, "exercise.prescribed", prescription, client=episode.client)
    return prescription


@transaction.atomic
def stop_prescription(*, prescription: Prescription, by: User) -> Prescription:
    """The client need not do it any more. Stopping twice is no error."""
    require(by, Permission.WRITE_NOTE, prescription)
    prescription = Prescription.objects.select_for_update(of=("self",)).get(pk=prescription.pk)
    if prescription.stopped_at is None:
        prescription.stopped_at = clock.now()
        prescription.save(update_fields=["stopped_at", "updated_at"])
        audit.record(by, "exercise.stopped", prescription, client=prescription.episode.client)
    return prescription

"""Exercises for home: given with a dose, stopped, given again, put in order."""

from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.models import Exercise
from treatments.models import Episode, Prescription, SessionNote


class Dose(TypedDict, total=False):
    """How much; what is left out is left open."""

    sets: int | None
    reps: int | None
    hold_seconds: int | None
    minutes: int | None
    side: str
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
    replaced = episode.prescriptions.current().filter(exercise=exercise).first()
    if replaced is None and exercise.retired_at is not None:
        raise Refused(_("This exercise is retired. Choose another."), code="exercise-retired")
    if replaced is not None:
        replaced.stopped_at = now
        replaced.save(update_fields=["stopped_at", "updated_at"])
    prescription = Prescription.objects.create(
        episode=episode,
        exercise=exercise,
        note=note,
        position=replaced.position if replaced else _last_position(episode) + 1,
        prescribed_by=by,
        prescribed_at=now,
        **dose,
    )
    audit.record(by, "exercise.prescribed", prescription, client=episode.client)
    return prescription


@transaction.atomic
def stop_prescription(*, prescription: Prescription, by: User) -> Prescription:
    """The client need not do it any more. Stopping twice is no error."""
    require(by, Permission.WRITE_NOTE, prescription)
    prescription = _locked(prescription)
    if prescription.stopped_at is None:
        prescription.stopped_at = clock.now()
        prescription.save(update_fields=["stopped_at", "updated_at"])
        audit.record(by, "exercise.stopped", prescription, client=prescription.episode.client)
    return prescription


@transaction.atomic
def resume_prescription(*, prescription: Prescription, by: User) -> Prescription:
    """Undo of stopping. Raises Conflict when the exercise was given anew since, Refused in a closed episode."""
    require(by, Permission.WRITE_NOTE, prescription)
    episode = Episode.objects.select_for_update(of=("self",)).get(pk=prescription.episode_id)
    prescription = _locked(prescription)
    if not episode.is_open:
        raise Refused(_("This episode is closed. Open it again first."), code="episode-closed")
    if prescription.stopped_at is None:
        return prescription
    if episode.prescriptions.current().filter(exercise=prescription.exercise_id).exists():
        raise Conflict(_("This exercise was prescribed anew since then."), code="prescribed-anew")
    prescription.stopped_at = None
    prescription.save(update_fields=["stopped_at", "updated_at"])
    audit.record(by, "exercise.resumed", prescription, client=prescription.episode.client)
    return prescription


@transaction.atomic
def move_prescription(*, prescription: Prescription, up: bool, by: User) -> Prescription:
    """One place up or down among those the client does now; at the end of the list nothing happens."""
    require(by, Permission.WRITE_NOTE, prescription)
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client").get(pk=prescription.episode_id)
    rows = list(episode.prescriptions.current())
    places = [row.pk for row in rows]
    if prescription.pk not in places:
        raise Conflict(_("This exercise is stopped."), code="exercise-stopped")
    here = places.index(prescription.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for position, row in enumerate(rows, start=1):
            Prescription.objects.filter(pk=row.pk).exclude(position=position).update(position=position)
        audit.record(by, "exercise.moved", prescription, client=episode.client)
    prescription.refresh_from_db()
    return prescription


def _locked(prescription: Prescription) -> Prescription:
    rows = Prescription.objects.select_for_update(of=("self",)).select_related("episode__client", "exercise")
    found: Prescription = rows.get(pk=prescription.pk)
    return found


def _last_position(episode: Episode) -> int:
    return int(episode.prescriptions.current().aggregate(last=Max("position"))["last"] or 0)

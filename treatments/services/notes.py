"""Writing session notes: opened once and saved as typed, until they are signed."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict, NotAllowed, Refused, StaleVersion
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.models import PainDrawing, RedFlag
from scheduling.models import Appointment
from treatments.models import Episode, Finding, SessionNote, TechniqueApplied
from treatments.rows import FindingRow, TechniqueRow
from treatments.rules import signing
from treatments.rules.sections import PART_OF, PARTS
from treatments.rules.subjective import in_words
from treatments.services.thinking import rate_goals, ratings_in
from treatments.services.writing_rows import write_rows

PAIN_FIELDS = ("pain_now", "pain_worst", "pain_average", "other_pain_average")
TOLD_FIELDS = ("changes", "aggravators", "easers")
PLAN_FIELDS = ("next_techniques", "advice", "visit_every_days")
PLAIN_FIELDS = (*signing.TEXTS, *PAIN_FIELDS, *TOLD_FIELDS, *PLAN_FIELDS)
EPISODES = ("episode", "other_episode")
SECTIONS = (*signing.TEXTS, "techniques", *PARTS)


class DraftChanges(TypedDict, total=False):
    """What a save may change; what is left out stays as it is."""

    subjective: str
    objective: str
    assessment: str
    plan: str
    pain_now: int | None
    pain_worst: int | None
    pain_average: int | None
    changes: dict[str, str]
    aggravators: list[str]
    easers: list[str]
    other_pain_average: int | None
    next_techniques: list[str]
    advice: list[str]
    visit_every_days: int | None
    episode: Episode | None
    other_episode: Episode | None
    goal_ratings: dict[str, int | None]
    findings: list[FindingRow]
    techniques: list[TechniqueRow]


@transaction.atomic
def open_note(*, appointment: Appointment, by: User) -> SessionNote:
    """The note of a session; begun when there is none. Raises NotAllowed for anyone but the session's therapist."""
    require(by, Permission.WRITE_NOTE, appointment)
    appointment = Appointment.objects.select_for_update(of=("self",)).select_related("client").get(pk=appointment.pk)
    note: SessionNote | None = SessionNote.objects.filter(appointment=appointment).first()
    if note and (note.is_signed or note.therapist_id == by.pk):
        return note
    if appointment.therapist_id != by.pk:
        raise NotAllowed(_("Only the therapist of this session writes its note."))
    if not appointment.is_active:
        raise Refused(_("This session did not take place. Change its state on the calendar first."), code="not-held")
    if note:  # the session was given to another therapist after its note was begun
        note.therapist = by
        note.save(update_fields=["therapist", "updated_at"])
        audit.record(by, "note.taken-over", note, client=note.client)
        return note
    return _begin(appointment, by)


def _begin(appointment: Appointment, by: User) -> SessionNote:
    client = appointment.client
    open_episodes = list(Episode.objects.open().filter(client=client)[:2])
    drawing = (
        PainDrawing.objects.filter(client=client, drawn_at__lt=appointment.during.upper).order_by("-drawn_at").first()
    )
    note = SessionNote.objects.create(
        appointment=appointment,
        client=client,
        therapist=by,
        episode=open_episodes[0] if len(open_episodes) == 1 else None,
        pain_drawing=drawing,
    )
    audit.record(by, "note.opened", note, client=client)
    return note


@transaction.atomic
def save_draft(
    *,
    note: SessionNote,
    by: User,
    version: int,
    changes: DraftChanges,
    base: Callable[[], Mapping[str, Any]] | None = None,
) -> SessionNote:
    """Save what was typed. Raises StaleVersion, with both texts, when somebody saved in between.

    The same text sent twice is no conflict: an answer lost on the way does not cost a merge. Nor is it one when each
    part is still what it was typed over: `base` says what that was, and is only asked when the version is old.
    """
    note = lock_draft(note=note, by=by)
    _check_episode(note, changes)
    changed = changed_in(note, changes)
    if not changed:
        return note
    if version != note.version:
        before = base() if base else {}
        disputed = [name for name in changed if name not in before or name in changed_in(note, {name: before[name]})]
        if disputed:
            raise _stale(note, changes, disputed)
    _write(note, changes, changed)
    note.was_written = True
    audit.record(by, "note.saved", note, client=note.client, changes=changed)
    return note


def missing_for(note: SessionNote, *, row_count: int) -> list[signing.Lack]:
    """What stands between this note and its signature (one query)."""
    emergency = RedFlag.objects.unacknowledged().filter(client=note.client_id, urgency=RedFlag.Urgency.EMERGENCY)
    return list(signing.lacks(note, row_count=row_count, has_open_emergency=emergency.exists()))


def lock_draft(*, note: SessionNote, by: User) -> SessionNote:
    """The note, locked until the transaction ends. Raises Missing, NotAllowed, or Conflict once it is signed."""
    require(by, Permission.WRITE_NOTE, note)
    locked: SessionNote = (
        SessionNote.objects.select_for_update(of=("self",))
        .select_related("client", "appointment", "episode", "other_episode")
        .get(pk=note.pk)
    )
    if locked.is_signed:
        raise Conflict(_("This note is signed and locked. Write an addendum instead."), code="note-signed")
    require_author(locked, by)
    return locked


def require_author(note: SessionNote, by: User) -> None:
    """Raises NotAllowed for anybody but the therapist of its session."""
    if note.therapist_id != by.pk:
        raise NotAllowed(_("Only the therapist of this session writes its note."))


def require_version(note: SessionNote, version: int) -> None:
    """Raises StaleVersion when somebody saved in between."""
    if version != note.version:
        raise _stale(note, {}, [])


def _check_episode(note: SessionNote, changes: DraftChanges) -> None:
    """A visit serves one or two episodes of its own client, which are open or were this note's before."""
    for name in EPISODES:
        episode = changes.get(name)
        if not isinstance(episode, Episode):
            continue
        if episode.client_id != note.client_id:
            raise Refused(_("That episode belongs to somebody else."), code="foreign-episode")
        if not episode.is_open and episode.pk not in (note.episode_id, note.other_episode_id):
            raise Refused(_("This episode is closed. Open it again first."), code="episode-closed")
    first, second = (changes.get(name, getattr(note, name)) for name in EPISODES)
    if second is not None and second == first:
        raise Refused(_("Choose two different episodes, or only one."), code="same-episode")


def changed_in(note: SessionNote, changes: Mapping[str, Any]) -> list[str]:
    """Names of what differs from what is stored. One query each for findings and techniques, if they are given."""
    changed = [name for name in PLAIN_FIELDS if name in changes and changes[name] != getattr(note, name)]
    changed += [name for name in EPISODES if name in changes and changes[name] != getattr(note, name)]
    if "goal_ratings" in changes and _given(changes["goal_ratings"]) != ratings_in(note):
        changed.append("goal_ratings")
    for name, row_type in (("findings", FindingRow), ("techniques", TechniqueRow)):
        if name in changes and changes[name] != [row_type.of(row) for row in getattr(note, name).all()]:
            changed.append(name)
    return changed


def _given(ratings: Mapping[str, int | None]) -> dict[str, int]:
    return {goal: rating for goal, rating in ratings.items() if rating is not None}


def _write(note: SessionNote, changes: Mapping[str, Any], changed: list[str]) -> None:
    touched = set(changed)
    for name in changed:
        if name == "findings":
            touched |= {PART_OF[row.kind] for row in write_rows(note, Finding, changes[name])}  # type: ignore[union-attr]
        elif name == "techniques":
            write_rows(note, TechniqueApplied, changes[name])
        elif name == "goal_ratings":
            rate_goals(note, changes[name])
        else:
            setattr(note, name, changes[name])
    note.copied_sections = {key: value for key, value in note.copied_sections.items() if key not in touched}
    note.version += 1
    note.save()


def _stale(note: SessionNote, changes: Mapping[str, Any], changed: list[str]) -> StaleVersion:
    texts = [name for name in changed if name in PLAIN_FIELDS]
    return StaleVersion(
        _("This note was saved elsewhere in the meantime. Both texts are kept: compare them, then save again."),
        details={
            "version": note.version,
            "saved_at": note.updated_at.isoformat(),
            "changed": changed,
            "yours": {name: in_words(changes[name]) for name in texts},
            "theirs": {name: in_words(getattr(note, name)) for name in texts},
        },
    )

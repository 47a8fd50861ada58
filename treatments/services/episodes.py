"""Episodes of care: opened, changed, closed, opened again."""

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission, require
from intake.models import Condition
from treatments.models import Episode
from treatments.outcomes.tallies import adopt_first_drawing
from treatments.rules import choosing
from treatments.services.scores import adopt_baseline

MOST_SESSIONS = 99


class EpisodeDetails(TypedDict, total=False):
    """What may be known of an episode, when it opens or later. Without a code the side's own is filled in."""

    onset_on: dt.date | None
    mechanism: str
    goals: str
    planned_sessions: int | None
    reassess_at_session: int | None
    icd10cm_code: str
    opened_at: dt.datetime


@transaction.atomic
def open_episode(
    *, client: Client, condition: Condition, side: str, location: Location, by: User, **details: Unpack[EpisodeDetails]
) -> Episode:
    """Open an episode and adopt the intake's scores as its baseline.

    Raises Conflict when one is open for the condition and side, Refused for a retired condition, an unknown side or a
    code of another condition.
    """
    require(by, Permission.WRITE_NOTE, client)
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if condition.retired_at or side not in Episode.Side.values:
        raise Refused(_("Choose a condition and a side from the list."), code="unknown-condition")
    _check(details, condition)
    _check_single(client, condition, side)
    details.setdefault("icd10cm_code", choosing.code_for(condition.data.get("icd10cm"), side))
    opened_at = details.pop("opened_at", clock.now())
    episode = Episode.objects.create(
        client=client,
        condition=condition,
        side=side,
        location=location,
        therapist=by,
        opened_at=opened_at,
        **details,
    )
    adopt_baseline(episode)
    adopt_first_drawing(episode=episode)
    audit.record(by, "episode.opened", episode, client=client)
    return episode


@transaction.atomic
def change_episode(
    *, episode: Episode, condition: Condition, side: str, by: User, **details: Unpack[EpisodeDetails]
) -> Episode:
    """Change what is known of an open episode. Another side turns the code as well, unless another one is given.

    Raises Conflict when it is closed or its twin is open, Refused for what `open_episode` refuses.
    """
    episode = _locked(episode, by)
    if not episode.is_open:
        raise Conflict(_("This episode is closed. Open it again first."), code="episode-closed")
    is_other = condition.pk != episode.condition_id
    if (is_other and condition.retired_at) or side not in Episode.Side.values:
        raise Refused(_("Choose a condition and a side from the list."), code="unknown-condition")
    codes = condition.data.get("icd10cm")
    kept = details.get("icd10cm_code", episode.icd10cm_code)
    if kept == episode.icd10cm_code:  # not chosen anew: it follows condition and side
        turned = choosing.code_for(codes, side) if is_other else choosing.turned(codes, kept, side)
        details["icd10cm_code"] = turned if is_other or side != episode.side else kept
    _check(details, condition)
    if is_other or side != episode.side:
        Client.objects.select_for_update(of=("self",)).get(pk=episode.client_id)
        _check_single(episode.client, condition, side, but=episode)
    wanted = {"condition": condition, "side": side, **details}
    changed = [name for name, value in wanted.items() if getattr(episode, name) != value]
    for name in changed:
        setattr(episode, name, wanted[name])
    if changed:
        episode.save(update_fields=[*changed, "updated_at"])
        audit.record(by, "episode.changed", episode, client=episode.client, changes=sorted(changed))
    return episode


def _locked(episode: Episode, by: User) -> Episode:
    require(by, Permission.WRITE_NOTE, episode)
    rows = Episode.objects.select_for_update(of=("self",)).select_related("client", "condition", "location")
    locked: Episode = rows.get(pk=episode.pk)
    return locked


def _check(details: EpisodeDetails, condition: Condition) -> None:
    codes = {one.code for one in choosing.codes_in(condition.data.get("icd10cm"))}
    if details.get("icd10cm_code") and details["icd10cm_code"] not in codes:
        raise Refused(_("Choose a code of this condition from the list."), code="unknown-code")
    for name in ("planned_sessions", "reassess_at_session"):
        number = details.get(name)
        if number is not None and not 1 <= number <= MOST_SESSIONS:  # type: ignore[operator]
            raise Refused(_("Give sessions as a number from 1 to 99."), code="session-range")
    onset_on = details.get("onset_on")
    if onset_on and onset_on > clock.now().date() + dt.timedelta(days=1):  # it may be tomorrow already, elsewhere
        raise Refused(_("What began in the future cannot hurt yet: check the date."), code="future-onset")


def _check_single(client: Client, condition: Condition, side: str, *, but: Episode | None = None) -> None:
    twins = Episode.objects.open().filter(client=client, condition=condition, side=side)
    if twins.exclude(pk=but.pk if but else None).exists():
        raise Conflict(_("An episode for this condition and side is open already. Choose it."), code="episode-open")


@transaction.atomic
def close_episode(*, episode: Episode, reason: str, by: User) -> Episode:
    """Close an episode with its reason. Raises Conflict when it is closed, Refused while a note of it is unsigned."""
    episode = _locked(episode, by)
    if not episode.is_open:
        raise Conflict(_("This episode is closed already."), code="episode-closed")
    if reason not in Episode.CloseReason.values:
        raise Refused(_("Say why the episode ends."), code="no-reason")
    if episode.notes.filter(status="draft").exists() or episode.other_notes.filter(status="draft").exists():
        raise Refused(_("A note of this episode is not signed yet. Sign it first."), code="unsigned-notes")
    episode.closed_at, episode.close_reason = clock.now(), reason
    episode.save(update_fields=["closed_at", "close_reason", "updated_at"])
    episode.prescriptions.current().update(stopped_at=episode.closed_at, updated_at=episode.closed_at)
    audit.record(by, "episode.closed", episode, client=episode.client, changes={"reason": reason})
    return episode


@transaction.atomic
def reopen_episode(*, episode: Episode, by: User) -> Episode:
    """Undo a closing. Raises Conflict when another episode of the same kind was opened since."""
    episode = _locked(episode, by)
    Client.objects.select_for_update(of=("self",)).get(pk=episode.client_id)
    twins = Episode.objects.open().filter(client=episode.client, condition=episode.condition, side=episode.side)
    if twins.exclude(pk=episode.pk).exists():
        raise Conflict(_("A newer episode for this condition and side is open."), code="episode-open")
    if not episode.is_open:
        episode.closed_at, episode.close_reason = None, ""
        episode.save(update_fields=["closed_at", "close_reason", "updated_at"])
        audit.record(by, "episode.reopened", episode, client=episode.client)
    return episode

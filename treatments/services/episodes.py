"""Episodes of care: opened, thought about, closed."""

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
from treatments.models import Episode, Hypothesis
from treatments.outcomes.tallies import adopt_first_drawing
from treatments.services.scores import adopt_baseline


class EpisodeDetails(TypedDict, total=False):
    """What may be known of an episode when it opens."""

    onset_on: dt.date | None
    mechanism: str
    goals: str
    planned_sessions: int | None
    opened_at: dt.datetime


@transaction.atomic
def open_episode(
    *, client: Client, condition: Condition, side: str, location: Location, by: User, **details: Unpack[EpisodeDetails]
) -> Episode:
    """Open an episode and adopt the intake's scores as its baseline.

    Raises Conflict when one is open for the condition and side, Refused for a retired condition or an unknown side.
    """
    require(by, Permission.WRITE_NOTE, client)
    Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
    if condition.retired_at or side not in Episode.Side.values:
        raise Refused(_("Choose a condition and a side from the list."), code="unknown-condition")
    if Episode.objects.open().filter(client=client, condition=condition, side=side).exists():
        raise Conflict(_("An episode for this condition and side is open already. Choose it."), code="episode-open")
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
def close_episode(*, episode: Episode, reason: str, by: User) -> Episode:
    """Close an episode with its reason. Raises Conflict when it is closed, Refused while a note of it is unsigned."""
    require(by, Permission.WRITE_NOTE, episode)
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client", "condition").get(pk=episode.pk)
    if not episode.is_open:
        raise Conflict(_("This episode is closed already."), code="episode-closed")
    if reason not in Episode.CloseReason.values:
        raise Refused(_("Say why the episode ends."), code="no-reason")
    if episode.notes.filter(status="draft").exists():
        raise Refused(_("A note of this episode is not signed yet. Sign it first."), code="unsigned-notes")
    episode.closed_at, episode.close_reason = clock.now(), reason
    episode.save(update_fields=["closed_at", "close_reason", "updated_at"])
    episode.prescriptions.current().update(stopped_at=episode.closed_at, updated_at=episode.closed_at)
    audit.record(by, "episode.closed", episode, client=episode.client, changes={"reason": reason})
    return episode


@transaction.atomic
def reopen_episode(*, episode: Episode, by: User) -> Episode:
    """Undo a closing. Raises Conflict when another episode of the same kind was opened since."""
    require(by, Permission.WRITE_NOTE, episode)
    episode = Episode.objects.select_for_update(of=("self",)).select_related("client", "condition").get(pk=episode.pk)
    twins = Episode.objects.open().filter(client=episode.client, condition=episode.condition, side=episode.side)
    if twins.exclude(pk=episode.pk).exists():
        raise Conflict(_("A newer episode for this condition and side is open."), code="episode-open")
    if not episode.is_open:
        episode.closed_at, episode.close_reason = None, ""
        episode.save(update_fields=["closed_at", "close_reason", "updated_at"])
        audit.record(by, "episode.reopened", episode, client=episode.client)
    return episode


@transaction.atomic
def state_hypothesis(
    *, episode: Episode, condition: Condition, confidence_percent: int, by: User, reason: str = ""
) -> Hypothesis:
    """Say how sure one is of a working hypothesis now. Earlier statements stay."""
    require(by, Permission.WRITE_NOTE, episode)
    if not episode.is_open:
        raise Refused(_("This episode is closed. Open it again first."), code="episode-closed")
    if not 0 <= confidence_percent <= 100:
        raise Refused(_("Confidence is between 0 and 100 percent."), code="confidence-range")
    hypothesis = Hypothesis.objects.create(
        episode=episode,
        condition=condition,
        confidence_percent=confidence_percent,
        reason=reason.strip(),
        stated_at=clock.now(),
        stated_by=by,
    )
    audit.record(by, "hypothesis.stated", hypothesis, client=episode.client)
    return hypothesis

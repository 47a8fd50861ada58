"""What the therapist thinks it is, and what the client wants to be able to do again."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, NotAllowed, Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.models import Condition, Response
from intake.scores import rated_activities_in
from treatments.models import Episode, Goal, GoalRating, Hypothesis, SessionNote

MOST_GOALS = 5  # The scale asks for 3 to 5 activities (intake data, outcome_measures.yaml, `psfs`; Stratford 1995).


@transaction.atomic
def state_hypothesis(
    *,
    episode: Episode,
    condition: Condition,
    confidence_percent: int,
    by: User,
    reason: str = "",
    note: SessionNote | None = None,
) -> Hypothesis:
    """Say how sure one is of a working hypothesis now. Earlier statements stay; said twice it is one.

    Stated in a note it is part of what is signed. Raises Refused when the confidence changes without a reason.
    """
    episode = _open(episode, by)
    if not 0 <= confidence_percent <= 100:
        raise Refused(_("Confidence is between 0 and 100 percent."), code="confidence-range")
    if note is not None:
        _check_note(note, episode, by)
    reason = reason.strip()
    before: Hypothesis | None = episode.hypotheses.filter(condition=condition).order_by("-stated_at").first()
    if before is None and condition.retired_at:
        raise Refused(_("Choose a condition and a side from the list."), code="unknown-condition")
    if before is not None and before.confidence_percent == confidence_percent and reason in ("", before.reason):
        return before
    if before is not None and not reason:
        words = _("You were %(before)s%% sure of %(condition)s. Say why it is %(now)s%% now.")
        said = {"before": before.confidence_percent, "condition": condition, "now": confidence_percent}
        raise Refused(words % said, code="reason-missing")
    hypothesis = Hypothesis.objects.create(
        episode=episode,
        note=note,
        condition=condition,
        confidence_percent=confidence_percent,
        reason=reason,
        stated_at=clock.now(),
        stated_by=by,
    )
    audit.record(by, "hypothesis.stated", hypothesis, client=episode.client)
    return hypothesis


@transaction.atomic
def add_goal(*, episode: Episode, activity: str, by: User, target_rating: int | None = None) -> Goal:
    """An activity the client wants back. Raises Conflict for one that is there, Refused beyond five."""
    episode = _open(episode, by)
    activity = " ".join(activity.split())
    current = list(episode.goal_rows.filter(dropped_at=None))
    if not activity:
        raise Refused(_("Name an activity."), code="no-activity")
    if any(goal.activity.casefold() == activity.casefold() for goal in current):
        raise Conflict(_("This activity is a goal already."), code="goal-there")
    if len(current) >= MOST_GOALS:
        raise Refused(_("Five activities are enough: drop one first."), code="goals-full")
    _check_rating(target_rating)
    goal = Goal.objects.create(
        episode=episode,
        activity=activity,
        target_rating=target_rating,
        position=max((goal.position for goal in current), default=-1) + 1,
    )
    audit.record(by, "goal.added", goal, client=episode.client)
    return goal


@transaction.atomic
def aim_goal(*, goal: Goal, target_rating: int | None, by: User) -> Goal:
    """How well it is to be possible at the end."""
    _open(goal.episode, by)
    _check_rating(target_rating)
    goal.target_rating = target_rating
    goal.save(update_fields=["target_rating", "updated_at"])
    audit.record(by, "goal.changed", goal, client=goal.episode.client)
    return goal


@transaction.atomic
def drop_goal(*, goal: Goal, by: User) -> Goal:
    """It is no goal any more; what was rated stays. Dropping twice is no error."""
    _open(goal.episode, by)
    goal = Goal.objects.select_for_update(of=("self",)).select_related("episode__client").get(pk=goal.pk)
    if goal.dropped_at is None:
        goal.dropped_at = clock.now()
        goal.save(update_fields=["dropped_at", "updated_at"])
        audit.record(by, "goal.dropped", goal, client=goal.episode.client)
    return goal


@transaction.atomic
def adopt_goals(*, episode: Episode, by: User) -> list[Goal]:
    """The activities of the client's newest answers become goals, each with the rating given there.

    Those that are goals already are left out. Raises Refused when the client has named none.
    """
    episode = _open(episode, by)
    response = newest_activities(episode)
    rated = rated_activities_in(response) if response else []
    if response is None or response.completed_at is None or not rated:
        raise Refused(_("The client has not named activities in a form yet."), code="no-activities")
    current = list(episode.goal_rows.filter(dropped_at=None))
    have = {goal.activity.casefold() for goal in current}
    fresh = [(name, rating) for name, rating in rated if name.casefold() not in have][: MOST_GOALS - len(current)]
    goals = [
        Goal.objects.create(episode=episode, activity=name[:120], position=len(current) + index)
        for index, (name, _rating) in enumerate(fresh)
    ]
    GoalRating.objects.bulk_create(
        GoalRating(goal=goal, rating=rating, rated_at=response.completed_at)
        for goal, (_name, rating) in zip(goals, fresh, strict=True)
        if rating is not None
    )
    for goal in goals:
        audit.record(by, "goal.added", goal, client=episode.client, changes={"from": str(response.pk)})
    return goals


def newest_activities(episode: Episode) -> Response | None:
    """The client's newest form with activities that is not older than a year. One query."""
    since = episode.opened_at - dt.timedelta(days=365)
    rows = Response.objects.completed().filter(client=episode.client_id, completed_at__gt=since, scores__has_key="psfs")
    found: Response | None = rows.select_related("questionnaire").order_by("-completed_at").first()
    return found


def rate_goals(note: SessionNote, ratings: Mapping[str, int | None]) -> None:
    """Replace the ratings of a draft that its author has locked. Raises Refused for a goal of another episode."""
    episodes = [note.episode_id, note.other_episode_id]
    goals = {str(pk) for pk in Goal.objects.filter(episode__in=episodes).values_list("pk", flat=True)}
    for rating in ratings.values():
        _check_rating(rating)
    if not goals.issuperset(ratings):
        raise Refused(_("That goal belongs to another episode."), code="foreign-goal")
    note.goal_ratings.exclude(goal__in=[pk for pk, rating in ratings.items() if rating is not None]).delete()
    GoalRating.objects.bulk_create(
        (
            GoalRating(goal_id=pk, note=note, rating=rating, rated_at=clock.now())
            for pk, rating in ratings.items()
            if rating is not None
        ),
        update_conflicts=True,
        unique_fields=["goal", "note"],
        update_fields=["rating", "rated_at", "updated_at"],
    )


def ratings_in(note: SessionNote) -> dict[str, int]:
    """What a note rates, by goal. One query unless prefetched."""
    return {str(row.goal_id): row.rating for row in note.goal_ratings.all()}


def mean_of(ratings: Iterable[Any]) -> Decimal | None:
    """The mean of the activities rated, to three places; None without any."""
    values = [row.rating for row in ratings]
    return (Decimal(sum(values)) / len(values)).quantize(Decimal("0.001")) if values else None


def _open(episode: Episode, by: User) -> Episode:
    require(by, Permission.WRITE_NOTE, episode)
    rows = Episode.objects.select_for_update(of=("self",)).select_related("client", "condition")
    locked: Episode = rows.get(pk=episode.pk)
    if not locked.is_open:
        raise Refused(_("This episode is closed. Open it again first."), code="episode-closed")
    return locked


def _check_note(note: SessionNote, episode: Episode, by: User) -> None:
    locked = SessionNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
    if locked.therapist_id != by.pk:
        raise NotAllowed(_("Only the therapist of this session writes its note."))
    if locked.is_signed:
        raise Conflict(_("This note is signed and locked. Write an addendum instead."), code="note-signed")
    if episode.pk not in (locked.episode_id, locked.other_episode_id):
        raise Refused(_("That episode belongs to somebody else."), code="foreign-episode")


def _check_rating(rating: int | None) -> None:
    if rating is not None and not 0 <= rating <= 10:
        raise Refused(_("Ratings go from 0 to 10."), code="rating-range")

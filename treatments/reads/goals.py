"""The goals of an episode with how well each went."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField

from treatments.models import Goal, GoalRating, SessionNote

BOX = "goal-"  # a goal's box in the note is named so, before its id


@dataclass(frozen=True, slots=True)
class GoalRow:
    """An activity, its box in the note, and how well it went the time before."""

    goal: Goal
    box: BoundField | None
    last: GoalRating | None
    first: GoalRating | None


def goal_rows(goals: Iterable[Goal], form: Any = None, *, but: SessionNote | None = None) -> list[GoalRow]:
    """Each goal with its first rating and its last one before the note `but`. One query, none without goals."""
    goals = list(goals)
    last: dict[Any, GoalRating] = {}
    first: dict[Any, GoalRating] = {}
    ratings = GoalRating.objects.filter(goal__in=[goal.pk for goal in goals]).order_by("rated_at") if goals else ()
    for rating in ratings:
        first.setdefault(rating.goal_id, rating)
        if but is None or rating.note_id != but.pk:
            last[rating.goal_id] = rating
    return [
        GoalRow(goal, form[f"{BOX}{goal.pk}"] if form else None, last.get(goal.pk), first.get(goal.pk))
        for goal in goals
    ]

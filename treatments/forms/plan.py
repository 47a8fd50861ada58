"""The parts of a note's form that belong to its plan, its second episode and the client's own activities."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from treatments.forms.rows import number
from treatments.models import Episode, Goal, SessionNote

GOAL = "goal-"


class CodesField(forms.MultipleChoiceField):
    """Codes of the knowledge, ticked as chips; what was ticked before stays valid when a release retires it."""

    def __init__(self, known: Callable[[], Collection[str]], *, kept: Collection[str], label: Any) -> None:
        super().__init__(label=label, required=False)
        self.known, self.kept = known, kept

    def valid_value(self, value: Any) -> bool:
        return value in self.kept or value in self.known()

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().clean(value)))


def plan_fields(
    note: SessionNote, *, techniques: Callable[[], Collection[str]], contributors: Callable[[], Collection[str]]
) -> dict[str, forms.Field]:
    """What the plan asks for, and the second episode with its pain."""
    other = Episode.objects.filter(client=note.client_id).select_related("condition")
    return {
        "other_episode": forms.ModelChoiceField(
            other.open() | other.filter(pk=note.other_episode_id),
            label=_("Second episode"),
            required=False,
            empty_label=_("No second episode"),
        ),
        "other_pain_average": number(_("Average of the second episode, 7 days"), 0, 10),
        "next_techniques": CodesField(techniques, kept=note.next_techniques, label=_("Techniques next time")),
        "advice": CodesField(contributors, kept=note.advice, label=_("Advice on contributors")),
        "visit_every_days": number(_("A visit every so many days"), 1, 365),
    }


def goal_fields(goals: Iterable[Goal]) -> dict[str, forms.Field]:
    return {f"{GOAL}{goal.pk}": number(goal.activity, 0, 10) for goal in goals}


def goal_ratings(given: dict[str, Any], goals: Iterable[Goal], *, before: dict[str, int]) -> dict[str, int | None]:
    """Ratings by goal, of the episodes that the note is about now. What was no rating leaves the one `before`."""
    chosen = {episode.pk for name in ("episode", "other_episode") if (episode := given.get(name))}
    return {
        str(goal.pk): given.get(f"{GOAL}{goal.pk}", before.get(str(goal.pk)))
        for goal in goals
        if goal.episode_id in chosen or "episode" not in given
    }

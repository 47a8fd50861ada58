"""The library of exercises: shipped and own, searched, filtered by what they are for and what they aim at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from clinic.people.models import User
from intake.models import Exercise
from treatments.models import Prescription
from treatments.services.library import may_retire
from treatments.templatetags.doses import amount, how_often
from treatments.vocabulary import EXERCISE_GOALS, vocabulary


@dataclass(frozen=True, slots=True)
class LibraryDose:
    """The dose that an exercise has unless somebody says otherwise, readable as a prescription's."""

    sets: int | None
    reps: int | None
    hold_seconds: int | None
    minutes: int | None
    times_per_week: int | None

    @classmethod
    def of(cls, exercise: Exercise) -> "LibraryDose":
        dose = exercise.data.get("dose") or {}
        return cls(*(dose.get(name) for name in ("sets", "reps", "hold_seconds", "minutes", "per_week")))

    @property
    def words(self) -> str:
        return ", ".join(filter(None, (amount(self), how_often(self))))


@dataclass(frozen=True, slots=True)
class Shown:
    """One exercise as staff sees it."""

    exercise: Exercise
    may_retire: bool
    may_change: bool

    @property
    def dose(self) -> str:
        each = self.exercise.data.get("dose", {}).get("side") == "each"
        side = str(Prescription.Side.EACH.label) if each else ""
        return ", ".join(filter(None, (LibraryDose.of(self.exercise).words, side)))

    @property
    def goal(self) -> str:
        return str(EXERCISE_GOALS.get(self.exercise.data.get("goal"), ""))

    @property
    def targets(self) -> list[str]:
        names = {word.code: word.label for word in vocabulary().structures}
        return [names.get(code, code) for code in self.exercise.data.get("targets") or ()]


def library(user: User, query: Mapping[str, str], *, may_write: bool) -> dict[str, Any]:
    """All that fit; what makes no sense in the address counts as nothing. Two queries."""
    text, goal, target = query.get("q", "").strip()[:100], query.get("goal", ""), query.get("target", "")
    rows = Exercise.objects.select_related("picture").filter(retired_at__isnull=query.get("show") != "retired")
    goal = goal if goal in EXERCISE_GOALS else ""
    if goal:
        rows = rows.filter(data__goal=goal)
    aims = {code for found in Exercise.objects.values_list("data__targets", flat=True) for code in found or ()}
    target = target if target in aims else ""
    if target:
        rows = rows.filter(data__targets__contains=[target])
    for word in text.replace("\x00", "").split():
        rows = rows.filter(Q(label__icontains=word) | Q(data__cue__icontains=word) | Q(data__aliases__icontains=word))
    return {
        "shown": [
            Shown(row, may_retire(user, row), may_write and not row.is_built_in)
            for row in rows.order_by("is_built_in", "position", "label")
        ],
        "text": text,
        "goals": [(code, label, code == goal) for code, label in EXERCISE_GOALS.items()],
        "targets": [
            (each.code, each.label, each.code == target) for each in vocabulary().structures if each.code in aims
        ],
        "is_retired": query.get("show") == "retired",
        "is_filtered": bool(text or goal or target),
    }

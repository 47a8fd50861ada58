"""The words a note is written in: movements, tests, structures, techniques, exercises, conditions of the knowledge."""

import uuid
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from intake.knowledge import source
from intake.models import (
    Condition,
    Contraindication,
    ExaminationTest,
    Exercise,
    LifestyleQuestion,
    Measure,
    RangeOfMotion,
    Reference,
    Shipment,
    Structure,
    Technique,
)

# What a note of a hip asks for, in its order; other movements stay as they were recorded.
MOVEMENTS = (
    "hip-flexion",
    "hip-extension",
    "hip-abduction",
    "hip-adduction",
    "hip-internal-rotation",
    "hip-external-rotation",
    "slr-angle",
    "lumbar-flexion",
    "lumbar-extension",
    "lumbar-side-bend",
    "modified-ober-angle",
    "modified-thomas-angle",
)
FIRST_MOVEMENTS = 7  # always in sight; the others are opened
STRUCTURE_KINDS: dict[str, str | Promise] = {
    "muscle": _("Muscles"),
    "fascia": _("Fascia"),
    "tendon": _("Tendons"),
    "bursa": _("Bursae"),
    "joint": _("Joints"),
    "nerve": _("Nerves"),
    "disc": _("Spine and bone"),
    "bone": _("Spine and bone"),
    "vessel": _("Vessels"),
    "viscus": _("Organs"),
}
CONDITION_GROUPS: dict[str, str | Promise] = {
    "lateral-hip": _("Outer hip"),
    "posterior-hip": _("Buttock and back of the hip"),
    "anterior-hip": _("Front of the hip and groin"),
    "hip-joint": _("Hip joint"),
    "lumbar": _("Low back"),
    "nerve": _("Nerves of the leg"),
    "soft-tissue": _("Muscle and fascia"),
    "other-region": _("Elsewhere"),
    "mimic": _("Elsewhere"),
    "serious": _("Elsewhere"),
}

EXERCISE_GOALS: dict[str, str | Promise] = {
    "stretch": _("Stretch"),
    "strength": _("Strength"),
    "control": _("Control"),
    "mobility": _("Mobility"),
    "aerobic": _("Endurance"),
    "mixed": _("Mixed"),
    "habit": _("Habit"),
}
# Questions of the same list about what was and how it is: nothing to give advice on.
HISTORY = frozenset(
    {
        "buttock-blow",
        "health-history",
        "earlier-treatment",
        "aggravating-activity",
        "when-felt",
        "onset",
        "course",
    }
)

Options = list[tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Word:
    """One entry of the knowledge, light: without the whole of its source."""

    pk: uuid.UUID
    code: str
    label: str
    group: str


class Vocabulary:
    """Each list is read when it is first asked for: one query a list. `made` keeps what is drawn from them."""

    def __init__(self) -> None:
        self.made: dict[Any, Any] = {}

    @cached_property
    def movements(self) -> list[RangeOfMotion]:
        found = {row.code: row for row in RangeOfMotion.objects.current().filter(code__in=MOVEMENTS)}
        return [found[code] for code in MOVEMENTS if code in found]

    @cached_property
    def tests(self) -> list[Word]:
        return _words(ExaminationTest.objects.current())

    @cached_property
    def whole_tests(self) -> dict[str, ExaminationTest]:
        """How each is done, what a positive suggests and how well, by code."""
        return {row.code: row for row in ExaminationTest.objects.current()}

    @cached_property
    def tests_of_conditions(self) -> dict[uuid.UUID, list[str]]:
        """Codes of the tests the knowledge asks for, by condition."""
        return dict(Condition.objects.exclude(data__tests=None).values_list("pk", "data__tests"))

    @cached_property
    def condition_labels(self) -> dict[str, str]:
        return dict(Condition.objects.values_list("code", "label"))

    @cached_property
    def structures(self) -> list[Word]:
        return _words(Structure.objects.current(), group="kind")

    @cached_property
    def whole_structures(self) -> list[Structure]:
        """With their regions, patterns and sources, for the prompts."""
        return list(Structure.objects.current())

    @cached_property
    def references(self) -> dict[str, Reference]:
        return {row.code: row for row in Reference.objects.all()}

    @cached_property
    def measures(self) -> dict[uuid.UUID, Measure]:
        """Outcome measures by id, in their order."""
        return {row.pk: row for row in Measure.objects.all()}

    @cached_property
    def techniques(self) -> list[Word]:
        return _words(Technique.objects.current().filter(data__performed_in_session=True), group="family")

    @cached_property
    def whole_techniques(self) -> dict[uuid.UUID, Technique]:
        """What is done in a session, with cautions and sources, by id in the order of the knowledge."""
        rows = Technique.objects.current().filter(data__performed_in_session=True)
        return {row.pk: row for row in rows}

    @cached_property
    def contraindications(self) -> dict[str, Contraindication]:
        return {row.code: row for row in Contraindication.objects.all()}

    @cached_property
    def told_by_condition(self) -> dict[uuid.UUID, dict[str, list[str]]]:
        """What the knowledge says a condition is worse and better with, and is treated by: words and codes."""
        names = ("aggravators", "easers", "techniques")
        rows = Condition.objects.values_list("pk", *(f"data__{name}" for name in names))
        return {pk: dict(zip(names, (found or [] for found in lists), strict=True)) for pk, *lists in rows}

    @cached_property
    def technique_codes(self) -> frozenset[str]:
        return frozenset(word.code for word in self.techniques)

    @cached_property
    def contributors(self) -> dict[str, LifestyleQuestion]:
        """What may contribute and can be talked about, by code, in the order of the questions."""
        return {row.code: row for row in LifestyleQuestion.objects.current() if row.code not in HISTORY}

    @cached_property
    def whole_conditions(self) -> dict[str, Condition]:
        """All of them by code, with regions, codes, tests, differentials and when to refer."""
        return {row.code: row for row in Condition.objects.current()}

    @cached_property
    def exercises(self) -> list[Word]:
        return _words(Exercise.objects.current(), group="goal")

    @cached_property
    def conditions(self) -> list[Word]:
        return _words(Condition.objects.current().exclude(data__picker="refer-out"), group="group")


NEWEST_SHIPMENT = f"SELECT id FROM {Shipment._meta.db_table} ORDER BY loaded_at DESC LIMIT 1"  # noqa: S608 a constant
_kept: dict[uuid.UUID | None, Vocabulary] = {}


def vocabulary() -> Vocabulary:
    """The words of the knowledge as it was last shipped, kept in memory until a release ships other. One query."""
    with connection.cursor() as cursor:  # asked with nearly every page: without a query set to put together
        cursor.execute(NEWEST_SHIPMENT)
        (shipment,) = cursor.fetchone() or (None,)
    if shipment not in _kept:
        _kept.clear()
        _kept[shipment] = Vocabulary()
    return _kept[shipment]


def at_hand() -> Vocabulary:
    """The words as a page of this process asked for them last: no query once one has."""
    return next(iter(_kept.values()), None) or vocabulary()


def references() -> dict[str, Reference]:
    """Every source by code. No query once any page has asked for the vocabulary: they only ever grow."""
    return at_hand().references


def drawn_once(key: Hashable, draw: Callable[[], SafeString]) -> SafeString:
    """A piece of a page that says the same until the knowledge changes, drawn once in each language."""
    made, name = at_hand().made, (get_language(), key)
    if name not in made:
        made[name] = draw()
    return made[name]  # type: ignore[no-any-return]


def forget() -> None:
    """For whoever changes the knowledge without a shipment."""
    _kept.clear()


def _words(rows: Any, group: str = "") -> list[Word]:
    names = ["pk", "code", "label"]
    if group:
        rows, names = rows.annotate(word_group=F(f"data__{group}")), [*names, "word_group"]
    return [Word(*row, *([] if group else [""])) for row in rows.values_list(*names)]


def options(words: Iterable[Word], *, blank: str | Promise, by: str = "pk") -> Options:
    """A flat list for a select; the first choice is none."""
    return [("", blank), *((str(getattr(word, by)), word.label) for word in words)]


def grouped(
    words: Iterable[Word], titles: dict[str, str | Promise], *, blank: str | Promise, by: str = "pk"
) -> Options:
    """A list with a title over each group, in the order of the titles."""
    groups: dict[str, Options] = {str(title): [] for title in titles.values()}
    for word in words:
        title = str(titles.get(word.group, _("Other")))
        groups.setdefault(title, []).append((str(getattr(word, by)), word.label))
    return [("", blank), *((title, rows) for title, rows in groups.items() if rows)]


def exercise_options(words: Iterable[Word], condition: str) -> Options:
    """A list for a select: what the knowledge names for the condition (its code), in its order, then all by goal."""
    rows = list(words)
    entry = source.by_code("conditions").get(condition) or {}
    by_code = {word.code: word for word in rows}
    first = [by_code[code] for code in entry.get("exercises") or () if code in by_code]
    rest = grouped((word for word in rows if word not in first), EXERCISE_GOALS, blank=_("Choose an exercise"))
    if not first:
        return rest
    title = _("For %(condition)s") % {"condition": entry["label"]}
    return [rest[0], (title, [(str(word.pk), word.label) for word in first]), *rest[1:]]

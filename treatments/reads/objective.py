"""The objective section of a note's editor: its boxes, the last visit beside each, what the knowledge says of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from intake.body_map import best_view
from intake.knowledge import source
from intake.models import ExaminationTest
from intake.rules import Mark
from treatments.forms import DraftForms
from treatments.forms.choices import test_options
from treatments.forms.measured import LEG_LENGTH
from treatments.forms.widgets import OptionList
from treatments.models import Finding, SessionNote, WordUse
from treatments.reads.findings import difference_words, sections_of
from treatments.reads.measured import Last, movement_rows
from treatments.reads.points import editing
from treatments.rules.measuring import leg_difference
from treatments.rules.observations import TEXTURES
from treatments.vocabulary import FIRST_MOVEMENTS, Vocabulary

KIND = Finding.Kind


@dataclass(frozen=True, slots=True)
class AboutTest:
    """A test as the knowledge has it, with the names of what a positive suggests."""

    test: ExaminationTest
    suggests: list[str]

    @property
    def accuracy(self) -> list[Mapping[str, Any]]:
        return list(self.test.data.get("accuracy") or ())


def about_tests(words: Vocabulary) -> dict[str, AboutTest]:
    """By code. Conditions that are only referred are named too: a positive may well suggest one."""
    labels = words.condition_labels
    return {
        code: AboutTest(test, [labels[c] for c in test.data.get("suggests") or () if c in labels])
        for code, test in words.whole_tests.items()
    }


def objective(note: SessionNote, forms: DraftForms, previous: SessionNote | None) -> dict[str, Any]:
    """One query for what this therapist uses most, beside those of the forms."""
    words = forms.lists.words
    found = list(previous.findings.all()) if previous else []
    last: Last = {(row.kind, row.code, row.side): row for row in found}
    sides = sides_of(note)
    order_tests(note, forms)
    rows = movement_rows(forms.ranges, last, sides)
    about = about_tests(words)
    for form in forms.tests:
        form.about = about.get(form["code"].value() or "")
    return {
        "sides": sides,
        "movements": rows[:FIRST_MOVEMENTS],
        "more_movements": rows[FIRST_MOVEMENTS:],
        "range_flags": [(row, flag) for row in rows for flag in row.flags],
        "last_words": last_words(found),
        "legs": legs(forms, last, about),
        "map": editing(forms.points, found, first_view(note)),
        "lies_in": lies_in(words),
        "previous_sections": sections_of(found),
        "strength": source.read("rom")["strength"],
        "posture_claim": source.by_code("claims_not_used").get("posture-cause"),
        "last_parts": {row.kind for row in found},
    }


def sides_of(note: SessionNote) -> tuple[str, str]:
    """The side the episode is about stands first."""
    return ("left", "right") if note.episode and note.episode.side == "left" else ("right", "left")


def first_view(note: SessionNote) -> str:
    """The view of the map before anything is placed: what shows most of the pain, else the back."""
    drawing = note.pain_drawing
    marks = [Mark(row.region, row.side) for row in drawing.marks.all()] if drawing else []
    view = best_view(marks) if marks else "back"
    return view if view != "soles" else "back"


def order_tests(note: SessionNote, forms: DraftForms) -> None:
    """The tests of the episode's condition stand first, then what this therapist used most for it. One query."""
    if note.episode is None:
        return
    words, condition = forms.lists.words, note.episode.condition
    uses = WordUse.objects.filter(therapist=note.therapist_id, condition=condition, kind=KIND.SPECIAL_TEST)
    choices = test_options(
        words.tests,
        of_condition=words.tests_of_conditions.get(condition.pk) or (),
        uses=dict(uses.values_list("code", "uses")),
        title=_("For %(condition)s") % {"condition": condition.label},
    )
    forms.lists.ordered_tests = OptionList(choices)
    for form in forms.tests:  # those that were made before, of what was sent
        form.offer("code", forms.lists.ordered_tests)


def last_words(found: Iterable[Finding]) -> dict[str, str]:
    """What stood there at the last visit, in few words, by kind, code and side."""
    return {f"{row.kind}|{row.code}|{row.side}": str(words) for row in found if (words := short(row))}


def short(row: Finding) -> str | Promise:
    if row.kind == KIND.STRENGTH and row.strength_grade is not None:
        return f"{row.strength_grade.normalize():f}"
    if row.kind == KIND.SPECIAL_TEST:
        return {True: _("positive"), False: _("negative"), None: _("not done")}[row.is_positive]
    if row.kind in (KIND.TRIGGER_POINT, KIND.PALPATION):
        tender = "" if row.tenderness_grade is None else _("tender %(grade)s") % {"grade": row.tenderness_grade}
        return ", ".join(filter(None, [tender, str(TEXTURES.get(row.texture, "")).lower()]))
    return ""


def legs(forms: DraftForms, last: Last, about: Mapping[str, AboutTest]) -> dict[str, Any]:
    """Both legs, their difference now and at the last visit, and what the knowledge says of measuring them."""
    now = leg_difference(*(_number(forms.legs[side].value()) for side in ("right", "left")))
    rows = [last.get((KIND.LEG_LENGTH.value, LEG_LENGTH, side)) for side in ("right", "left")]
    before = leg_difference(*(row.length_mm if row else None for row in rows))
    return {
        "form": forms.legs,
        "difference": None if now is None else difference_words(now),
        "last": None if before is None else difference_words(before),
        "about": about.get(LEG_LENGTH),
    }


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def lies_in(words: Vocabulary) -> SafeString:
    """Which regions each structure lies in, for ordering the list by the place that was pointed at."""
    key = "lies-in"
    if key not in words.made:
        places = {row.code: row.data.get("local_regions") or [] for row in words.whole_structures}
        words.made[key] = json_script(places, "points-lies-in")
    return words.made[key]  # type: ignore[no-any-return]

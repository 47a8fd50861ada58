"""The response so far of an episode, in numbers and words, and what to think of when there is none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from intake.models import Condition, ExaminationTest
from treatments.models import Episode, Finding
from treatments.reads.course import Course
from treatments.rules.course import plain
from treatments.rules.response import (
    Threshold,
    Verdict,
    error_of,
    is_due,
    least_that_matters,
    look_again_at,
    verdict,
)
from treatments.vocabulary import at_hand

MOST_TESTS = 8


@dataclass(frozen=True, slots=True)
class Response:
    """One measure: from where to where, what may be said of it, and against which thresholds."""

    course: Course
    verdict: Verdict
    matters: Threshold | None
    error: Threshold | None

    @property
    def start(self) -> str:
        return plain(self.course.start)

    @property
    def words(self) -> str | Promise:
        return self.verdict.words

    @property
    def thresholds(self) -> list[dict[str, Any]]:
        """Both numbers, each with its population, level of evidence and sources."""
        named = ((_("Least change that matters"), self.matters), (_("Error of measurement"), self.error))
        return [
            {
                "name": name,
                "value": f"{one.value:g}",
                "population": one.population,
                "fact": {"evidence": one.evidence, "sources": one.sources},
            }
            for name, one in named
            if one
        ]


@dataclass(frozen=True, slots=True)
class Reassessment:
    """What to think of again: tests not done yet for what else it may be, and when the knowledge refers."""

    session: int
    look_again: int
    tests: list[tuple[ExaminationTest, Condition]]
    condition: Condition

    @property
    def referral(self) -> dict[str, Any]:
        return self.condition.data.get("referral") or {}

    @property
    def next_look(self) -> int:
        return self.session + 3


def responses_of(courses: Iterable[Course]) -> list[Response]:
    """Of each course with something to compare: pain first, as they come."""
    return [
        _response(course)
        for course in courses
        if len(course.values) > 1 or course.measure.data.get("counts_from") is not None
    ]


def _response(course: Course) -> Response:
    moved = float(course.values[-1] - course.start)
    matters, error = least_that_matters(course.measure.data), error_of(course.measure.data)
    found = verdict(
        -moved if course.is_lower_better else moved,
        matters=matters.value if matters else None,
        error=error.value if error else None,
    )
    return Response(course, found, matters, error)


def reassessment_of(episode: Episode | None, responses: Iterable[Response], session: int) -> Reassessment | None:
    """The prompt to think again, or None while it is not due. One query when it is."""
    if episode is None or not episode.is_open:
        return None
    look_again = look_again_at(reassess_at=episode.reassess_at_session, planned=episode.planned_sessions)
    if look_again is None or not is_due((one.verdict for one in responses), session=session, look_again=look_again):
        return None
    condition = at_hand().whole_conditions.get(episode.condition.code, episode.condition)
    return Reassessment(session, look_again, _tests_left(episode, condition), condition)


def _tests_left(episode: Episode, condition: Condition) -> list[tuple[ExaminationTest, Condition]]:
    """Tests of the differentials that no note of this episode has, each with the first condition that asks for it."""
    words = at_hand()
    done = set(
        Finding.objects.filter(note__episode=episode, kind=Finding.Kind.SPECIAL_TEST).values_list("code", flat=True)
    )
    left: dict[str, tuple[ExaminationTest, Condition]] = {}
    for code in condition.data.get("differentials") or ():
        other = words.whole_conditions.get(code)
        for test in (other.data.get("tests") or ()) if other else ():
            if test not in done and test in words.whole_tests and other:
                left.setdefault(test, (words.whole_tests[test], other))
    return list(left.values())[:MOST_TESTS]

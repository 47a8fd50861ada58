"""Scores in a response."""

from collections.abc import Sequence

from intake.answers import answers_of
from intake.fhir import Answers, Form
from intake.form_cache import form_of
from intake.models import Questionnaire, Response
from intake.scoring import TRACKED, ScoreOut, activities_of, rated_activities, score

NPRS = ("now", "worst", "average")


def nprs(response: Response) -> dict[str, int | None]:
    """Pain 0 to 10 now, at its worst and on average over the last 7 days; None where it was not asked or answered."""
    answers = answers_of(response)
    return {which: answers.one(f"nprs.{which}") for which in NPRS}


def scores_of(form: Form, answers: Answers, measure: str = "") -> dict[str, int | float]:
    """Every score in the answers, for the column beside them: single items by their own code, measures by theirs."""
    scored = (item for item in form.by_link_id.values() if item.code and item.type == "integer")
    found: dict[str, int | float] = {
        item.code: answers.one(item.link_id) for item in scored if answers.one(item.link_id) is not None
    }
    for out in score(form, answers, measure=measure):
        if TRACKED.keys().isdisjoint(found) or out.measure not in TRACKED.values():
            found.setdefault(out.measure, float(out.value))
    return found


def measures_in(response: Response, activities: Sequence[str] = ()) -> list[ScoreOut]:
    """The scores of a completed response; see `scoring.score`."""
    measure = instrument_of(response.questionnaire)
    return score(form_of(response.questionnaire), answers_of(response), measure=measure, activities=activities)


def activities_in(response: Response) -> tuple[str, ...]:
    """The client's own activities that a response rates."""
    return activities_of(form_of(response.questionnaire), answers_of(response))


def rated_activities_in(response: Response) -> list[tuple[str, int | None]]:
    """The client's own activities in a response, each with how well it goes, 0 to 10."""
    return rated_activities(form_of(response.questionnaire), answers_of(response))


def instrument_of(questionnaire: Questionnaire) -> str:
    """The measure the practice says a form is; empty without one."""
    return questionnaire.measure.code if questionnaire.measure else ""

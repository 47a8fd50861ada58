"""Scores in a response."""

from intake.answers import answers_of
from intake.fhir import Answers, Form
from intake.models import Response

NPRS = ("now", "worst", "average")


def nprs(response: Response) -> dict[str, int | None]:
    """Pain 0 to 10 now, at its worst and on average over the last 7 days; None where it was not asked or answered."""
    answers = answers_of(response)
    return {which: answers.one(f"nprs.{which}") for which in NPRS}


def scores_of(form: Form, answers: Answers) -> dict[str, int]:
    """Every score a form names, for the column beside the answers."""
    scored = (item for item in form.by_link_id.values() if item.code and item.type == "integer")
    return {item.code: answers.one(item.link_id) for item in scored if answers.one(item.link_id) is not None}

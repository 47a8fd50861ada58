"""What stands in a form before anything was answered: its own initial values, and what the client said before."""

import datetime as dt

from clinic.messaging.models import Purpose
from intake import record_details as details
from intake.answers import answers_of, situation_of
from intake.carried import Earlier, carried_items, carry_over
from intake.fhir import Answers, Form, initial_answers
from intake.form_cache import form_of
from intake.models import Response

FIRST = "first-visit"
MOST_LOOKED_AT = 20


def answers_before_any(response: Response, now: dt.datetime, started_on: dt.date | None = None) -> Answers:
    """One query, and only for a form that takes something over.

    `started_on` is the day a change counts from where the client has no first-visit form here.
    """
    form = form_of(response.questionnaire)
    answers = initial_answers(form, situation_of(response, now.date()))
    if carried_items(form):
        carry_over(form, answers, _earlier(response), started_on=started_on)
    return answers


def details_for(form: Form, response: Response) -> dict[str, str]:
    """What the record has of the details this form asks about. Nothing for whom no date of birth on record has stopped.

    A detail that could not be read back is left out: nobody should have to mend what somebody else wrote.
    """
    invitation, client = response.invitation, response.client
    if invitation is None or invitation.purpose == Purpose.FOLLOW_UP:
        return {}
    if client.born_on is None or invitation.claimed_born_on is not None:
        return {}
    held = {field: details.said(client, field) for field in details.items_of(form)}
    return {field: words for field, words in held.items() if words and _can_be_read(field, words)}


def _can_be_read(field: str, words: str) -> bool:
    try:
        details.read(field, words)
    except ValueError:
        return False
    return True


def _earlier(response: Response) -> list[Earlier]:
    rows = Response.objects.completed().filter(client__in=response.client.identity_ids)
    rows = rows.select_related("questionnaire").defer("questionnaire__definition").order_by("-completed_at")
    zone = response.invitation.location.zone if response.invitation else dt.UTC
    return [
        Earlier(answers_of(row), row.completed_at.astimezone(zone).date(), row.questionnaire.slug == FIRST)
        for row in rows[:MOST_LOOKED_AT]
        if row.completed_at
    ]

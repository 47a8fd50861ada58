"""Answers for tests of intake."""

import datetime as dt
from typing import Any

from clinic.people.models import Client
from intake.fhir import Answers
from intake.fhir.answers import Signature
from intake.form_cache import form_of
from intake.models import Invitation, Response
from intake.record_details import items_of
from intake.rules import Mark
from intake.services import complete_response, invite, open_drafts, save_answers

MARK = Mark("lateral-hip", "right", ("burning",), 7, "constant", "posterior-calf.right")


def harmless_answers() -> Answers:
    """Everything the first-visit form requires, nothing that raises a flag."""
    values: dict[str, list[Any]] = {
        "reason.main": ["My right hip hurts"],
        "duration": ["6_to_12_weeks"],
        "onset": ["gradual"],
        "course": ["same"],
        "nprs.now": [4],
        "nprs.worst": [7],
        "nprs.average": [5],
        "contraindications": ["none"],
        "consent.treatment": [True],
        "consent.privacy": [True],
        "signature": [Signature("Marcus Bell")],
    }
    return Answers(values, {"pain-map": [MARK]})


def with_flags(answers: Answers, form: Any, **changes: str) -> Answers:
    """Every red-flag question answered no, but for `changes` (rule code with _ for -)."""
    changed = {code.replace("_", "-"): value for code, value in changes.items()}
    for item in form.by_link_id.values():
        if item.kind == "red-flag":
            harmless = next(o.code for o in item.options if o.code in {"no", "no_or_adult"})
            answers.values[item.link_id] = [changed.get(item.code, harmless)]
    return answers


def draft(client: Client, form: str = "first-visit") -> Response:
    invitation, _token = invite(client=client, forms=[form], by=None)
    (response,) = open_drafts(invitation=invitation)
    return response


def fill(response: Response, answers: Answers) -> None:
    """What stands about the client's record in the form stays."""
    response.refresh_from_db()
    form = form_of(response.questionnaire)
    for field, item in items_of(form).items():
        if field in response.shown_details and item.link_id not in answers.values:
            answers.put(item.link_id, [response.shown_details[field]])
    for section in form.sections:
        save_answers(response=response, section=section, given=answers, is_settled=True)


def completed(client: Client, **flags: str) -> Response:
    response = draft(client)
    fill(response, with_flags(harmless_answers(), form_of(response.questionnaire), **flags))
    response.refresh_from_db()
    return complete_response(response=response)


def form_data(answers: Answers) -> dict[str, Any]:
    """Answers as a browser sends them."""
    data: dict[str, Any] = {}
    for link_id, values in answers.values.items():
        if isinstance(values[0], Signature):
            data[f"{link_id}.name"], data[link_id] = values[0].name, values[0].strokes
        else:
            data[link_id] = ["yes" if v is True else v.isoformat() if isinstance(v, dt.date) else v for v in values]
    for name, marks in answers.marks.items():
        data[f"{name}.region"] = [mark.key for mark in marks]
        for mark in marks:
            data[f"{name}.quality.{mark.key}"] = list(mark.qualities)
            data[f"{name}.intensity.{mark.key}"] = mark.intensity
            data[f"{name}.course.{mark.key}"] = mark.course
            data[f"{name}.spread.{mark.key}"] = "other"
            data[f"{name}.elsewhere.{mark.key}"] = mark.spreads_to
    return data


def invitation_with_token(client: Client, form: str = "first-visit", **kwargs: Any) -> tuple[Invitation, str]:
    return invite(client=client, forms=[form], by=None, **kwargs)

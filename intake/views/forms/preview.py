"""A form as a client sees it, on screens the width of a phone. What is tried is kept nowhere."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from clinic.core import clock
from clinic.core.numbers import whole
from clinic.people.access import StaffRequest, access
from clinic.people.models import Client
from clinic.people.permissions import Permission
from intake.answers import situation_of
from intake.fhir import Answers, decide
from intake.models import Response
from intake.parsing import parse_section
from intake.steps import Step, blocks_of, lead_of, steps_of
from intake.typed import MOST_ANSWERS
from intake.views.forms.common import form_at


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_preview(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """All screens below one another; a POST shows what is asked after these answers."""
    questionnaire = form_at(request, pk)
    steps = steps_of([Response(questionnaire=questionnaire, client=Client())])
    answers, errors = Answers(), dict[str, str]()
    if request.method == "POST":
        answers, errors = _tried(steps, request)
    context = {"form": questionnaire, "screens": [_screen(step, answers, errors) for step in steps]}
    return render(request, "intake/forms/preview.html", context)


def _tried(steps: list[Step], request: StaffRequest) -> tuple[Answers, dict[str, str]]:
    """What was typed on every screen, and what of it could not be read."""
    answers, errors = Answers(), dict[str, str]()
    for step in steps:
        given = parse_section(step.section, request.POST)
        answers.values.update(given.answers.values)
        answers.marks.update(given.answers.marks)
        answers.rows.update(given.answers.rows)
        errors |= given.errors
    _change_rows(answers, request)
    if steps:
        situation = situation_of(steps[0].response, clock.now().date())
        answers = decide(steps[0].form, answers, situation).answers
    return answers, errors


def _change_rows(answers: Answers, request: StaffRequest) -> None:
    """One row more, or less, of a group that repeats."""
    add, (group, _colon, number) = request.POST.get("_add", ""), request.POST.get("_remove", "").rpartition(":")
    if 0 < answers.rows.get(add, 0) < MOST_ANSWERS:
        answers.add_row(add)
    at = whole(number)
    if at is not None and at < answers.rows.get(group, 0):
        answers.remove_row(group, at)


def _screen(step: Step, answers: Answers, errors: dict[str, str]) -> dict[str, Any]:
    blocks = blocks_of(step, answers, clock.now().date(), errors)
    return {"step": step, "blocks": blocks, "lead": lead_of(step.section)}

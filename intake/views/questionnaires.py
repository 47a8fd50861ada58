"""The forms of the practice, in the settings."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Client
from clinic.people.permissions import Permission
from intake.fhir import Answers
from intake.form_cache import form_of
from intake.models import Questionnaire, Response
from intake.steps import blocks_of, steps_of


@access(Permission.MANAGE_SETTINGS)
@require_safe
def questionnaire_list(request: HttpRequest) -> HttpResponse:
    """Every form with its published version."""
    forms = Questionnaire.objects.visible_to(request.user).newest_of_each()
    return render(request, "intake/questionnaire_list.html", {"forms": [(form, form_of(form)) for form in forms]})


@access(Permission.MANAGE_SETTINGS)
@require_safe
def questionnaire_preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A form as a client sees it, all screens below one another. Nothing can be sent."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    steps = steps_of([Response(questionnaire=questionnaire, client=Client())])
    screens = [(step, blocks_of(step, Answers(), clock.now().date(), {})) for step in steps]
    return render(request, "intake/questionnaire_preview.html", {"form": questionnaire, "screens": screens})

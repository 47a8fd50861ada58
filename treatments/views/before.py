"""The therapist's page before a session."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.permissions import Permission, may
from intake.map_fields import marks_in
from intake.staff_map import map_item
from scheduling.models import Appointment
from treatments.reads.before import before as read_before
from treatments.reads.prompts import prompts_for


def appointment_for(request: HttpRequest, pk: uuid.UUID) -> Appointment:
    """The appointment with what its pages name, or 404."""
    rows = Appointment.objects.visible_to(request.user)
    appointment: Appointment = get_object_or_404(
        rows.select_related("client", "location", "room", "therapist", "service"), pk=pk
    )
    return appointment


@access(Permission.VIEW_NOTES)
@require_GET
def before(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Alerts, map, answers, scores, last plan and prompts, on one page."""
    appointment = appointment_for(request, pk)
    context = read_before(appointment, request.GET)
    context["may_write"] = appointment.therapist_id == request.user.pk and may(request.user, Permission.WRITE_NOTE)
    audit.read(request.user, appointment, client=appointment.client)  # type: ignore[arg-type]
    return render(request, "treatments/before.html", context)


@access(Permission.VIEW_NOTES)
@require_POST
def map_prompts(request: HttpRequest) -> HttpResponse:
    """For a map that is being marked: prompts from the marks so far, of nobody in particular. Nothing is kept."""
    try:
        marks = marks_in(map_item(), request.POST)
    except ValueError as error:
        raise Refused(str(error), code="unknown-mark") from error
    return render(request, "treatments/_map_prompts.html", {"groups": prompts_for(marks)})

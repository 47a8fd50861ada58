"""The therapist's page before a session."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from clinic.audit import services as audit
from clinic.people.access import access
from clinic.people.permissions import Permission, may
from scheduling.models import Appointment
from treatments.reads.before import before as read_before


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

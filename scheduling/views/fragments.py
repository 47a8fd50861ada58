"""Pieces for other apps' pages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Client
from clinic.people.permissions import Permission, may
from scheduling.models import Appointment
from scheduling.views.parsing import StaffRequest

SHOWN = 12


@access(Permission.VIEW_CALENDAR)
@require_GET
def client_appointments(request: StaffRequest, pk: Any) -> HttpResponse:
    """A client's next visit, the last, and those around them; a page by itself without htmx."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    mine = Appointment.objects.visible_to(request.user).filter(client=client).with_people().select_related("invitation")
    now = clock.now()
    coming = list(mine.filter(during__startswith__gte=now).order_by("during")[:SHOWN])
    past = list(mine.filter(during__startswith__lt=now).order_by("-during")[: SHOWN + 1])
    context = {
        "client": client,
        "next": next((each for each in coming if each.is_active), None),
        "last": next((each for each in past if each.status == Appointment.Status.COMPLETED), None),
        "coming": coming,
        "past": past[:SHOWN],
        "has_more": len(past) > SHOWN,
        "may_book": may(request.user, Permission.BOOK),
    }
    template = "scheduling/client_appointments.html"
    return render(request, f"{template}#list" if request.headers.get("HX-Request") else template, context)

"""What a change of a visit is answered with: a page with a toast, or data for the calendar's script."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.ui.flash import undoable
from scheduling.models import Appointment
from scheduling.views.parsing import StaffRequest, back_to, day_url


def done(request: StaffRequest, appointment: Appointment, text: str) -> HttpResponse:
    """What happened, with Undo: as data for the calendar's script, else the day with a toast."""
    undo = reverse("scheduling:appointment-undo", args=[appointment.pk, appointment.version])
    if is_script(request):
        return JsonResponse({"text": text, "undo": undo, "version": appointment.version})
    undoable(request, text, undo)
    return redirect(back_to(request, day_url(appointment.starts_at, appointment.location)))


def undone(request: StaffRequest, appointment: Appointment) -> HttpResponse:
    """Taken back: said to the calendar's script, shown by the day itself otherwise."""
    text = _("Taken back: %(name)s is as before.") % {"name": appointment.client.full_name}
    if is_script(request):
        return JsonResponse({"text": text})
    url = day_url(appointment.starts_at, appointment.location)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    messages.success(request, text)
    return redirect(url)


def is_script(request: HttpRequest) -> bool:
    """The calendar's own script, which draws what happened by itself."""
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"

"""Settings: what can be booked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.permissions import Permission
from scheduling.asked_forms import known_forms
from scheduling.forms.services import ServiceForm
from scheduling.models import Service
from scheduling.services import save_service
from scheduling.views.parsing import StaffRequest


@access(Permission.MANAGE_SETTINGS)
@require_GET
def service_list(request: StaffRequest) -> HttpResponse:
    """Every service, those not offered any more last."""
    services = Service.objects.visible_to(request.user).prefetch_related("therapists").order_by("-is_active", "name")
    known = known_forms(slug for service in services for slug in service.forms)
    rows = [(service, [known[slug] for slug in service.forms]) for service in services]
    return render(request, "scheduling/service_list.html", {"services": rows})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    """Add a service."""
    return _edit(request, None)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: Any) -> HttpResponse:
    """Change a service; what is booked stays as it is."""
    return _edit(request, get_object_or_404(Service.objects.visible_to(request.user), pk=pk))


def _edit(request: StaffRequest, service: Service | None) -> HttpResponse:
    initial = ServiceForm.initial_of(service) if service else None
    form = ServiceForm(request.POST or None, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_service(by=request.user, service=service, **form.values())
        except Refused as error:
            form.add_error("forms" if error.code == "form-not-asked" else "name", error.message)
        else:
            messages.success(request, _("%(service)s is saved.") % {"service": saved})
            return redirect("scheduling:service-list")
    troubled = [each for each in known_forms(service.forms).values() if each.trouble] if service else []
    context = {"form": form, "service": service, "troubled": troubled}
    return render(request, "scheduling/service_form.html", context, status=422 if form.errors else 200)

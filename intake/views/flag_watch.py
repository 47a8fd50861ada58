"""Who answers for red flags at each location, in the settings."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.people.access import StaffRequest, access
from clinic.people.models import Location
from clinic.people.permissions import Permission
from intake.forms import FlagWatchForm
from intake.models import FlagWatch
from intake.services.alarm import set_flag_watch


@access(Permission.MANAGE_SETTINGS)
@require_safe
def flag_watch_list(request: StaffRequest) -> HttpResponse:
    """Every open location with its responsible person."""
    locations = Location.objects.visible_to(request.user).active().select_related("flag_watch__responsible")
    rows = [(location, _watch_of(location)) for location in locations]
    return render(request, "intake/flag_watch_list.html", {"rows": rows})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def flag_watch_edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Name the person, and after how long others are told."""
    location = get_object_or_404(Location.objects.visible_to(request.user).select_related("flag_watch"), pk=pk)
    watch = _watch_of(location)
    start = {"responsible": watch.responsible_id, "escalate_after_minutes": watch.escalate_after_minutes}
    form = FlagWatchForm(request.POST or None, initial=start, location=location)
    if request.method == "POST" and form.is_valid():
        set_flag_watch(location=location, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("intake:flag-watch-list")
    context = {"form": form, "location": location}
    return render(request, "intake/flag_watch_edit.html", context, status=422 if form.errors else 200)


def _watch_of(location: Location) -> FlagWatch:
    """The location's own, or what holds until somebody sets one."""
    found: FlagWatch | None = getattr(location, "flag_watch", None)
    return found or FlagWatch(location=location)

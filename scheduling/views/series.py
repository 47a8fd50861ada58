"""Visits that come back: their dates before they are booked, all of them on one page."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, DomainError, Refused
from clinic.people.access import access
from clinic.people.models import Client, Room, User
from clinic.people.permissions import Permission, may
from scheduling import services
from scheduling.forms.series import RepeatForm
from scheduling.models import Series, Service
from scheduling.rules.status import CANCELLABLE, MOVABLE
from scheduling.series_words import said, said_of
from scheduling.services.series import Plan
from scheduling.views.offers import read_slot
from scheduling.views.parsing import StaffRequest, chosen, day_url, uuid_in
from scheduling.views.series_rows import choices_in, messages_of, rows_of


@access(Permission.BOOK)
@require_POST
def create(request: StaffRequest) -> HttpResponse:
    """Show the dates of a series with what is in the way of each; book them once they have been seen."""
    form = RepeatForm(request.POST)
    context = _wish(request) | {"form": form, "refusal": None}
    if form.is_valid():
        plan = Plan(**context["plan"], rule=form.rule(context["plan"]["first_on"]))
        is_seen = request.POST.get("shown") == shown(plan)
        is_wished = request.POST.get("step") == "book"
        refusal = _try_to_book(request, plan) if is_wished and is_seen else None
        if isinstance(refusal, HttpResponse):
            return refusal
        context |= _previewed(request, plan, refusal) | {"is_changed": is_wished and not is_seen}
    status = 422 if form.errors else getattr(context["refusal"], "status", 200)
    return render(request, "scheduling/series_new.html", context, status=status)


@access(Permission.VIEW_CALENDAR)
@require_GET
def detail(request: StaffRequest, pk: Any) -> HttpResponse:
    """All visits of a series, and what can be done to those that are still to come."""
    visible = Series.objects.visible_to(request.user).select_related("client", "service", "therapist", "location")
    series = get_object_or_404(visible, pk=pk)
    audit.read(request.user, series, client=series.client)
    visits = list(series.appointments.with_people().order_by("series_on", "during"))
    now = clock.now()
    ahead = [each for each in visits if each.starts_at > now]
    context = {
        "series": series,
        "said": said_of(series),
        "visits": visits,
        "movable": next((each for each in ahead if each.status in MOVABLE), None),
        "cancellable": next((each for each in ahead if each.status in CANCELLABLE), None),
        "may_book": may(request.user, Permission.BOOK),
        "continued": Series.objects.visible_to(request.user).filter(split_from=series).first(),
    }
    return render(request, "scheduling/series.html", context)


def shown(plan: Plan) -> str:
    """What dates a page has shown; a form that says otherwise has not shown them."""
    return f"{plan.rule} {plan.first_on.isoformat()} {plan.begins_at:%H:%M}"


def _wish(request: StaffRequest) -> dict[str, Any]:
    """Client, service and the first time, as the booking sheet sends them. Raises Http404, Refused."""
    slot = read_slot(request.POST.get("slot", ""))
    room = chosen(Room.objects.visible_to(request.user).select_related("location"), slot.room or "none")
    local = localtime(slot.starts_at, room.location.zone)
    plan = {
        "client": chosen(Client.objects.visible_to(request.user), request.POST.get("client", "") or "none"),
        "service": chosen(Service.objects.visible_to(request.user), request.POST.get("service", "") or "none"),
        "therapist": chosen(User.objects.visible_to(request.user), slot.therapist or "none"),
        "location": room.location,
        "usual_room": room,
        "first_on": local.date(),
        "begins_at": local.time().replace(fold=0),
        "note": request.POST.get("note", "")[:200],
    }
    key = request.POST.get("request_key", "")
    carried = {"client": plan["client"].pk, "service": plan["service"].pk, "location": plan["location"].pk}
    return {
        "plan": plan,
        "slot": request.POST["slot"],
        "starts_at": slot.starts_at,
        "request_key": key or uuid.uuid4(),
        "back_url": f"{reverse('scheduling:appointment-create')}?{urlencode(carried)}",
    }


def _previewed(request: StaffRequest, plan: Plan, refusal: DomainError | None) -> dict[str, Any]:
    """The dates as they are now, what was chosen for each, and why they could not be booked."""
    try:
        preview = services.preview_series(plan=plan, by=request.user)
    except Refused as error:
        return {"refusal": error}
    return {
        "refusal": refusal,
        "preview": preview,
        "said": said(preview.recurrence, plan.begins_at, preview.first_on),
        "rows": rows_of(preview.visits, request.POST, messages_of(refusal)),
        "questions": len(preview.in_question),
        "shown": shown(plan),
    }


def _try_to_book(request: StaffRequest, plan: Plan) -> HttpResponse | DomainError:
    try:
        series = services.book_series(
            plan=plan,
            by=request.user,
            choices=choices_in(request.POST),
            request_key=uuid_in(request.POST.get("request_key", "")),
        )
    except (Conflict, Refused) as refusal:
        return refusal
    visits = series.appointments.order_by("during")
    count = len(visits)
    words = ngettext("%(name)s is booked: %(count)d visit.", "%(name)s is booked: %(count)d visits.", count)
    messages.success(request, words % {"name": plan.client.full_name, "count": count})
    return redirect(day_url(visits[0].starts_at, plan.location))

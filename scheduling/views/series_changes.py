"""Moving and cancelling more than one visit of a series at once."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core.errors import Conflict, DomainError, Refused
from clinic.core.numbers import whole
from clinic.people.access import access
from clinic.people.models import User
from clinic.people.permissions import Permission
from scheduling import services
from scheduling.forms.appointments import CancelForm
from scheduling.forms.series import ChangeForm
from scheduling.models import Appointment, Series
from scheduling.series_words import said_of
from scheduling.services.series_changes import Change
from scheduling.views.parsing import StaffRequest, asked, day_url
from scheduling.views.series_rows import choices_in, messages_of, rows_of


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: Any) -> HttpResponse:
    """Show where the visits would be, and move them once that has been seen."""
    appointment, series = _of_series(request, pk)
    form = _form(request, appointment, series)
    context: dict[str, Any] = {"appointment": appointment, "form": form, "said": said_of(series), "refusal": None}
    context |= {"scope": _scope(request), "version": request.POST.get("version") or series.version}
    if request.method == "POST" and form.is_valid():
        wanted = form.change()
        is_seen = request.POST.get("shown") == shown(wanted)
        is_wished = request.POST.get("step") == "save"
        refusal = _try_to_save(request, appointment, wanted) if is_wished and is_seen else None
        if isinstance(refusal, HttpResponse):
            return refusal
        context |= _previewed(request, appointment, wanted, refusal) | {"is_changed": is_wished and not is_seen}
    status = 422 if form.errors else getattr(context["refusal"], "status", 200)
    return render(request, "scheduling/series_change.html", context, status=status)


@access(Permission.BOOK)
@require_POST
def cancel(request: StaffRequest, pk: Any) -> HttpResponse:
    """Cancel one visit, this and those that follow, or all to come."""
    appointment, _series = _of_series(request, pk)
    form = CancelForm(request.POST)
    if not form.is_valid():
        context = {"appointment": appointment, "form": form, "may_cancel": True}
        return render(request, "scheduling/cancel.html", context, status=422)
    cancelled = services.cancel_series(
        appointment=appointment,
        scope=_scope(request),
        by=request.user,
        version=whole(request.POST.get("version", "")),
        **form.cleaned_data,
    )
    count = len(cancelled)
    words = ngettext("%(count)d visit of %(name)s is cancelled.", "%(count)d visits of %(name)s are cancelled.", count)
    messages.success(request, words % {"count": count, "name": appointment.client.full_name})
    return redirect(day_url(appointment.starts_at, appointment.location))


def shown(change: Change) -> str:
    """What a page has shown; a form that says otherwise has not shown it."""
    parts: list[object] = [change.begins_at, change.weekday, change.therapist and change.therapist.pk]
    parts += [change.room and change.room.pk, change.any_room, change.duration_minutes, change.moves_moved]
    return " ".join(str(each) for each in parts)


def _of_series(request: StaffRequest, pk: Any) -> tuple[Appointment, Series]:
    """Raises Refused for a visit by itself."""
    visible = Appointment.objects.visible_to(request.user).with_people().select_related("series__location")
    appointment: Appointment = get_object_or_404(visible, pk=pk)
    if appointment.series is None:
        raise Refused(_("This appointment is not of a series."), code="no-series")
    return appointment, appointment.series


def _scope(request: StaffRequest) -> str:
    return asked(request, "scope") or "following"


def _form(request: StaffRequest, appointment: Appointment, series: Series) -> ChangeForm:
    therapists = User.objects.therapists().visible_to(request.user).filter(services=series.service).order_by("name")
    initial = {
        "weekday": (appointment.series_on or series.first_on).weekday(),
        "begins_at": series.begins_at,
        "therapist": series.therapist,
        "room": series.room,
        "duration_minutes": series.duration_minutes,
    }
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, initial=initial, therapists=therapists, location=series.location)
    if "WEEKLY" not in series.rule:
        del form.fields["weekday"]
    return form


def _previewed(
    request: StaffRequest, appointment: Appointment, wanted: Change, refusal: DomainError | None
) -> dict[str, Any]:
    """The visits at their new times as they are now, and why they could not be moved."""
    try:
        preview = services.preview_change(
            appointment=appointment, scope=_scope(request), change=wanted, by=request.user
        )
    except Refused as error:
        return {"refusal": error}
    return {
        "refusal": refusal,
        "rows": rows_of(preview.visits, request.POST, messages_of(refusal)),
        "questions": sum(each.is_in_question for each in preview.visits),
        "kept": len(preview.kept),
        "shown": shown(wanted),
    }


def _try_to_save(request: StaffRequest, appointment: Appointment, wanted: Change) -> HttpResponse | DomainError:
    try:
        series = services.change_series(
            appointment=appointment,
            scope=_scope(request),
            change=wanted,
            by=request.user,
            choices=choices_in(request.POST),
            version=whole(request.POST.get("version", "")),
        )
    except (Conflict, Refused) as refusal:
        return refusal
    messages.success(request, _("The visits of %(name)s are moved.") % {"name": appointment.client.full_name})
    return redirect("scheduling:series-detail", series.pk)

"""Booking at the desk: client, service, time. Each step is a GET, so it works without a script; only Book is a POST."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused
from clinic.people.access import access
from clinic.people.models import Client
from clinic.people.permissions import Permission
from clinic.people.services.clients import add_client
from clinic.people.services.duplicates import possible_duplicates
from scheduling import services
from scheduling.forms.appointments import NewClientForm
from scheduling.models import Service
from scheduling.views.book_beside import where
from scheduling.views.book_context import address, book_context, suggested
from scheduling.views.parsing import StaffRequest, back_to, chosen, day_url, place_in, places_of, uuid_in


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    """The sheet over the calendar, or a page by itself."""
    refusal: Conflict | Refused | None = None
    if request.method == "POST":
        try:
            return _book(request)
        except (Conflict, Refused) as error:
            refusal = error
    template = "scheduling/book.html#booking" if request.headers.get("HX-Request") else "scheduling/book.html"
    return render(request, template, book_context(request, refusal), status=refusal.status if refusal else 200)


@access(Permission.BOOK)
@require_GET
def suggestions(request: StaffRequest) -> HttpResponse:
    """Clients whose name, number or phone is being typed; choosing one goes on to the times."""
    options = suggested(request, request.GET.get("q", ""))
    audit.record(request.user, "client.searched", changes={"shown": len(options)})
    return render(request, "components/suggestions.html", {"options": options})


@access(Permission.BOOK)
@require_POST
def new_client(request: StaffRequest) -> HttpResponse:
    """Add somebody with a name and one contact, and go on booking. Possible duplicates are shown once."""
    form = NewClientForm(request.POST)
    if not form.is_valid():
        return render(request, "scheduling/book.html", book_context(request, None, new_client=form), status=422)
    twins = [] if request.POST.get("is_new") else possible_duplicates(by=request.user, **form.cleaned_data)
    if twins:
        context = book_context(request, None, new_client=form) | {"twins": twins}
        return render(request, "scheduling/book.html", context, status=409)
    place = place_in(request, places_of(request.user))
    client = add_client(by=request.user, location=place, **form.cleaned_data)
    return redirect(address(request, client=str(client.pk)))


def _book(request: StaffRequest) -> HttpResponse:
    place = place_in(request, places_of(request.user))
    wanted = where(request, place)
    client = chosen(Client.objects.visible_to(request.user), request.POST.get("client", "") or "none")
    service = chosen(Service.objects.visible_to(request.user), request.POST.get("service", "") or "none")
    appointment = services.book_appointment(
        client=client,
        service=service,
        note=request.POST.get("note", "")[:200],
        request_key=uuid_in(request.POST.get("request_key", "")),
        by=request.user,
        **wanted,
    )
    when = date_format(localtime(appointment.starts_at, appointment.zone), _("D j M, H:i"))
    words = {"name": client.full_name, "when": when, "therapist": appointment.therapist}
    messages.success(request, _("%(name)s is booked: %(when)s with %(therapist)s.") % words)
    return redirect(back_to(request, day_url(appointment.starts_at, appointment.location)))

"""The waitlist of the desk: who waits for what; added, changed, taken off."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.audit import services as audit
from clinic.core.errors import DomainError
from clinic.people.access import access
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, may
from scheduling import waiting
from scheduling.forms.waitlist import EntryForm, windows_formset, windows_in
from scheduling.models import Service, WaitlistEntry, WaitlistOffer
from scheduling.services import waitlist as services
from scheduling.views.parsing import StaffRequest, asked, back_to, chosen
from scheduling.waitlist_words import notice_of, wish_of

State = WaitlistEntry.State
PAGE_SIZE = 50
SHOWN = {"waiting": (State.WAITING,), "offered": (State.OFFERED,), "booked": (State.BOOKED,), "off": (State.WITHDRAWN,)}


@access(Permission.VIEW_CALENDAR)
@require_GET
def waitlist(request: StaffRequest) -> HttpResponse:
    """Everybody who waits, in turn, by state, service and therapist."""
    show = request.GET.get("show", "")
    show = show if show in SHOWN else "waiting"
    visible = WaitlistEntry.objects.visible_to(request.user)
    rows = _filtered(request, visible).filter(state__in=SHOWN[show]).order_by("-priority", "created_at")
    page = Paginator(waiting.with_wishes(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    audit.record(request.user, "waitlist.listed", changes={"shown": len(page.object_list)})
    context = {
        "show": show,
        "filters": _filters(request, visible, show),
        "page": page,
        "rows": _rows(page.object_list),
        "services": Service.objects.active(),
        "therapists": User.objects.therapists().visible_to(request.user).order_by("name"),
        "wanted": {name: request.GET.get(name, "") for name in ("service", "therapist")},
        "may_book": may(request.user, Permission.BOOK),
    }
    return render(request, "scheduling/waitlist.html", context)


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    """First who, then what for. What the booking sheet knows already comes along."""
    client = chosen(Client.objects.visible_to(request.user).current(), asked(request, "client"))
    if client is None:
        return render(request, "scheduling/waitlist_who.html", _who(request))
    initial = {
        "service": chosen(Service.objects.visible_to(request.user), request.GET.get("service", "")),
        "therapists": list(filter(None, [chosen(_therapists(request), request.GET.get("therapist", ""))])),
    }
    return _edit(request, client, None, {name: value for name, value in initial.items() if value})


@access(Permission.BOOK)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: Any) -> HttpResponse:
    """Change what somebody waits for."""
    entry = _visible(request, pk)
    return _edit(request, entry.client, entry, {})


@access(Permission.BOOK)
@require_POST
def remove(request: StaffRequest, pk: Any) -> HttpResponse:
    """Take somebody off the list."""
    entry = services.take_off(entry=_visible(request, pk), by=request.user)
    messages.success(request, _("%(name)s is off the waitlist.") % {"name": entry.client.full_name})
    return redirect(back_to(request, reverse("scheduling:waitlist")))


@access(Permission.BOOK)
@require_GET
def suggestions(request: StaffRequest) -> HttpResponse:
    """Clients whose name, number or phone is being typed."""
    options = _who(request)["options"]
    audit.record(request.user, "client.searched", changes={"shown": len(options)})
    return render(request, "components/suggestions.html", {"options": options})


def _edit(request: StaffRequest, client: Client, entry: WaitlistEntry | None, initial: dict[str, Any]) -> HttpResponse:
    data = request.POST or None
    form = EntryForm(data, user=request.user, client=client, entry=entry, initial=initial)
    windows = windows_formset(data if data and "windows-TOTAL_FORMS" in data else None, entry)
    is_right = form.is_valid() and (not windows.is_bound or windows.is_valid())
    if is_right and _saved(request, form, windows, client, entry):
        return redirect(back_to(request, reverse("scheduling:waitlist")))
    context = {"client": client, "entry": entry, "form": form, "windows": windows, "next": asked(request, "next")}
    return render(request, "scheduling/waitlist_entry.html", context, status=422 if form.is_bound else 200)


def _saved(request: StaffRequest, form: EntryForm, windows: Any, client: Client, entry: WaitlistEntry | None) -> bool:
    wish = dict(form.cleaned_data)
    if windows.is_bound:
        wish["windows"] = windows_in(windows)
    try:
        if entry:
            services.change_entry(entry=entry, by=request.user, **wish)
        else:
            services.add_to_waitlist(client=client, by=request.user, **wish)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    words = _("%(name)s: saved.") if entry else _("%(name)s is on the waitlist.")
    messages.success(request, words % {"name": client.full_name})
    return True


def _who(request: StaffRequest) -> dict[str, Any]:
    """Clients for what is typed, each with the address that goes on from there."""
    typed = request.GET.get("q", "")[:100]
    carried = {name: value for name in ("service", "therapist") if (value := request.GET.get(name, ""))}
    found = Client.objects.visible_to(request.user).suggest(typed) if typed else []
    return {
        "typed": typed,
        "carried": carried,
        "options": [
            {
                "url": f"{reverse('scheduling:waitlist-create')}?{urlencode({'client': each.pk, **carried})}",
                "name": each.full_name,
                "detail": each.phone.as_national if each.phone else each.email,
                "note": f"#{each.number}",
            }
            for each in found
        ],
    }


def _filtered(request: StaffRequest, entries: QuerySet[WaitlistEntry]) -> QuerySet[WaitlistEntry]:
    service = chosen(Service.objects.visible_to(request.user), request.GET.get("service", ""))
    therapist = chosen(_therapists(request), request.GET.get("therapist", ""))
    if service:
        entries = entries.filter(service=service)
    if therapist:
        entries = entries.filter(Q(therapists=None) | Q(therapists=therapist)).distinct()
    return entries


def _therapists(request: StaffRequest) -> QuerySet[User]:
    found: QuerySet[User] = User.objects.therapists().visible_to(request.user)
    return found


def _filters(request: StaffRequest, visible: QuerySet[WaitlistEntry], show: str) -> list[dict[str, Any]]:
    """How many in each state. 1 query."""
    counts = dict(_filtered(request, visible).order_by().values_list("state").annotate(Count("pk", distinct=True)))
    items = []
    for key, states in SHOWN.items():
        params = request.GET.copy()
        params.pop("page", None)
        params["show"] = key
        count = sum(counts.get(state, 0) for state in states)
        url = f"?{params.urlencode()}"
        items.append({"label": states[0].label, "url": url, "is_current": key == show, "count": count})
    return items


def _rows(entries: Any) -> list[dict[str, Any]]:
    """Each with its words, and the offer that waits for an answer. 1 query."""
    offers = WaitlistOffer.objects.filter(entry__in=[each.pk for each in entries], state=WaitlistOffer.State.OPEN)
    by_entry = {each.entry_id: each for each in offers.select_related("hold__location", "hold__therapist")}
    return [
        {"entry": each, "wish": wish_of(each), "notice": notice_of(each), "offer": by_entry.get(each.pk)}
        for each in entries
    ]


def _visible(request: StaffRequest, pk: Any) -> WaitlistEntry:
    visible = WaitlistEntry.objects.visible_to(request.user).select_related("client", "service")
    entry: WaitlistEntry = get_object_or_404(visible, pk=pk)
    return entry

"""Finding, adding and changing clients."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.audit import services as audit
from clinic.people.access import access
from clinic.people.forms.clients import ClientForm, NewClientForm
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, may
from clinic.people.querysets import MOST
from clinic.people.record.list_marks import marks_for
from clinic.people.services import clients as services
from clinic.people.services.duplicates import DUPLICATE_FIELDS, PossibleDuplicate, possible_duplicates

PAGE_SIZE = 50


class StaffRequest(HttpRequest):
    """A request that `@access` let through."""

    user: User
    htmx: Any


@access(Permission.VIEW_CLIENTS)
@require_safe
def client_list(request: StaffRequest) -> HttpResponse:
    """Every client in alphabetical order, or those who match `q`, best first."""
    text = request.GET.get("q", "").strip()
    show = "archived" if request.GET.get("show") == "archived" else "current"
    clients = Client.objects.visible_to(request.user)
    clients = clients.current() if show == "current" else clients.filter(merged_into=None, archived_at__isnull=False)
    clients = clients.search(text) if text else clients.order_by("sort_key", "pk")
    open_alerts = Count("alerts", filter=Q(alerts__ended_at=None))
    page = Paginator(clients.annotate(alert_count=open_alerts), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    marks = marks_for(rows, request.user)
    audit.record(request.user, "client.searched" if text else "client.listed", changes={"shown": len(rows)})
    context = {
        "page": page,
        "rows": rows,
        "marked": [(client, marks.get(client.pk, [])) for client in rows],
        "text": text,
        "show": show,
        "filters": _filters(text, show),
        "pick": _pick_url(request),
        "most": MOST,
        "create_url": f"{reverse('people:client-create')}?{urlencode({'name': text})}",
    }
    return render(request, "people/client_list.html", context)


def _filters(text: str, show: str) -> list[dict[str, Any]]:
    query = {"q": text} if text else {}
    return [
        {"label": _("Current"), "url": f"?{urlencode(query)}", "is_current": show == "current"},
        {
            "label": _("Archived"),
            "url": f"?{urlencode({**query, 'show': 'archived'})}",
            "is_current": show == "archived",
        },
    ]


@access(Permission.VIEW_CLIENTS)
@require_safe
def client_search(request: StaffRequest) -> HttpResponse:
    """Suggestions while somebody types; without htmx the whole list page with the same words.

    `q`     what was typed. Empty: an empty fragment.
    `pick`  1 makes each option choose a client instead of opening the record: the option carries the id in
            `data-value`, and its `href` adds `client=<id>` to `next`.
    `next`  with `pick`: an address of ours to go on to; without it, the page the options are shown on.

    The fragment is `components/suggestions.html`, made for a form with `data-combobox`: put
    `hx-get="{% url 'people:client-search' %}?pick=1"` on its `role="combobox"` input named `q`, and listen to
    `combobox:choose` (`event.detail.option.dataset.value`). Queries: at most four, and one to record the search.
    """
    if not request.htmx:
        return client_list(request)  # type: ignore[return-value]
    text = request.GET.get("q", "").strip()
    if not text:
        return HttpResponse("")
    found = Client.objects.visible_to(request.user).suggest(text)
    audit.record(request.user, "client.searched", changes={"shown": len(found)})
    pick = _pick_url(request)
    options = [_option(client, pick) for client in found]
    return render(request, "components/suggestions.html", {"options": options, "label": _("Clients")})


def _option(client: Client, pick: str) -> dict[str, Any]:
    """One suggestion: enough to tell two people of one name apart, and nothing of their health."""
    born = _("born %(date)s") % {"date": date_format(client.born_on, "SHORT_DATE_FORMAT")} if client.born_on else ""
    contact = client.phone.as_international if client.phone else client.email
    return {
        "url": f"{pick}{client.pk}" if pick else reverse("people:client-detail", args=[client.pk]),
        "value": client.pk,
        "name": client.full_name,
        "detail": f"#{client.number}",
        "note": " · ".join(filter(None, [born, contact])),
    }


def _pick_url(request: HttpRequest) -> str:
    """Where choosing a client leads, up to the id; empty when choosing means opening."""
    if not request.GET.get("pick"):
        return ""
    target = request.GET.get("next", "")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None):
        target = ""
    return f"{target}{'&' if '?' in target else '?'}client="


@access(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def client_create(request: StaffRequest) -> HttpResponse:
    """A new client. Records that may be the same person are shown once, before it is added."""
    form = NewClientForm(request.POST or None, user=request.user, initial=_typed(request))
    duplicates: list[PossibleDuplicate] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if not request.POST.get("anyway"):
            duplicates = possible_duplicates(by=request.user, **{name: data[name] for name in DUPLICATE_FIELDS})
        if not duplicates:
            client = services.add_client(by=request.user, **data)
            messages.success(request, _("%(name)s was added.") % {"name": client.full_name})
            return redirect("people:client-detail", client.pk)
    status = 422 if form.errors or duplicates else 200
    return render(request, "people/client_create.html", {"form": form, "duplicates": duplicates}, status=status)


def _typed(request: HttpRequest) -> dict[str, str]:
    """A name that was searched in vain goes into the form."""
    given, _space, family = request.GET.get("name", "").strip()[:160].rpartition(" ")
    return {"given_name": given, "family_name": family} if given else {"given_name": family}


@access(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def client_edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What is known about a client."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    form = ClientForm(request.POST or None, instance=client)
    if request.method == "POST" and form.is_valid():
        services.change_client(client=client, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:client-detail", client.pk)
    if request.method != "POST":
        audit.read(request.user, client, client=client)
    may_merge = may(request.user, Permission.MERGE_CLIENTS)
    context = {"form": form, "client": Client.objects.get(pk=client.pk), "may_merge": may_merge}
    return render(request, "people/client_edit.html", context, status=422 if form.errors else 200)

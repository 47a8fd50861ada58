"""Two records of one person: find, compare, merge."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.audit import services as audit
from clinic.people.access import access
from clinic.people.models import Client
from clinic.people.permissions import Permission
from clinic.people.services.duplicates import DUPLICATE_FIELDS, possible_duplicates
from clinic.people.services.merging import FILLED, check_mergeable, merge_clients
from clinic.people.views.clients import StaffRequest


@access(Permission.MERGE_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def client_merge(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose the other record (`?client=`), compare the two, and merge it into this one."""
    keep = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    chosen = request.POST.get("client") or request.GET.get("client")
    if not chosen:
        details = {name: getattr(keep, name) for name in DUPLICATE_FIELDS}
        found = possible_duplicates(by=request.user, besides=keep, **details)
        return render(request, "people/client_merge_choose.html", {"client": keep, "duplicates": found})
    merge = get_object_or_404(Client.objects.visible_to(request.user), pk=_uuid(chosen))
    if request.method == "POST":
        merge_clients(keep=keep, merge=merge, by=request.user)
        messages.success(request, _("The two records are one now."))
        return redirect("people:client-detail", keep.pk)
    check_mergeable(keep=keep, merge=merge)
    for client in (keep, merge):
        audit.read(request.user, client, client=client)
    context = {"client": keep, "other": merge, "rows": compared(keep, merge)}
    return render(request, "people/client_merge.html", context)


def compared(keep: Client, merge: Client) -> list[dict[str, Any]]:
    """Each field that one of the two knows: both values, and the one that stays."""
    rows = []
    for name in FILLED:
        ours, theirs = _shown(keep, name), _shown(merge, name)
        if ours or theirs:
            label = str(Client._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            rows.append({"label": label, "ours": ours, "theirs": theirs, "is_filled": bool(theirs and not ours)})
    return rows


def _shown(client: Client, name: str) -> str:
    value = getattr(client, name)
    if name == "born_on":
        return date_format(value, "DATE_FORMAT") if value else ""
    return value.as_international if name.endswith("phone") and value else str(value)


def _uuid(text: str) -> uuid.UUID | None:
    """None, which no record has, for anything that is no id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None

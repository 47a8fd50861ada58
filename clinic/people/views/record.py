"""The record of one client, to which every part of the product adds."""

import uuid
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from clinic.audit import services as audit
from clinic.people.access import access
from clinic.people.models import Client
from clinic.people.permissions import Permission
from clinic.people.record import panels, timeline
from clinic.people.record.reading import Reading
from clinic.people.services.handing_out import export_everything
from clinic.people.views.clients import StaffRequest

NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@access(Permission.VIEW_CLIENTS)
@require_safe
def client_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """All that is known about a client. With htmx entries of the timeline: of other kinds, or another page."""
    clients = Client.objects.visible_to(request.user).prefetch_related("locations", "merged_from")
    client = get_object_or_404(clients, pk=pk)
    if client.merged_into_id:
        return redirect("people:client-detail", client.merged_into_id)
    record = Reading.of(client, request.user)
    kinds = request.GET.getlist("show") if "show" in request.GET else None
    shown = timeline.read(record, kinds=kinds, page=request.GET.get("page"))
    context: dict[str, Any] = {"client": client, "record": record, "timeline": shown}
    if request.htmx:
        _note_reading(record, timeline=shown.counts)
        return render(request, "people/record/entries.html", context)
    pieces = panels.shown_to(record)
    _note_reading(record, timeline=shown.counts, panels=panels.names(pieces))
    context |= _frame(record) | {"panels": pieces, "styles": panels.styles(pieces)}
    return render(request, "people/client_detail.html", context)


@access(Permission.EXPORT_CLIENT)
@require_POST
def client_export(request: StaffRequest, pk: uuid.UUID) -> FileResponse:
    """Everything held about a client, as a file to save."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk, merged_into=None)
    made = export_everything(client=client, by=request.user)
    return FileResponse(
        made.content, as_attachment=True, filename=made.name, content_type="application/zip", headers=NOT_KEPT
    )


def _note_reading(record: Reading, **shown: Any) -> None:
    """What was shown, by name and number: some of it is clinical."""
    audit.record(record.user, "client.read", record.client, client=record.client, changes=shown)


def _frame(record: Reading) -> dict[str, Any]:
    """What stands around the panels: one query at most."""
    return {
        "age": record.client.age_on(record.today),
        "alerts": [alert for alert in record.open_alerts if alert.client_id == record.client.pk],
        "locations": list(record.client.locations.all()),
        "merged": list(record.client.merged_from.all()),
    }

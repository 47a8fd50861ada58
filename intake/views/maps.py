"""Pain maps for staff: two beside each other, all of them in order, new ones, files of them."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clinic.audit import services as audit
from clinic.people.access import StaffRequest, access
from clinic.people.models import Client
from clinic.people.permissions import Permission, may
from intake.figures import views_for
from intake.reads.drawings import drawings_of, pair_of, visits_of


@access(Permission.VIEW_INTAKE)
@require_safe
def client_maps(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Every drawing of a client: any two beside each other, all of them in order."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    drawings = drawings_of(client)
    audit.record(request.user, "drawing.listed", client=client, changes={"rows": len(drawings)})
    pair = pair_of(drawings, request.GET.get("before", ""), request.GET.get("now", ""))
    context = {
        "client": client,
        "zone": zone_of(client),
        "pair": pair,
        "visits": visits_of(drawings),
        "views": views_for([mark for drawing in drawings for mark in drawing.marks])[:2],
        "may_draw": may(request.user, Permission.WRITE_NOTE),
    }
    return render(request, "intake/maps/client_maps.html", context)


def zone_of(client: Client) -> str:
    """Where the client comes to; one query."""
    location = client.locations.first()
    return str(location.timezone) if location else "UTC"

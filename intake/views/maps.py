"""Pain maps for staff: two beside each other, all of them in order, new ones, files of them."""

import uuid
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access
from clinic.people.models import Client
from clinic.people.permissions import Permission, may
from intake import body_map
from intake.body_map_form import form_context
from intake.exports import as_png, as_svg
from intake.figures import views_for
from intake.map_fields import legible_in, marks_in
from intake.models import PainDrawing
from intake.reads.drawings import drawings_of, pair_of, visits_of
from intake.rules import Mark
from intake.services.drawing import draw_by_staff
from intake.staff_map import map_item


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


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def map_create(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The therapist marks with the client where it hurts; what was marked comes back with an error, never lost."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    marks: list[Mark] = []
    error = ""
    if request.method == "POST":
        try:
            marks = marks_in(map_item(), request.POST)
            draw_by_staff(client=client, marks=marks, by=request.user)
        except (ValueError, Refused) as refused:
            error = str(refused)
            marks = legible_in(map_item(), request.POST)
        else:
            messages.success(request, _("The map was kept."))
            return redirect("intake:client-maps", client.pk)
    question = {"error": error, "item": map_item(), "extra": form_context(map_item(), marks, is_dense=True)}
    context = {"client": client, "question": question}
    return render(request, "intake/maps/draw.html", context, status=422 if error else 200)


@access(Permission.VIEW_INTAKE)
@require_safe
def map_svg(request: StaffRequest, pk: uuid.UUID, view: str) -> HttpResponse:
    """One view of a drawing as a file, for paper."""
    drawing, zone = _drawing(request, pk, view)
    return _file(as_svg(drawing, view, zone=zone), "image/svg+xml", _name(drawing, view, zone, "svg"))


@access(Permission.VIEW_INTAKE)
@require_safe
def map_png(request: StaffRequest, pk: uuid.UUID, view: str) -> HttpResponse:
    """The same as a picture."""
    drawing, zone = _drawing(request, pk, view)
    return _file(as_png(drawing, view, zone=zone), "image/png", _name(drawing, view, zone, "png"))


def _drawing(request: StaffRequest, pk: uuid.UUID, view: str) -> tuple[PainDrawing, ZoneInfo]:
    """The drawing in its zone, its reading noted; 404 for another's and for a view there is not."""
    if view not in body_map.views():
        raise Http404
    drawings = PainDrawing.objects.visible_to(request.user).select_related("client").prefetch_related("marks")
    drawing = get_object_or_404(drawings, pk=pk)
    audit.read(request.user, drawing, client=drawing.client)
    return drawing, ZoneInfo(zone_of(drawing.client))


def _file(content: str | bytes, media_type: str, name: str) -> HttpResponse:
    """Shown or saved, never run: the file may load and do nothing, wherever it is opened."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _name(drawing: PainDrawing, view: str, zone: ZoneInfo, ending: str) -> str:
    """No client's name in a file's name."""
    return f"pain-map-{drawing.drawn_at.astimezone(zone):%Y-%m-%d}-{view}.{ending}"


def zone_of(client: Client) -> str:
    """Where the client comes to; one query."""
    location = client.locations.first()
    return str(location.timezone) if location else "UTC"

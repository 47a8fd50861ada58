"""Pain drawings that staff make with a client."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import Client, User
from clinic.people.permissions import Permission, require
from intake.models import PainDrawing, PainMark
from intake.rules import Mark


@transaction.atomic
def draw_by_staff(*, client: Client, marks: Iterable[Mark], by: User) -> PainDrawing:
    """What a client points at now. Raises Refused without a mark: an empty map says nothing."""
    require(by, Permission.WRITE_NOTE, client)
    rows = list(marks)
    if not rows:
        raise Refused(_("Mark at least one place."), code="nothing-marked")
    drawing = PainDrawing.objects.create(client=client, drawn_at=clock.now(), drawn_by=by)
    PainMark.objects.bulk_create(row_of(drawing, mark) for mark in rows)
    audit.record(by, "drawing.made", drawing, client=client)
    return drawing


def row_of(drawing: PainDrawing, mark: Mark) -> PainMark:
    """A mark as it is kept."""
    return PainMark(
        drawing=drawing,
        region=mark.region,
        side=mark.side,
        qualities=list(mark.qualities),
        intensity=mark.intensity,
        course=mark.course,
        spreads_to=mark.spreads_to,
        stroke=mark.stroke.as_json() if mark.stroke else None,
    )

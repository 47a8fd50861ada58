"""Whether anything that an open calendar shows has changed: asked by everybody who has one open, every two seconds."""

import datetime as dt
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, DateTimeField, Max, Value
from django.db.models.functions import Cast

from clinic.core import clock
from clinic.people.models import Location, Room, User
from scheduling.calendar.facts import bounds, stamp_text
from scheduling.models import Appointment, SlotHold


def stamp(
    places: list[Location], days: list[dt.date], *, therapist: User | None = None, room: Room | None = None
) -> str:
    """A text that differs as soon as a visit, its form or a held time on these days does. 1 query, by the index.

    What it does not follow (alerts, red flags, time off) comes with the slow refresh of the page.
    """
    span = bounds(places, days)
    booked = Appointment.objects.filter(location__in=places).overlapping(*span)
    if therapist:
        booked = booked.filter(therapist=therapist)
    if room:
        booked = booked.filter(room=room)
    held = SlotHold.objects.live(clock.now()).filter(location__in=places).occupying(*span)
    nothing = Cast(Value(None), DateTimeField())
    visits = _summed(booked, 0, Max("updated_at"), Max("invitation__updated_at"), ArrayAgg(nothing))
    holds = _summed(held, 1, nothing, nothing, ArrayAgg("expires_at"))
    count, changed, form_changed, until = 0, None, None, []
    for kind, number, latest, latest_form, ends in visits.union(holds, all=True):
        if kind == 0:
            count, changed, form_changed = number, latest, latest_form
        else:
            until = sorted(ends)
    return stamp_text(count, changed, form_changed, until)


def _summed(rows: Any, kind: int, latest: Any, form: Any, ends: Any) -> Any:
    named = rows.order_by().annotate(kind=Value(kind)).values("kind")
    return named.annotate(number=Count("pk"), latest=latest, form=form, ends=ends).values_list(
        "kind", "number", "latest", "form", "ends"
    )

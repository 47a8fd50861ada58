"""A client's visits in the client's record: the next and the last among the facts, all of them on the timeline."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.people.permissions import Permission
from clinic.people.record import held, panels, timeline
from clinic.people.record.held import Area, Table
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import joined, time_of
from scheduling.models import Appointment, BookingRequest, Series, SlotHold

Status = Appointment.Status
NAMES = ("service__name", "therapist__name", "room__name", "location__name", "location__timezone")
TOLD = ("service__name", "therapist__name", "location__name", "location__timezone")
ICONS = {Status.LATE_CANCELLED: "cancelled"}


class Visits(timeline.Source):
    """Each stands where it begins, so that what is booked ahead comes first."""

    name = "visits"
    kind = Kind.VISITS
    permission = Permission.VIEW_CALENDAR

    def rows(self, reading: Reading) -> QuerySet[Appointment]:
        return _of(reading).annotate(at=F("during__startswith"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = Appointment.objects.filter(pk__in=keys).select_related("service", "therapist", "room", "location")
        return {row.pk: _entry(row) for row in rows.only("during", "status", "cancel_reason", "series", *NAMES)}


def _of(reading: Reading) -> QuerySet[Appointment]:
    rows: QuerySet[Appointment] = Appointment.objects.visible_to(reading.user).filter(client__in=reading.ids)
    return rows


def _entry(row: Appointment) -> Entry:
    words = {
        "time": time_of(row.starts_at, row.zone),
        "therapist": row.therapist.name,
        "room": row.room.name,
        "place": row.location.name,
    }
    where = _("%(time)s with %(therapist)s, %(room)s, %(place)s") % words
    minutes = ngettext("%(number)s min", "%(number)s min", row.duration_minutes) % {"number": row.duration_minutes}
    return Entry(
        icon="calendar",
        title=row.service.name,
        detail=joined(where, minutes, _("one of a series") if row.series_id else "", row.cancel_reason),
        url=reverse("scheduling:appointment-detail", args=[row.pk]),
        is_dialog=True,
        state=row.get_status_display(),
        state_icon=ICONS.get(Status(row.status), row.status),
        tone="warn" if row.status == Status.NO_SHOW else "",
    )


def visits_fact(reading: Reading) -> dict[str, Any]:
    """The next visit, how many more are booked after it, and the last one: two queries."""
    rows = _of(reading).select_related("service", "therapist", "location").only("during", "status", *TOLD)
    ahead = rows.active().exclude(status=Status.COMPLETED).filter(during__endswith__gt=reading.now)  # type: ignore[attr-defined]
    coming = ahead.annotate(booked=Window(Count("pk"))).order_by("during").first()
    past = rows.filter(status=Status.COMPLETED, during__startswith__lte=reading.now)
    return {
        "coming": coming,
        "more": coming.booked - 1 if coming else 0,
        "last": past.order_by("-during").first(),
        "may_book": reading.may(Permission.BOOK) and not reading.client.is_archived,
    }


timeline.register(Visits())
panels.register(
    Panel(
        "visits",
        Place.FACTS,
        10,
        Permission.VIEW_CALENDAR,
        "scheduling/_record_visits.html",
        visits_fact,
        styles=("scheduling/css/booking.css",),
    )
)
held.register(
    Area(
        "visits",
        gettext_lazy("Visits"),
        (
            Table(
                Appointment,
                "client",
                title=("service",),
                at="starts_at",
                technical=("occupies", "version", "previous", "is_overlap_allowed"),
            ),
            Table(Series, "client", title=("service",), at="created_at", technical=("version",)),
        ),
    ),
    leaves_out={
        BookingRequest: "a key that keeps one press of a button from booking twice; says nothing of a person",
        SlotHold: "a time kept for minutes until somebody confirms it; what becomes of it is a visit",
    },
)

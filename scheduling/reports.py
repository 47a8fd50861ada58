"""How the practice ran: a period beside the one before. Six queries for each, however many visits."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from clinic.people.models import Location, Room, User
from scheduling.models import Appointment, TimeOff
from scheduling.openings import Opening, openings
from scheduling.rules.figures import Cells, by_hour_of_week
from scheduling.rules.status import INACTIVE
from scheduling.rules.walltime import Span, subtract


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days at the practice's first location, the end not included."""

    start: dt.datetime
    end: dt.datetime

    @property
    def before(self) -> "Period":
        length = self.end - self.start
        return Period(self.start - length, self.start)


@dataclass(slots=True)
class Use:
    """One therapist or room: hours open, hours booked, and both by hour of the week."""

    name: str
    open_cells: Cells = field(default_factory=dict)
    booked_cells: Cells = field(default_factory=dict)

    @property
    def open_hours(self) -> float:
        return sum(self.open_cells.values())

    @property
    def booked_hours(self) -> float:
        return sum(self.booked_cells.values())

    @property
    def share(self) -> float | None:
        return self.booked_hours / self.open_hours if self.open_hours else None


class _Median(models.Aggregate):
    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.DurationField()


def counts(period: Period, locations: list[Location]) -> dict[str, Any]:
    """Visits, no-shows, late cancellations, clients, lead time, forms. 1 query."""
    held = Q(status="completed")
    kept = held | Q(status="no-show") | Q(status="late-cancelled")
    earlier = Appointment.objects.filter(
        client=OuterRef("client"), status="completed", during__startswith__lt=period.start
    )
    visits = _in(period, locations).annotate(was_here=Exists(earlier))
    lead = models.ExpressionWrapper(
        models.F("during__startswith") - models.F("created_at"), output_field=models.DurationField()
    )
    waited = Q(is_first_visit=True, created_at__lte=models.F("during__startswith")) & kept
    asked = Q(invitation__isnull=False) & ~Q(status__in=["cancelled", "late-cancelled"])
    return visits.aggregate(
        booked=Count("pk", filter=kept),
        held=Count("pk", filter=held),
        no_shows=Count("pk", filter=Q(status="no-show")),
        late=Count("pk", filter=Q(status="late-cancelled")),
        seen=Count("client", filter=held, distinct=True),
        new=Count("client", filter=held & Q(was_here=False), distinct=True),
        returning=Count("client", filter=held & Q(was_here=True), distinct=True),
        lead=_Median(lead, filter=waited),
        first_visits=Count("pk", filter=waited),
        asked=Count("pk", filter=asked),
        answered=Count("pk", filter=asked & Q(invitation__completed_at__lte=models.F("during__startswith"))),
    )


def use_of_therapists(period: Period, locations: list[Location]) -> list[Use]:
    """Hours worked, less time off, and hours booked in them. 4 queries."""
    opened = _working(period, locations)
    booked = _booked(period, locations, "therapist_id")
    people = User.objects.in_bulk([*opened])
    uses = [
        Use(people[key].name, by_hour_of_week(spans), by_hour_of_week(booked.get(key, [])))
        for key, spans in opened.items()
    ]
    return sorted(uses, key=lambda use: use.name)


def use_of_rooms(period: Period, locations: list[Location]) -> list[Use]:
    """Rooms are open when their location is, on the days somebody works there. 4 queries."""
    days: dict[uuid.UUID, set[dt.date]] = defaultdict(set)
    for each in _openings(period, locations):
        days[each.location.pk].add(each.span[0].astimezone(each.location.zone).date())
    booked = _booked(period, locations, "room_id")
    uses = []
    for room in Room.objects.filter(location__in=locations, is_active=True).select_related("location"):
        spans = [(_opening(room.location, day), room.location.zone) for day in sorted(days[room.location_id])]
        name = f"{room.name}, {room.location.name}" if len(locations) > 1 else room.name
        uses.append(Use(name, by_hour_of_week(spans), by_hour_of_week(booked.get(room.pk, []))))
    return uses


def _in(period: Period, locations: list[Location]) -> models.QuerySet[Appointment]:
    visits: models.QuerySet[Appointment] = (
        Appointment.objects.filter(
            location__in=locations, during__startswith__gte=period.start, during__startswith__lt=period.end
        )
        .overlapping(period.start, period.end + dt.timedelta(days=1))
        .order_by()
    )
    return visits


def _booked(period: Period, locations: list[Location], key: str) -> dict[uuid.UUID, list[tuple[Span, ZoneInfo]]]:
    zones = {location.pk: location.zone for location in locations}
    booked: dict[uuid.UUID, list[tuple[Span, ZoneInfo]]] = defaultdict(list)
    rows = _in(period, locations).exclude(status__in=INACTIVE).values_list(key, "location_id", "during")
    for owner, location_id, during in rows:
        booked[owner].append(((during.lower, during.upper), zones[location_id]))
    return booked


def _openings(period: Period, locations: list[Location]) -> list[Opening]:
    return openings(locations=locations, first_day=period.start.date(), last_day=period.end.date())


def _working(period: Period, locations: list[Location]) -> dict[uuid.UUID, list[tuple[Span, ZoneInfo]]]:
    off: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for therapist_id, during in TimeOff.objects.overlapping(period.start, period.end).values_list(
        "therapist", "during"
    ):
        off[therapist_id].append((during.lower, during.upper))
    outside = [(period.start - dt.timedelta(days=2), period.start), (period.end, period.end + dt.timedelta(days=2))]
    worked: dict[uuid.UUID, list[tuple[Span, ZoneInfo]]] = defaultdict(list)
    for each in _openings(period, locations):
        left = subtract([each.span], [*off[each.therapist.pk], *outside])
        worked[each.therapist.pk] += [(span, each.location.zone) for span in left]
    return worked


def _opening(location: Location, day: dt.date) -> Span:
    start = dt.datetime.combine(day, location.opens_at, tzinfo=location.zone)
    end = dt.datetime.combine(day, location.closes_at, tzinfo=location.zone)
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)

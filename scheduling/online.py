"""What can be booked online: where, what, with whom, and when. Reads only."""

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic.core import clock
from clinic.people.models import Location, User
from scheduling import availability
from scheduling.availability import Day, Search, Slot
from scheduling.models import Appointment, BookingRules, Service

MOST_A_DAY = 96


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to book online. Without a therapist: anyone."""

    service: Service
    location: Location
    rules: BookingRules
    therapist: User | None = None
    moving: Appointment | None = None

    @property
    def earliest(self) -> dt.datetime:
        """Sooner than this it has to be the telephone: the service's own notice, or the practice's."""
        hours = self.service.notice_hours
        return clock.now() + dt.timedelta(hours=self.rules.online_notice_hours if hours is None else hours)

    @property
    def latest(self) -> dt.datetime:
        """Nothing begins later than this."""
        return clock.now() + dt.timedelta(days=self.rules.online_horizon_days)

    @property
    def last_day(self) -> dt.date:
        return self.latest.astimezone(self.location.zone).date()

    @property
    def length(self) -> dt.timedelta:
        return dt.timedelta(minutes=(self.moving or self.service).duration_minutes)


def therapists() -> QuerySet[User]:
    """Therapists who take online bookings."""
    found: QuerySet[User] = User.objects.therapists().filter(therapist_profile__is_bookable_online=True)
    return found


def places() -> list[Location]:
    """Active locations where something can be booked online. 1 query."""
    offering = therapists().filter(services__is_bookable_online=True, services__is_active=True)
    return list(Location.objects.active().filter(pk__in=offering.values("locations")))


def services_at(location: Location) -> list[Service]:
    """What is offered online at a location, first what new clients look for. 1 query."""
    offering = therapists().filter(locations=location).values("services")
    offered = Service.objects.active().filter(is_bookable_online=True, pk__in=offering)
    return list(offered.order_by("-is_for_new_clients_only", "-is_first_visit", "name"))


def therapists_for(service: Service, location: Location) -> list[User]:
    """Who offers it there online, by name. 1 query."""
    return list(therapists().filter(services=service, locations=location).order_by("name"))


def free_days(wanted: Wanted, *, since: dt.date | None = None, days: int = 7) -> list[Day]:
    """The first dates with free times, those times in order. 3 queries."""
    start = wanted.earliest
    if since:
        start = max(start, clock.day_bounds(since, wanted.location.zone)[0])
    search = _search(wanted, start, wanted.latest + wanted.length)
    return availability.find(search, days=days, per_day=MOST_A_DAY) if search else []


def month(wanted: Wanted, first_day: dt.date) -> dict[dt.date, int]:
    """How many free times each date of a month has; those without any are not in it. 3 queries."""
    search = _search(wanted, wanted.earliest, wanted.latest + wanted.length)
    return availability.month(search, first_day=first_day) if search else {}


def slot_at(wanted: Wanted, starts_at: dt.datetime, *, without: Collection[uuid.UUID] = ()) -> Slot | None:
    """Who takes the visit at that very instant; nobody outside notice and horizon. 3 queries."""
    search = _search(wanted, starts_at, starts_at + wanted.length, without)
    near = availability.nearest(search, to=starts_at, limit=1) if search else []
    return next((slot for slot in near if slot.starts_at == starts_at), None)


def nearest(wanted: Wanted, starts_at: dt.datetime, *, limit: int = 4) -> list[Slot]:
    """The free times closest to one that is gone, from the day before to a week after. 3 queries."""
    day = dt.timedelta(days=1)
    search = _search(wanted, starts_at - day, max(wanted.earliest, starts_at) + 7 * day)
    return availability.nearest(search, to=starts_at, limit=limit) if search else []


def _search(
    wanted: Wanted, since: dt.datetime, until: dt.datetime, without: Collection[uuid.UUID] = ()
) -> Search | None:
    """None when nobody is left who could be meant. 1 query."""
    offering = therapists().filter(services=wanted.service, locations=wanted.location).exclude(pk__in=without)
    people = tuple(offering.filter(pk=wanted.therapist.pk) if wanted.therapist else offering)
    if not people:
        return None
    return Search(
        service=wanted.service,
        since=since,
        until=until,
        therapists=people,
        location=wanted.location,
        moving=wanted.moving,
        client=wanted.moving.client if wanted.moving else None,
        is_online=True,
    )

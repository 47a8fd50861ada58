"""What somebody has chosen so far, read from the address, and the steps there are."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.core.errors import Refused
from clinic.people.models import Location
from scheduling import online
from scheduling.models import BookingRules, Service
from scheduling.online import Wanted
from scheduling.views.parsing import asked, date_in, uuid_in

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Way:
    """The way through the pages: one step fewer where there is one place only."""

    places: list[Location]
    location: Location | None

    @property
    def total(self) -> int:
        return 4 + self.asks_for_place

    @property
    def asks_for_place(self) -> bool:
        return len(self.places) > 1

    def step(self, number: int) -> dict[str, Any]:
        """Where one is; 1 is the service."""
        return {"step": number + self.asks_for_place, "total": self.total}

    @property
    def back_to_places(self) -> str:
        return reverse("scheduling:book-online") if self.asks_for_place else ""

    @property
    def back_to_services(self) -> str:
        return url("book-online", location=self.location)


def way_of(request: HttpRequest) -> Way:
    """The place asked for, or the only one. Raises Http404 for one where nothing is booked online."""
    places = online.places()
    text = asked(request, "location")
    if not text:
        return Way(places, places[0] if len(places) == 1 else None)
    wanted = uuid_in(text)
    location = next((each for each in places if each.pk == wanted), None)
    if location is None:
        raise Http404
    return Way(places, location)


def service_in(way: Way, pk: Any) -> tuple[Service, Location]:
    """Raises Http404 for one that is not offered online there, or without a place."""
    if way.location is None:
        raise Http404
    service = next((each for each in online.services_at(way.location) if each.pk == pk), None)
    if service is None:
        raise Http404
    return service, way.location


def wanted_in(request: HttpRequest, way: Way, pk: Any, rules: BookingRules) -> Wanted:
    """Raises Http404 for a therapist who does not take such visits online."""
    service, location = service_in(way, pk)
    text = asked(request, "therapist")
    if not text:
        return Wanted(service, location, rules)
    offering = {each.pk: each for each in online.therapists_for(service, location)}
    therapist = offering.get(uuid_in(text))
    if therapist is None:
        raise Http404
    return Wanted(service, location, rules, therapist=therapist)


def month_in(request: HttpRequest) -> dt.date | None:
    """The first day of `?month=2026-03`. Raises Refused for what is none."""
    text = asked(request, "month")
    if not text:
        return None
    found = MONTH.fullmatch(text)
    if found is None:
        raise Refused(_("“%(text)s” is not a month.") % {"text": text[:20]}, code="bad-date")
    return dt.date(int(found[1]), int(found[2]), 1)


def date_in_address(request: HttpRequest, name: str) -> dt.date | None:
    """Raises Refused for what is no date."""
    return date_in(request, name, dt.date.min) if asked(request, name) else None


def url(name: str, *args: Any, **query: Any) -> str:
    """An address of these pages; what is None or empty is left out of its query."""
    said = {key: getattr(value, "pk", value) for key, value in query.items() if value}
    path = reverse(f"scheduling:{name}", args=args)
    return f"{path}?{urlencode(said)}" if said else path

"""The requests that are measured, each through the whole stack of the server, warm."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clinic.people.models import Client, Location, User
from scheduling.models import Service

from _side_by_side import Target  # isort: skip  # beside this file

FLOOR = "the floor: the red-flag list, ten rows"


TARGETS = {
    FLOOR: Target(),
    "free times, one therapist, one day": Target(10, 1.6, 1.2, 6),
    "free times, anyone at one location, one day": Target(14, 2.2, None, 6),
    "next 5 free times, anyone, anywhere, 60 days": Target(40, 6, None, 6),
    "a month's overview, one therapist": Target(14, 2.2, 1.3, 6),
    "day calendar of one location": Target(50, 8, None, 8),
    "day calendar, ten of its therapists": Target(None, None, 1.3, 8),
    "week of one therapist": Target(25, 4, 1.3, 8),
    "client search, three letters": Target(12, 2, 1.5, 5),
    "client search, phone": Target(12, 2, 1.5, 5),
    "client search, typing error": Target(40, 6, None, 5),
    "booking, audit, outbox and all": Target(30, 5, 1.2, None),
}


def signed_in(number: int = 0) -> Browser:
    """An owner sees every location, so nothing is saved by a narrow scope."""
    browser = Browser(HTTP_HOST="127.0.0.1")
    browser.force_login(User.objects.get(email=f"owner{number}@example.org"))
    return browser


def addresses() -> dict[str, str]:
    """The address of each row that only reads, on a working day two weeks ahead.

    The small practice has ten therapists, so growth is that of a day with ten columns in both; the twenty of a large
    location count for time and queries alone (in the small practice that row has ten columns).
    """
    day = timezone.now().date() + dt.timedelta(days=14)
    day += dt.timedelta(days=(2 - day.weekday()) % 7)
    place = Location.objects.get(name="Place 0")
    therapists = list(User.objects.filter(locations=place, role_rows__role="therapist").order_by("name"))
    therapist = therapists[0]
    service = Service.objects.get(name="Service 3")
    begin = dt.datetime.combine(day, dt.time.min, tzinfo=place.zone)
    one_day = {"service": service.pk, "from": begin.isoformat(), "days": 1}
    rows = {
        FLOOR: (reverse("intake:flag-list"), {}),
        "free times, one therapist, one day": (_free_times(), one_day | {"therapist": therapist.pk}),
        "free times, anyone at one location, one day": (_free_times(), one_day | {"location": place.pk}),
        "next 5 free times, anyone, anywhere, 60 days": (_free_times(), {"service": service.pk, "limit": 5}),
        "a month's overview, one therapist": (
            reverse("api:free-time-month"),
            {"service": service.pk, "therapist": therapist.pk, "month": f"{day:%Y-%m}"},
        ),
        "day calendar of one location": (reverse("scheduling:day"), {"date": day, "location": place.pk}),
        "day calendar, ten of its therapists": (
            reverse("scheduling:day"),
            {"date": day, "location": place.pk, "therapist": [each.pk for each in therapists[:10]]},
        ),
        "week of one therapist": (
            reverse("scheduling:day"),
            {"date": day, "location": place.pk, "columns": "week", "therapist": therapist.pk},
        ),
        "client search, three letters": (reverse("scheduling:appointment-clients"), {"q": "her"}),
        "client search, phone": (reverse("scheduling:appointment-clients"), {"q": "0137"}),
        "client search, typing error": (reverse("scheduling:appointment-clients"), {"q": "herera"}),
    }
    return {row: f"{path}?{urlencode(query, doseq=True)}" for row, (path, query) in rows.items()}


def _free_times() -> str:
    return reverse("api:free-time-list")


class Work:
    """One practice, asked row by row."""

    def __init__(self) -> None:
        self.browser = signed_in()
        self.addresses = addresses()
        self.bookings = self._bookings()

    def do(self, row: str) -> Callable[[], Any]:
        """Gives what is to be timed. Raises RuntimeError in it for an answer that is none."""
        if row not in self.addresses:
            browser, slot = self.browser, next(self.bookings)
            return lambda: _checked(browser.post("/api/v1/appointments/", **slot), 201)
        return lambda: _checked(self.browser.get(self.addresses[row]), 200)

    def _bookings(self) -> Iterator[dict[str, Any]]:
        """Free times to book, with another client each."""
        service = Service.objects.get(name="Service 3")
        since, booked_until = timezone.now() + dt.timedelta(days=3), dict[str, str]()
        while True:
            query = {"service": service.pk, "from": since.isoformat(), "limit": 200}
            found = self.browser.get(f"{_free_times()}?{urlencode(query)}").json()["results"]
            for slot in found:
                if slot["starts_at"] < booked_until.get(slot["therapist"], ""):
                    continue
                booked_until[slot["therapist"]] = slot["ends_at"]
                wish = {name: slot[name] for name in ("therapist", "room", "starts_at")}
                yield {
                    "data": wish | {"client": str(_newcomer().pk), "service": str(service.pk)},
                    "content_type": "application/json",
                    "headers": {"Idempotency-Key": str(uuid.uuid4())},
                }
            since = dt.datetime.fromisoformat(found[-1]["starts_at"]) + dt.timedelta(hours=1)


def _newcomer() -> Client:
    """Somebody who has no visit yet that could be in the way."""
    return Client.objects.create(given_name="Nora", family_name="Newcomer", email="nora@example.org")


def _checked(answer: Any, status: int) -> None:
    if answer.status_code != status:
        raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")

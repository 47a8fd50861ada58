"""What `bin/bench booking_sequences` and its short form in the tests do: random writes in a small clinic."""

import datetime as dt
import random
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from clinic.core import clock
from clinic.core.errors import DomainError
from clinic.people.models import Client, Location, Practice, Role, Room, StaffRole, User
from scheduling import availability, services
from scheduling.models import Appointment, Service, SlotHold, TimeOff, WaitlistEntry, WaitlistOffer, WorkingHours
from scheduling.services import booking, holds, offers, waitlist
from scheduling.services.locks import lock
from scheduling.services.series import Choice, Plan
from scheduling.services.series_changes import Change
from scheduling.services.transactions import retried

MINUTE = dt.timedelta(minutes=1)
DAYS_AHEAD = 4  # so few days and people that everybody is in everybody's way


class Offered(Exception):
    """Availability offered what booking then refused."""


class Clinic:
    """One location, three therapists, three rooms, two services, eight clients."""

    def __init__(self) -> None:
        Practice.objects.get_or_create(only=True, defaults={"name": "Bench Clinic"})
        self.location = Location.objects.create(
            name=f"Sequences {time.time()}", timezone="Europe/Berlin", opens_at=dt.time(8), closes_at=dt.time(13)
        )
        self.owner = self._member(0, Role.OWNER)
        self.therapists = [self._member(number, Role.THERAPIST) for number in range(1, 4)]
        self.rooms = [Room.objects.create(location=self.location, name=f"Room {each}") for each in range(3)]
        self.services = [
            Service.objects.create(name=f"{minutes} {time.time()}", duration_minutes=minutes, buffer_minutes=buffer)
            for minutes, buffer in ((45, 0), (30, 15))
        ]
        self.clients = [self._client(number) for number in range(8)]
        for therapist in self.therapists:
            therapist.services.set(self.services)  # type: ignore[attr-defined]
            for weekday in range(7):
                WorkingHours.objects.create(
                    therapist=therapist, location=self.location, weekday=weekday, starts_at=dt.time(8),
                    ends_at=dt.time(13), valid_from=dt.date(2020, 1, 1),
                )  # fmt: skip

    def _member(self, number: int, role: Role) -> User:
        made = User.objects.create(email=f"sequences{number}.{time.time()}@example.org", name=f"Member {number}")
        StaffRole.objects.create(user=made, role=role)
        made.locations.add(self.location)
        return made

    def _client(self, number: int) -> Client:
        made = Client.objects.create(given_name="C", family_name=str(number), email=f"c{number}@example.org")
        made.locations.add(self.location)
        return made


class Walker:
    """One of those who write at once: chooses by chance what to do, and counts what came of it."""

    def __init__(self, clinic: Clinic, seed: int) -> None:
        self.clinic = clinic
        self.chance = random.Random(seed)  # noqa: S311 - to be run again, not to be secret
        self.counts: Counter[tuple[str, str]] = Counter()
        self.surprises: list[str] = []
        self.acts: dict[str, Callable[[], object]] = {name: getattr(self, name) for name in WEIGHTS}

    def step(self) -> None:
        (name,) = self.chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))
        try:
            self.acts[name]()
        except DomainError as refusal:
            self.counts[name, refusal.code] += 1
        except Exception:
            self.surprises.append(f"{name}\n{traceback.format_exc()}")
        else:
            self.counts[name, "done"] += 1

    def book(self) -> object:
        return services.book_appointment(**self._wish(), by=self.clinic.owner)

    def book_beside(self) -> object:
        return services.book_appointment(**self._wish(), by=self.clinic.owner, overlap_reason="Couple")

    def find_and_book(self) -> object:
        """What is free under the lock is booked in the same transaction; a refusal is a broken promise."""
        wish = {name: each for name, each in self._wish().items() if name in ("client", "service", "therapist")}
        return find_and_book(self.clinic, wish, self.chance)

    def move(self) -> object:
        visit, room = self._visit(), self.chance.choice([None, *self.clinic.rooms])
        return services.move_appointment(
            appointment=visit, starts_at=self._time(), therapist=self._therapist(), room=room, by=self.clinic.owner
        )

    def stretch(self) -> object:
        visit = self._visit()
        ends_at = visit.starts_at + self.chance.randrange(15, 120, 15) * MINUTE
        return services.stretch_appointment(appointment=visit, ends_at=ends_at, by=self.clinic.owner)

    def cancel(self) -> object:
        return services.cancel_appointment(appointment=self._visit(), by=self.clinic.owner)

    def undo(self) -> object:
        visit = self._one(self._visits.exclude(previous={}))
        return services.undo(appointment=visit, by=self.clinic.owner, version=visit.version)

    def hold(self) -> object:
        return self._hold(dt.timedelta(minutes=10))

    def hold_and_book(self) -> object:
        hold = self._hold(dt.timedelta(minutes=10))
        wish = {"service": hold.service, "therapist": hold.therapist, "room": hold.room}
        return services.book_appointment(
            **wish, client=self._client(), starts_at=hold.during.lower, hold=hold, by=self.clinic.owner
        )

    def let_go(self) -> object:
        return holds.release_hold(hold=self._one(self._holds.filter(cause="online")))

    def run_out(self) -> object:
        """Time passes for some of the holds."""
        SlotHold.objects.filter(pk=self._one(self._holds).pk).update(expires_at=clock.now() - MINUTE)
        return holds.release_run_out()

    def series_book(self) -> object:
        plan = Plan(
            client=self._client(), service=self._service(), therapist=self._therapist(),
            location=self.clinic.location, rule=f"FREQ=DAILY;COUNT={self.chance.randint(2, 4)}",
            first_on=self._time().date(), begins_at=self._wall_time(),
        )  # fmt: skip
        preview = services.preview_series(plan=plan, by=self.clinic.owner)
        choices = {
            each.moment.on: Choice(starts_at=self.chance.choice(each.alternatives))
            if each.alternatives
            else Choice(is_skipped=True)
            for each in preview.in_question
        }
        return services.book_series(plan=plan, by=self.clinic.owner, choices=choices)

    def series_change(self) -> object:
        visit = self._of_series()
        change = Change(
            begins_at=self._wall_time(),
            therapist=self.chance.choice([None, self._therapist()]),
            duration_minutes=self.chance.choice([None, 30, 60]),
            moves_moved=self.chance.random() < 0.3,
        )
        scope = self.chance.choice(["one", "following", "all"])
        preview = services.preview_change(appointment=visit, scope=scope, change=change, by=self.clinic.owner)
        choices = {each.moment.on: Choice(is_skipped=True) for each in preview.visits if each.is_in_question}
        return services.change_series(
            appointment=visit, scope=scope, change=change, by=self.clinic.owner, choices=choices
        )

    def series_cancel(self) -> object:
        scope = self.chance.choice(["one", "following", "all"])
        return services.cancel_series(appointment=self._of_series(), scope=scope, by=self.clinic.owner)

    def time_off(self) -> object:
        start = self._time()
        return services.add_time_off(
            therapists=[self._therapist()], starts_at=start, ends_at=start + 60 * MINUTE, by=self.clinic.owner
        )

    def time_on(self) -> object:
        return services.remove_time_off(
            absence=self._one(TimeOff.objects.filter(therapist__in=self.clinic.therapists)), by=self.clinic.owner
        )

    def wait(self) -> object:
        return waitlist.add_to_waitlist(client=self._client(), service=self._service(), by=self.clinic.owner)

    def accept(self) -> object:
        return offers.accept_offer(offer=self._offer(), by=self.clinic.owner)

    def decline(self) -> object:
        return offers.decline_offer(offer=self._offer(), by=self.clinic.owner)

    def offer(self) -> object:
        wish, waiting = self._wish(), WaitlistEntry.objects.waiting().filter(client__in=self.clinic.clients)
        return offers.offer_slot(
            entry=self._one(waiting.select_related("client", "service")),
            therapist=wish["therapist"],
            starts_at=wish["starts_at"],
            room=self.chance.choice(self.clinic.rooms),
            by=self.clinic.owner,
        )

    def offers_end(self) -> object:
        offer = self._offer()
        WaitlistOffer.objects.filter(pk=offer.pk).update(expires_at=clock.now() - MINUTE)
        return offers.expire_offers()

    def _hold(self, lasts: dt.timedelta) -> SlotHold:
        return holds.hold_slot(
            service=self._service(), therapist=self._therapist(), room=self.chance.choice(self.clinic.rooms),
            starts_at=self._time(), cause=SlotHold.Cause.ONLINE, expires_at=clock.now() + lasts,
        )  # fmt: skip

    def _wish(self) -> dict[str, Any]:
        return {
            "client": self._client(), "service": self._service(), "therapist": self._therapist(),
            "starts_at": self._time(), "room": self.chance.choice([None, *self.clinic.rooms]),
            "location": self.clinic.location,
        }  # fmt: skip

    def _client(self) -> Client:
        return self.chance.choice(self.clinic.clients)

    def _service(self) -> Service:
        return self.chance.choice(self.clinic.services)

    def _therapist(self) -> User:
        return self.chance.choice(self.clinic.therapists)

    def _wall_time(self) -> dt.time:
        return dt.time(self.chance.randrange(8, 13), self.chance.choice([0, 15, 30, 45]))

    def _time(self) -> dt.datetime:
        zone = self.clinic.location.zone
        day = clock.today(zone) + dt.timedelta(days=self.chance.randint(1, DAYS_AHEAD))
        return dt.datetime.combine(day, self._wall_time(), zone).astimezone(dt.UTC)

    def _visit(self) -> Appointment:
        return self._one(self._visits.active())

    def _of_series(self) -> Appointment:
        return self._one(self._visits.active().filter(series__isnull=False).select_related("series"))

    def _offer(self) -> WaitlistOffer:
        open_ones = WaitlistOffer.objects.filter(state="open", hold__location=self.clinic.location)
        return self._one(open_ones.select_related("entry__client", "hold"))

    @property
    def _visits(self) -> Any:
        return Appointment.objects.filter(location=self.clinic.location).with_people()

    @property
    def _holds(self) -> Any:
        return SlotHold.objects.filter(released_at=None, location=self.clinic.location)

    def _one(self, rows: Any) -> Any:
        found = list(rows.order_by("pk").values_list("pk", flat=True))
        row = rows.filter(pk=self.chance.choice(found)).first() if found else None
        if row is None:  # or not any more
            raise DomainError("None there.", code="none-there")
        return row


WEIGHTS = {
    "book": 20, "book_beside": 1, "find_and_book": 12, "move": 12, "stretch": 6, "cancel": 14, "undo": 8, "hold": 5,
    "hold_and_book": 4, "let_go": 2, "run_out": 4, "series_book": 7, "series_change": 7, "series_cancel": 3,
    "time_off": 2, "time_on": 3, "wait": 3, "offer": 2, "accept": 5, "decline": 2, "offers_end": 2,
}  # fmt: skip


def find_and_book(clinic: Clinic, wish: dict[str, Any], chance: random.Random) -> object:
    """Look under the locks that booking takes, then book. Raises Offered when it is refused."""

    @retried
    def attempt() -> object:
        lock(therapists=[wish["therapist"]], rooms=clinic.rooms, client=wish["client"])
        since = clock.now() + dt.timedelta(days=1)
        search = availability.Search(
            **wish,
            since=since,
            until=since + dt.timedelta(days=DAYS_AHEAD),
            location=clinic.location,
            user=clinic.owner,
        )
        free = [slot for day in availability.find(search, per_day=40) for slot in day.slots]
        if not free:
            raise DomainError("Nothing is free.", code="none-free")
        slot = chance.choice(free)
        try:
            with transaction.atomic():
                return booking.book(**wish, room=slot.room, starts_at=slot.starts_at, actor=clinic.owner)
        except DomainError as refusal:
            raise Offered(f"{slot.starts_at} with {slot.therapist} in {slot.room}: {refusal.code}") from refusal

    return attempt()


def run(walkers: list[Walker], seconds: float) -> list[threading.Thread]:
    """Let them all walk for a while; gives the threads, which have begun."""
    until = time.monotonic() + seconds

    def walk(walker: Walker) -> None:
        try:
            while time.monotonic() < until:
                walker.step()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=walk, args=(each,)) for each in walkers]
    for thread in threads:
        thread.start()
    return threads

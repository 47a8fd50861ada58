"""A practice of a given size in an empty database, by COPY: people, rooms, hours, and years of visits."""

import datetime as dt
import random
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from clinic.people.models import Client, Location, Practice, Room, StaffRole, User
from intake.models import Questionnaire, RedFlag, RedFlagRule, Response
from scheduling.models import Service

from client_search import people  # isort: skip  # beside this file

PAST = dt.timedelta(days=3 * 365)
AHEAD = dt.timedelta(days=60)
LUNCH = (12 * 60, 12 * 60 + 30)
OPENS, CLOSES = 8 * 60, 18 * 60
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York")
LENGTHS = ((30, 0), (45, 15), (30, 0), (45, 0), (30, 5), (30, 0), (30, 0), (60, 0), (30, 0), (30, 0))
MARK = 100_000
CLIENTS = (
    "id, created_at, updated_at, given_name, family_name, preferred_name, pronouns, born_on, email, phone, address, "
    "emergency_contact_name, emergency_contact_phone, referrer, language"
)
VISITS = (
    "id, created_at, updated_at, during, occupies, status, origin, note, cancel_reason, is_overlap_allowed, "
    "overlap_reason, is_first_visit, cancelled_by, version, previous, client_id, location_id, "
    "room_id, therapist_id, service_id"
)


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    therapists: int
    clients: int
    visits: int
    past: dt.timedelta = PAST

    @property
    def locations(self) -> int:
        return max(1, self.therapists // 20)


# Of a shorter history, so that its days are as full as those of the large one: growth compares databases, not days.
SMALL = Size("small", 10, 5_000, 20_000, past=dt.timedelta(days=171))
LARGE = Size("large", 200, 200_000, 2_000_000)
# As many people, as busy, with a short history: filled in a few minutes on a busy machine.
QUICK = Size("large", 200, 50_000, 200_000, past=dt.timedelta(days=60))


@dataclass(slots=True)
class Place:
    """A location with its people; therapist and room of the same index belong together."""

    pk: str
    zone: ZoneInfo
    therapists: list[str] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)


def fill(size: Size) -> None:
    """Everything, with the constraints checked at the end. Prints how far it is."""
    began = time.perf_counter()
    chance = random.Random(20_261_122)  # noqa: S311 invented visits need no secrecy
    services = _ground(size)
    places = _people(size)
    flags()
    say(size, f"{size.clients} clients", began)
    kept = _set_aside()
    with connection.cursor() as cursor, cursor.copy(f"COPY scheduling_appointment ({VISITS}) FROM STDIN") as copy:
        for number, line in enumerate(_visits(size, places, services, chance), start=1):
            copy.write(line)
            if number % (MARK * 4) == 0:
                say(size, f"{number} visits", began)
    say(size, "visits written; indexes and constraints next", began)
    _put_back(kept, size, began)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(size, "ready", began)


def say(size: Size, what: str, began: float) -> None:
    print(f"  {size.name}: {what}, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _ground(size: Size) -> list[tuple[str, int, int]]:
    """Practice, locations, staff, rooms, services and hours."""
    Practice.objects.create(name="Benchmark", email="b@example.org", is_demo=True, reminder_hours=[24])
    hours = {"opens_at": dt.time(8), "closes_at": dt.time(18), "address": "1 Harbour Street"}
    places = [
        Location.objects.create(name=f"Place {index}", timezone=ZONES[index % len(ZONES)], **hours)
        for index in range(size.locations)
    ]
    owners = [User(email=f"owner{index}@example.org", name=f"Owner {index}") for index in range(9)]
    staff = [User(email=f"t{index}@example.org", name=f"Therapist {index:03}") for index in range(size.therapists)]
    User.objects.bulk_create([*owners, *staff])
    StaffRole.objects.bulk_create([StaffRole(user=user, role="owner") for user in owners])
    StaffRole.objects.bulk_create([StaffRole(user=user, role="therapist") for user in staff])
    works_at = User.locations.through
    works_at.objects.bulk_create(
        [works_at(user=user, location=places[index % len(places)]) for index, user in enumerate(staff)]
    )
    Room.objects.bulk_create(
        [Room(location=places[index % len(places)], name=f"Room {index:03}") for index in range(size.therapists)]
    )
    services = [
        Service(name=f"Service {index}", duration_minutes=minutes, buffer_minutes=buffer)
        for index, (minutes, buffer) in enumerate(LENGTHS)
    ]
    Service.objects.bulk_create(services)
    offers = Service.therapists.through
    offers.objects.bulk_create([offers(service=service, user=user) for service in services for user in staff])
    _hours(staff, places)
    return [(str(each.pk), each.duration_minutes, each.buffer_minutes) for each in services]


def _hours(staff: list[User], places: list[Location]) -> None:
    """Weekdays from eight to six with a break at noon."""
    with connection.cursor() as cursor:
        for table, columns, times in (
            ("scheduling_workinghours", "", ("08:00", "18:00")),
            ("scheduling_weeklybreak", ", label", ("12:00", "12:30")),
        ):
            cursor.execute(
                f"INSERT INTO {table} (id, created_at, updated_at, therapist_id, location_id, weekday, starts_at, "
                f"ends_at, valid_from, every_n_weeks{columns}) SELECT gen_random_uuid(), now(), now(), user_id, "
                "location_id, weekday, %s::time, %s::time, '2020-01-01', 1" + (", ''" if columns else "") + " "
                "FROM people_user_locations CROSS JOIN generate_series(0, 4) AS weekday",
                times,
            )


def flags() -> None:
    """Ten red flags, for the list that is the floor."""
    now, form = timezone.now(), Questionnaire.objects.get(slug="first-visit")
    rule = RedFlagRule.objects.order_by("pk")[0]
    for client in Client.objects.order_by("number")[:10]:
        response = Response.objects.create(questionnaire=form, client=client, status="completed", completed_at=now)
        RedFlag.objects.create(
            client=client, response=response, rule=rule, answer="yes", urgency="caution", raised_at=now
        )


def _people(size: Size) -> list[Place]:
    keys = []
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY people_client ({CLIENTS}) FROM STDIN") as copy:
            for row in people(size.clients):
                keys.append(str(row[0]))
                copy.write_row(row)
        places = {pk: Place(str(pk), ZoneInfo(zone)) for pk, zone in Location.objects.values_list("pk", "timezone")}
        rows = StaffRole.objects.filter(role="therapist").order_by("user__name")
        for user, location in rows.values_list("user", "user__locations"):
            places[location].therapists.append(str(user))
        for room, location in Room.objects.order_by("name").values_list("pk", "location"):
            places[location].rooms.append(str(room))
        listed = list(places.values())
        with cursor.copy("COPY people_client_locations (client_id, location_id) FROM STDIN") as copy:
            for index, key in enumerate(keys):
                place = listed[index % len(listed)]
                place.clients.append(key)
                copy.write_row((key, place.pk))
    return listed


def _visits(
    size: Size, places: list[Place], services: list[tuple[str, int, int]], chance: random.Random
) -> Iterator[str]:
    """Lines for COPY, day by day as they would have been booked; nobody is in two places at once."""
    today = timezone.now().date()
    days = [today - size.past + dt.timedelta(days=each) for each in range((size.past + AHEAD).days)]
    days = [day for day in days if day.weekday() < 5]
    a_day = size.visits / (len(days) * size.therapists)
    written, turn = 0, 0
    for index, day in enumerate(days):
        wanted = round((index + 1) * a_day * size.therapists) - written
        lines = []
        for place in places:
            midnight = dt.datetime.combine(day, dt.time.min, tzinfo=place.zone).astimezone(dt.UTC)
            for therapist, room in zip(place.therapists, place.rooms, strict=True):
                lines += list(_day(place, therapist, room, midnight, services, chance, turn))
            turn += 1
        chance.shuffle(lines)
        kept = lines[:wanted]
        written += len(kept)
        yield from kept


def _day(
    place: Place,
    therapist: str,
    room: str,
    midnight: dt.datetime,
    services: list[Any],
    chance: random.Random,
    turn: int,
) -> Iterator[str]:  # fmt: skip
    """One therapist's visits of a day, one after another; each day takes the next clients in line."""
    first = turn * len(place.therapists) * 16 + place.therapists.index(therapist) * 16
    minute = OPENS
    for index in range(16):
        service, length, buffer = services[int(chance.random() * len(services))]
        if minute < LUNCH[1] and minute + length > LUNCH[0]:
            minute = LUNCH[1]
        if minute + length + buffer > CLOSES:
            return
        start = midnight + dt.timedelta(minutes=minute)
        yield _line(
            start, length, buffer, place.clients[(first + index) % len(place.clients)], place.pk, room, therapist,
            service, "cancelled" if chance.random() < 0.05 else "booked", chance.getrandbits(128),
        )  # fmt: skip
        minute += length + buffer


def _line(
    start: dt.datetime, length: int, buffer: int, client: str, place: str, room: str, therapist: str, service: str,
    status: str, key: int,
) -> str:  # fmt: skip
    end, free = start + dt.timedelta(minutes=length), start + dt.timedelta(minutes=length + buffer)
    booked = start - dt.timedelta(days=20)
    pk = uuid.UUID(int=key, version=4)
    return (
        f"{pk}\t{booked}\t{booked}\t[{start},{end})\t[{start},{free})\t{status}\tdesk\t\t\tf\t\tf\t\t1\t{{}}"
        f"\t{client}\t{place}\t{room}\t{therapist}\t{service}\n"
    )


def _set_aside() -> list[tuple[str, str]]:
    """Drop what would be checked row by row; each name with the statement that brings it back."""
    kept: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'scheduling_appointment'::regclass AND contype IN ('x', 'f')"
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f'ALTER TABLE scheduling_appointment DROP CONSTRAINT "{name}"')
            kept.append((name, f'ALTER TABLE scheduling_appointment ADD CONSTRAINT "{name}" {definition}'))
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'scheduling_appointment' "
            "AND indexname <> 'scheduling_appointment_pkey'"
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
            kept.append((name, definition))
    return kept


def _put_back(kept: Iterable[tuple[str, str]], size: Size, began: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for name, statement in kept:
            cursor.execute(statement)
            say(size, name, began)
        cursor.execute("RESET maintenance_work_mem")

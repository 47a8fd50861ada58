"""The practice itself: two places, eight therapists, three at the front desk, one owner, what can be booked."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from clinic.people.demo import PIN
from clinic.people.models import Location, Practice, Role, Room, SigningPin, StaffRole, TherapistProfile, User
from clinic.people.services import signing_pins
from scheduling.models import Service, WeeklyBreak, WorkingHours

ZONE = ZoneInfo("America/New_York")  # the first place's, whose today is the demo's today
PASSWORD = "palpate-demo"  # noqa: S105  # printed on the sign-in page, in demo mode only


@dataclass(frozen=True, slots=True)
class Week:
    """Days off as offsets from the weekday on which the demo began, so that the first day is a full one."""

    off: tuple[int, ...]
    starts_at: dt.time
    ends_at: dt.time
    lunch_at: dt.time


@dataclass(frozen=True, slots=True)
class Therapist:
    name: str
    email: str
    place: int
    credentials: str
    colour: str
    week: Week


_EARLY = (dt.time(8), dt.time(16), dt.time(12))
_LATE = (dt.time(9), dt.time(17, 30), dt.time(13))
_SHORT = (dt.time(8, 30), dt.time(14, 30), dt.time(12, 30))

THERAPISTS = (
    Therapist("Amina Osei", "therapist@example.org", 0, "LMT, myofascial therapy", "#0f5c50", Week((2, 3), *_EARLY)),
    Therapist("Tomás Herrera", "tomas@example.org", 0, "DPT", "#35608f", Week((1, 5), *_LATE)),
    Therapist("Ingrid Solberg", "ingrid@example.org", 0, "Osteopath, DO", "#7a5a1e", Week((3, 4), *_EARLY)),
    Therapist("Daniel Kwok", "daniel@example.org", 0, "LMT, trigger point therapy", "#6b3f73", Week((5, 6), *_LATE)),
    Therapist("Priya Raman", "priya@example.org", 0, "DPT, OCS", "#8a3b3b", Week((1, 2), *_LATE)),
    Therapist("Yara Haddad", "yara@example.org", 1, "LMT, deep tissue", "#3c6e47", Week((2, 6), *_EARLY)),
    Therapist("Felix Brandt", "felix@example.org", 1, "DC", "#4d5a99", Week((3, 4), *_LATE)),
    Therapist("Noor Amari", "noor@example.org", 1, "Physiotherapist", "#8f5a35", Week((1, 4, 5), *_SHORT)),
)
DESK = (
    ("June Moreau", "frontdesk@example.org", 0),
    ("Colm Reilly", "colm@example.org", 0),
    ("Mila Park", "mila@example.org", 1),
)


@dataclass(slots=True)
class Ground:
    """What the rest of the demo stands on."""

    practice: Practice
    places: list[Location]
    owner: User
    therapists: list[User]
    rooms: dict[User, Room]
    desk: list[User]
    first_visit: Service
    follow_ups: list[Service]
    weeks: dict[User, Week] = field(default_factory=dict)

    def place_of(self, therapist: User) -> Location:
        return self.rooms[therapist].location


def lay(today: dt.date, since: dt.date) -> Ground:
    """Write practice, places, staff, services and hours. `today` is the first day of the demo."""
    practice = Practice.objects.create(
        name="Harbour Hip & Back",
        email="desk@example.org",
        phone="+12025550100",
        booking_policy="Come ten minutes early for a first visit. Wear something you can move in.",
        cancellation_policy="Free until 24 hours before. After that we charge half, unless you are ill.",
        reminder_hours=[48, 3],
        is_demo=True,
    )
    places = [
        Location.objects.create(
            name=name,
            address=address,
            phone=phone,
            timezone=zone,
            emergency_number="911",
            opens_at=dt.time(8),
            closes_at=dt.time(18),
        )
        for name, address, phone, zone in (
            ("Harbour Street", "14 Harbour Street, Portland, Maine", "+12025550101", "America/New_York"),
            ("Mill Lane", "3 Mill Lane, Chicago, Illinois", "+12025550102", "America/Chicago"),
        )
    ]
    password = make_password(PASSWORD)
    owner = _member("Eleanor Okafor", "owner@example.org", [Role.OWNER], places, password)
    desk = [_member(name, mail, [Role.FRONT_DESK], [places[place]], password) for name, mail, place in DESK]
    desk[0].locations.set(places)
    ground = Ground(practice, places, owner, [], {}, desk, *_services())
    for number, person in enumerate(THERAPISTS, start=1):
        _add_therapist(ground, person, number=number, password=password, today=today, since=since)
    for service in [ground.first_visit, *ground.follow_ups]:
        service.therapists.set(ground.therapists)
    return ground


def _member(name: str, email: str, roles: list[str], places: list[Location], password: str) -> User:
    user: User = User.objects.create(name=name, email=email, password=password)
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)
    user.locations.set(places)
    return user


def _add_therapist(
    ground: Ground, person: Therapist, *, number: int, password: str, today: dt.date, since: dt.date
) -> None:
    place = ground.places[person.place]
    user = _member(person.name, person.email, [Role.THERAPIST], [place], password)
    TherapistProfile.objects.create(user=user, credentials=person.credentials, colour=person.colour)
    SigningPin.objects.create(user=user, digest=signing_pins.digest_of(user, PIN))
    ground.therapists.append(user)
    ground.rooms[user] = Room.objects.create(location=place, name=f"Room {number}", equipment=["table"])
    ground.weeks[user] = person.week
    lunch_ends = (dt.datetime.combine(today, person.week.lunch_at) + dt.timedelta(minutes=45)).time()
    days = [offset for offset in range(7) if offset not in person.week.off]
    WorkingHours.objects.bulk_create(
        WorkingHours(
            therapist=user,
            location=place,
            weekday=(today.weekday() + offset) % 7,
            starts_at=person.week.starts_at,
            ends_at=person.week.ends_at,
            valid_from=since,
        )
        for offset in days
    )
    WeeklyBreak.objects.bulk_create(
        WeeklyBreak(
            therapist=user,
            location=place,
            weekday=(today.weekday() + offset) % 7,
            starts_at=person.week.lunch_at,
            ends_at=lunch_ends,
            valid_from=since,
            label="Lunch",
        )
        for offset in days
    )


def _services() -> tuple[Service, list[Service]]:
    first = Service.objects.create(
        name="First visit",
        duration_minutes=60,
        price_cents=12_000,
        colour="#0f5c50",
        is_first_visit=True,
        is_for_new_clients_only=True,
        forms=["first-visit"],
    )
    follow_ups = [
        Service.objects.create(
            name=name, duration_minutes=minutes, price_cents=cents, colour=colour, forms=["before-visit"]
        )
        for name, minutes, cents, colour in (
            ("Follow-up", 45, 8_500, "#35608f"),
            ("Short follow-up", 30, 6_000, "#3c6e47"),
            ("Deep tissue session", 60, 10_500, "#7a5a1e"),
        )
    ]
    return first, follow_ups

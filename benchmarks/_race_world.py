"""The invented clinic that `booking_race` books in: two therapists, two rooms, fifty who want the same time."""

import datetime as dt
import secrets
import time
from dataclasses import dataclass

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from clinic.people.models import Client, Location, Practice, Role, Room, StaffRole, User
from scheduling.models import BookingRules, Service, WaitlistEntry, WorkingHours

BACKEND = "clinic.people.backends.StaffBackend"
HOURS = range(6, 22)


@dataclass(frozen=True, slots=True)
class World:
    """What the racers know."""

    service: Service
    therapists: list[User]
    rooms: list[Room]
    clients: list[Client]
    sessions: list[str]


def build(racers: int) -> World:
    """Everybody works all day every day, so that only the others are in the way."""
    Practice.objects.create(name="Race", is_demo=True)
    place = Location.objects.create(name="Track", timezone="UTC", opens_at=dt.time(6), closes_at=dt.time(22))
    rooms = [Room.objects.create(location=place, name=f"Room {number}") for number in (1, 2)]
    service = Service.objects.create(name="Visit", duration_minutes=60)
    therapists = [_member(f"therapist{number}", Role.THERAPIST, place) for number in (1, 2)]
    service.therapists.set(therapists)
    for therapist in therapists:
        WorkingHours.objects.bulk_create(
            WorkingHours(
                therapist=therapist,
                location=place,
                weekday=day,
                starts_at=dt.time(HOURS.start),
                ends_at=dt.time(HOURS.stop),
                valid_from=dt.date(2020, 1, 1),
            )
            for day in range(7)
        )
    clients = [
        Client.objects.create(given_name="Racer", family_name=str(number), email=f"racer{number}@example.org")
        for number in range(racers)
    ]
    for client in clients:
        client.locations.add(place)
        WaitlistEntry.objects.create(client=client, service=service, earliest_on=timezone.now().date())
    BookingRules.objects.create(waitlist_mode=BookingRules.WaitlistMode.ALL_AT_ONCE)
    sessions = [_signed_in(_member(f"desk{number}", Role.FRONT_DESK, place)) for number in range(racers)]
    return World(service, therapists, rooms, clients, sessions)


def slot(number: int) -> dt.datetime:
    """A time of its own for each round, from next week on."""
    day, hour = divmod(number, len(HOURS))
    start = timezone.now().date() + dt.timedelta(days=7 + day)
    return dt.datetime.combine(start, dt.time(HOURS[hour]), dt.UTC)


def _member(name: str, role: str, place: Location) -> User:
    user: User = User.objects.create_user(f"{name}@example.org", name=name)
    StaffRole.objects.create(user=user, role=role)
    user.locations.add(place)
    return user


def _signed_in(user: User) -> str:
    """A session as signing in leaves it; gives its key."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "email": user.email}]
    session.save()
    return str(session.session_key)


def cookies(session: str) -> dict[str, str]:
    """What a signed-in browser sends along with a form."""
    token = secrets.token_hex(16)
    return {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        "X-CSRFToken": token,
    }

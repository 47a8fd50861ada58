"""Rows for tests, obviously fictional."""

import datetime as dt
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from factory.django import DjangoModelFactory

from clinic.people.models import Alert, Client, Location, Practice, Role, Room, StaffRole, TherapistProfile, User
from scheduling.models import Appointment, Service, SlotHold, WorkingHours


class PracticeFactory(DjangoModelFactory[Practice]):
    class Meta:
        model = Practice
        django_get_or_create = ("only",)

    only = True
    name = "Harbour Hip Clinic"
    email = "clinic@example.org"
    is_demo = True  # tests run in demo mode; those of the second factor do not


class LocationFactory(DjangoModelFactory[Location]):
    class Meta:
        model = Location

    name = factory.Sequence(lambda n: f"Harbour Street {n}")
    address = "1 Harbour Street"
    timezone = "Europe/Berlin"
    emergency_number = "112"
    opens_at = dt.time(8)
    closes_at = dt.time(18)


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Room {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"staff{n}@example.org")
    name = factory.Sequence(lambda n: f"Staff Member {n}")
    password = factory.django.Password("correct horse battery")

    @factory.post_generation
    def roles(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for role in extracted or []:
            StaffRole.objects.create(user=self, role=role)
            if role == Role.THERAPIST:
                TherapistProfile.objects.get_or_create(user=self)

    @factory.post_generation
    def locations(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.locations.set(extracted)  # type: ignore[attr-defined]


CAST = {
    "owner": ("olive@example.org", "Olive Owner", Role.OWNER),
    "therapist": ("amina@example.org", "Amina Osei", Role.THERAPIST),
    "other_therapist": ("tomas@example.org", "Tomás Herrera", Role.THERAPIST),
    "front_desk": ("june@example.org", "June Moreau", Role.FRONT_DESK),
    "stranger": ("stella@example.org", "Stella Stranger", Role.THERAPIST),
}


def member(name: str, *locations: Location) -> User:
    """One of the cast, at work there."""
    email, called, role = CAST[name]
    return UserFactory(email=email, name=called, roles=[role], locations=locations)


class ClientFactory(DjangoModelFactory[Client]):
    class Meta:
        model = Client
        skip_postgeneration_save = True

    given_name = "Marcus"
    family_name = factory.Sequence(lambda n: f"Bell{n}")
    born_on = dt.date(1967, 8, 4)
    email = factory.Sequence(lambda n: f"client{n}@example.org")
    phone = "+12025550137"

    @factory.post_generation
    def locations(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.locations.set(extracted)  # type: ignore[attr-defined]


class AlertFactory(DjangoModelFactory[Alert]):
    class Meta:
        model = Alert

    client = factory.SubFactory(ClientFactory)
    kind = Alert.Kind.CONTRAINDICATION
    effect = Alert.Effect.MODIFY
    label = "Takes a blood thinner"


class ServiceFactory(DjangoModelFactory[Service]):
    class Meta:
        model = Service
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Follow-up {n}")
    duration_minutes = 45

    @factory.post_generation
    def therapists(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            self.therapists.set(extracted)  # type: ignore[attr-defined]


class WorkingHoursFactory(DjangoModelFactory[WorkingHours]):
    class Meta:
        model = WorkingHours

    weekday = 0
    starts_at = dt.time(8)
    ends_at = dt.time(17)
    valid_from = dt.date(2020, 1, 1)


class AppointmentFactory(DjangoModelFactory[Appointment]):
    """Give `starts_at` and `minutes`, or let it be tomorrow; location follows the room."""

    class Meta:
        model = Appointment

    class Params:
        starts_at = factory.LazyFunction(lambda: timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=1))
        minutes = 45

    client = factory.SubFactory(ClientFactory)
    service = factory.SubFactory(ServiceFactory)
    location = factory.SelfAttribute("room.location")
    during = factory.LazyAttribute(
        lambda made: DateTimeTZRange(made.starts_at, made.starts_at + dt.timedelta(minutes=made.minutes))
    )
    occupies = factory.SelfAttribute("during")


class SlotHoldFactory(DjangoModelFactory[SlotHold]):
    """A time kept for the waitlist; give `starts_at`, `expires_at`, service, therapist and room."""

    class Meta:
        model = SlotHold

    class Params:
        starts_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=1))

    location = factory.SelfAttribute("room.location")
    during = factory.LazyAttribute(
        lambda made: DateTimeTZRange(
            made.starts_at, made.starts_at + dt.timedelta(minutes=made.service.duration_minutes)
        )
    )
    occupies = factory.SelfAttribute("during")
    cause = SlotHold.Cause.WAITLIST

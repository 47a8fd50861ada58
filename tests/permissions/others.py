"""What nobody at `location` may name: the same kinds of things, elsewhere, closed, archived, or somebody else's."""

import datetime as dt
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from clinic.core import clock
from clinic.people.models import Client, Document, Location, Role, Room, User
from clinic.people.services.documents import add_document
from intake.models import Condition, Exercise, Structure, Technique
from scheduling.models import Service, WorkingHours
from scheduling.rules.series import DAYS
from tests import factories
from treatments.models import Episode, Prescription, SessionNote
from treatments.services import close_episode, open_episode, prescribe


@pytest.fixture
def elsewhere_client(other_location: Location) -> Client:
    return factories.ClientFactory(number=7001, locations=[other_location])


@pytest.fixture
def archived_client(location: Location) -> Client:
    return factories.ClientFactory(number=7002, locations=[location], archived_at=clock.now())


@pytest.fixture
def merged_client(location: Location, client_record: Client) -> Client:
    return factories.ClientFactory(
        number=7003, locations=[location], archived_at=clock.now(), merged_into=client_record
    )


@pytest.fixture
def twin(location: Location) -> Client:
    """Another client of `location`, whom all may name."""
    return factories.ClientFactory(number=7004, locations=[location])


@pytest.fixture
def closed_location(practice: object) -> Location:
    return factories.LocationFactory(name="Old Town", is_active=False)


@pytest.fixture
def elsewhere_room(other_location: Location) -> Room:
    return factories.RoomFactory(location=other_location, name="Far room")


@pytest.fixture
def closed_room(location: Location) -> Room:
    return factories.RoomFactory(location=location, name="Store", is_active=False)


@pytest.fixture
def closed_service(therapist: User) -> Service:
    return factories.ServiceFactory(name="Retired", therapists=[therapist], is_active=False)


@pytest.fixture
def left_therapist(location: Location) -> User:
    return factories.UserFactory(
        email="left@example.org", name="Lena Left", roles=[Role.THERAPIST], locations=[location], is_active=False
    )


@pytest.fixture
def closed_episode(episode: Episode, therapist: User) -> Episode:
    """Of the same client."""
    condition = Condition.objects.current().exclude(pk=episode.condition_id)[0]
    closed = open_episode(
        client=episode.client, condition=condition, side="left", location=episode.location, by=therapist
    )
    return close_episode(episode=closed, reason="discharged", by=therapist)


@pytest.fixture
def twins_episode(twin: Client, condition: Condition, location: Location, therapist: User) -> Episode:
    return open_episode(client=twin, condition=condition, side="left", location=location, by=therapist)


@pytest.fixture
def twins_document(twin: Client, therapist: User) -> Document:
    return add_document(client=twin, kind="letter", upload=SimpleUploadedFile("a.pdf", b"%PDF-1.4"), by=therapist)


@pytest.fixture
def second_episode(client_record: Client, location: Location, therapist: User) -> Episode:
    back = Condition.objects.get(code="lumbar-referred-leg-pain")
    return open_episode(client=client_record, condition=back, side="none", location=location, by=therapist)


@pytest.fixture
def twins_prescription(twins_episode: Episode, exercise: Exercise, therapist: User) -> Prescription:
    return prescribe(episode=twins_episode, exercise=exercise, by=therapist)


@pytest.fixture
def condition(db: None) -> Condition:
    return Condition.objects.get(code="greater-trochanteric-pain-syndrome")


@pytest.fixture
def todays_date(location: Location) -> str:
    return clock.today(location.zone).isoformat()


@pytest.fixture
def exercise(db: None) -> Exercise:
    return Exercise.objects.get(code="side-lying-abduction")


@pytest.fixture
def technique(db: None) -> Technique:
    return Technique.objects.get(code="trigger-point-therapy")


@pytest.fixture
def structure(db: None) -> Structure:
    return Structure.objects.get(code="gluteus-medius")


@pytest.fixture
def retired_condition(db: None) -> Condition:
    return _retired(Condition.objects.exclude(code="greater-trochanteric-pain-syndrome")[0])


@pytest.fixture
def retired_exercise(db: None) -> Exercise:
    return _retired(Exercise.objects.exclude(code="side-lying-abduction")[0])


def _retired(row):  # type: ignore[no-untyped-def]
    row.retired_at = clock.now()
    row.save()
    return row


@pytest.fixture
def a_free_hour(therapist: User, location: Location, service: Service, room: Room) -> dt.datetime:
    """Ten o'clock in a week's time, at work."""
    day = clock.today(location.zone) + dt.timedelta(days=7)
    factories.WorkingHoursFactory(
        therapist=therapist, location=location, weekday=day.weekday(), starts_at=dt.time(8), ends_at=dt.time(17)
    )
    return dt.datetime.combine(day, dt.time(10), location.zone).astimezone(dt.UTC)


@pytest.fixture
def a_seen_series(a_free_hour: dt.datetime, location: Location) -> str:
    """What the page with the dates of a series says that it has shown."""
    local = a_free_hour.astimezone(location.zone)
    return f"FREQ=WEEKLY;INTERVAL=1;BYDAY={DAYS[local.weekday()]};COUNT=1 {local:%Y-%m-%d %H:%M}"


@pytest.fixture
def a_key() -> str:
    """What a sender calls a request by."""
    return str(uuid.uuid4())


@pytest.fixture
def version_of_the_draft(draft: SessionNote) -> str:
    return str(draft.version)


@pytest.fixture
def a_worked_weekday(working_hours: WorkingHours) -> str:
    return str(working_hours.weekday)


@pytest.fixture
def a_free_day(a_free_hour: dt.datetime) -> str:
    return a_free_hour.date().isoformat()

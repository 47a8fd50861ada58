"""A session of the cast: Marcus with Amina in Room 1, ninety minutes ago."""

import datetime as dt
from io import BytesIO

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client as Browser
from PIL import Image

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from intake.models import Condition, Exercise, PainDrawing, PainMark, Structure, Technique
from scheduling.models import Appointment, Service
from tests.treatments.browsing import give_pin
from treatments.models import Episode, SessionNote
from treatments.rows import FindingRow
from treatments.services import open_episode, open_note, save_draft, sign_note
from treatments.services.library import OwnExercise
from treatments.services.notes import DraftChanges

WRITTEN: DraftChanges = {
    "subjective": "Slept through four nights of seven.",
    "assessment": "Gluteal tendon load pain, settling.",
    "plan": "Side-lying abduction daily.",
    "pain_now": 3,
    "pain_worst": 6,
    "pain_average": 4,
}


OWN_EXERCISE: OwnExercise = {
    "label": "Towel squeeze",
    "goal": "strength",
    "targets": ["gluteus-medius"],
    "dose": {"sets": 2, "reps": 12, "per_week": 5, "side": "as needed"},
    "cue": "Squeeze the towel between the knees.",
    "cautions": ["Stop if the groin pinches."],
    "progression": "a firmer ball",
    "source_note": "Taught here since 2019",
}


def a_picture(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> BytesIO:
    """A small picture as it comes out of a camera."""
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, format=kind)
    made.seek(0)
    return made


def book(
    *, client: Client, therapist: User, room: Room, starts_at: dt.datetime, status: str = "completed"
) -> Appointment:
    """An appointment of 45 minutes, straight into the table."""
    service, _created = Service.objects.get_or_create(name="Follow-up", defaults={"duration_minutes": 45})
    during = DateTimeTZRange(starts_at, starts_at + dt.timedelta(minutes=45))
    return Appointment.objects.create(
        client=client,
        service=service,
        therapist=therapist,
        room=room,
        location=room.location,
        during=during,
        occupies=during,
        status=status,
    )


@pytest.fixture
def appointment(client_record: Client, therapist: User, room: Room) -> Appointment:
    return book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(minutes=90))


@pytest.fixture
def condition(db: None) -> Condition:
    return Condition.objects.get(code="greater-trochanteric-pain-syndrome")


@pytest.fixture
def technique(db: None) -> Technique:
    return Technique.objects.get(code="trigger-point-therapy")


@pytest.fixture
def structure(db: None) -> Structure:
    return Structure.objects.get(code="gluteus-medius")


@pytest.fixture
def exercise(db: None) -> Exercise:
    return Exercise.objects.get(code="side-lying-abduction")


@pytest.fixture
def episode(client_record: Client, condition: Condition, location: Location, therapist: User) -> Episode:
    return open_episode(client=client_record, condition=condition, side="right", location=location, by=therapist)


@pytest.fixture
def draft(appointment: Appointment, episode: Episode, therapist: User) -> SessionNote:
    """A note that has all it needs to be signed."""
    note = open_note(appointment=appointment, by=therapist)
    return save_draft(note=note, by=therapist, version=note.version, changes=WRITTEN)


@pytest.fixture
def signed(draft: SessionNote, therapist: User) -> SessionNote:
    return sign_note(note=draft, by=therapist, version=draft.version)


@pytest.fixture
def signed_in(client: Browser, therapist: User) -> Browser:
    give_pin(therapist)
    client.force_login(therapist)
    return client


@pytest.fixture
def drawing(client_record: Client) -> PainDrawing:
    drawn = PainDrawing.objects.create(client=client_record, drawn_at=clock.now() - dt.timedelta(hours=3))
    PainMark.objects.create(drawing=drawn, region="lateral-hip", side="right", qualities=["burning"], intensity=4)
    return drawn


@pytest.fixture
def found_before(client_record: Client, therapist: User, room: Room, episode: Episode) -> SessionNote:
    """Yesterday's note: a movement measured on both sides, one trigger point."""
    day = clock.now() - dt.timedelta(days=1)
    note = open_note(
        appointment=book(client=client_record, therapist=therapist, room=room, starts_at=day), by=therapist
    )
    found = [
        FindingRow("range_of_motion", "hip-flexion", "right", angle_degrees=112),
        FindingRow("range_of_motion", "hip-flexion", "left", angle_degrees=110),
        FindingRow("trigger_point", "piriformis", "right", tenderness_grade=2, spot={"view": "back"}),
    ]
    note = save_draft(note=note, by=therapist, version=note.version, changes={**WRITTEN, "findings": found})
    return sign_note(note=note, by=therapist, version=note.version)

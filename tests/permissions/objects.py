"""What the addresses of the table name: one fixture each, all of them at `location`, with Marcus and Amina.

The stranger works elsewhere, so none of these exists for them.
"""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from PIL import Image

from clinic.core import clock, tokens
from clinic.messaging import links, services
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.people import vault
from clinic.people.models import Alert, Client, Document, Location, Room, User
from intake.models import (
    Condition,
    Consent,
    Exercise,
    Invitation,
    KioskDevice,
    KioskTurn,
    PainDrawing,
    Proposal,
    Questionnaire,
    RedFlag,
    Response,
    Upload,
)
from intake.services import invite, kiosk
from intake.services.editing import new_draft_of
from scheduling.models import (
    Appointment,
    CalendarFeed,
    DailyLimit,
    DateHours,
    Holiday,
    OutsideCalendar,
    RoomClosure,
    Series,
    Service,
    SlotHold,
    TimeOff,
    WaitlistEntry,
    WaitlistOffer,
    WeeklyBreak,
    WorkingHours,
)
from scheduling.services.feeds import open_own_feed
from scheduling.services.offer_rows import write_offer
from scheduling.services.waitlist import add_to_waitlist
from tests import factories
from tests.intake import factories as intake
from tests.treatments.conftest import OWN_EXERCISE, WRITTEN, a_picture, book
from treatments.models import (
    Episode,
    Goal,
    Hypothesis,
    LetterTemplate,
    NoteFile,
    Prescription,
    Referral,
    SessionNote,
)
from treatments.services import (
    add_goal,
    ask_follow_up,
    open_episode,
    open_note,
    prescribe,
    programme_link,
    save_draft,
    sign_note,
    state_hypothesis,
)
from treatments.services.files import add_file
from treatments.services.library import add_exercise
from treatments.services.referrals import write_referral


@pytest.fixture
def alert(client_record: Client) -> Alert:
    return factories.AlertFactory(client=client_record)


@pytest.fixture
def document(client_record: Client, owner: User) -> Document:
    made = Document(
        client=client_record, title="Letter", kind="referral", size_bytes=3, sha256="0" * 64, added_by=owner
    )
    made.media_type = "application/pdf"
    made.file.save("letter", ContentFile(b"%PDF-1.4"), save=False)
    made.save()
    return made


@pytest.fixture
def note_file(draft: SessionNote, therapist: User) -> NoteFile:
    """A photo of the draft."""
    photo = io.BytesIO()
    Image.new("RGB", (2, 2)).save(photo, "PNG")
    return add_file(note=draft, upload=SimpleUploadedFile("gait.png", photo.getvalue()), by=therapist)


@pytest.fixture
def service(therapist: User) -> Service:
    return factories.ServiceFactory(name="Follow-up", duration_minutes=45, therapists=[therapist])


@pytest.fixture
def appointment(client_record: Client, therapist: User, room: Room, service: Service) -> Appointment:
    return book(
        client=client_record,
        therapist=therapist,
        room=room,
        starts_at=clock.now() + dt.timedelta(minutes=30),
        status="booked",
    )


@pytest.fixture
def series(client_record: Client, therapist: User, location: Location, service: Service) -> Series:
    """One visit at noon in a week's time."""
    first_on = clock.today(location.zone) + dt.timedelta(days=7)
    return Series.objects.create(
        client=client_record, service=service, therapist=therapist, location=location, rule="FREQ=WEEKLY;COUNT=1",
        first_on=first_on, begins_at=dt.time(12), timezone=location.timezone, duration_minutes=45,
    )  # fmt: skip


@pytest.fixture
def series_visit(series: Series, room: Room, a_free_hour: dt.datetime) -> Appointment:
    made = book(
        client=series.client,
        therapist=series.therapist,
        room=room,
        starts_at=a_free_hour + dt.timedelta(hours=2),
        status="booked",
    )
    made.series, made.series_on = series, series.first_on
    made.save()
    return made


@pytest.fixture
def past_appointment(client_record: Client, therapist: User, room: Room, service: Service) -> Appointment:
    return book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(minutes=90))


@pytest.fixture
def feed(therapist: User) -> CalendarFeed:
    return CalendarFeed.objects.create(therapist=therapist, created_by=therapist, label="Phone", token_digest="0" * 64)


@pytest.fixture
def outside_calendar(therapist: User) -> OutsideCalendar:
    address = vault.encrypt("https://calendar.example.org/secret.ics")
    return OutsideCalendar.objects.create(therapist=therapist, label="Home", address=address)


@pytest.fixture
def feed_token(therapist: User) -> str:
    _feed, token = open_own_feed(label="My tablet", by=therapist)
    return token


@pytest.fixture
def appointment_token(appointment: Appointment) -> str:
    expires_at = clock.now() + dt.timedelta(days=2)
    client = appointment.client
    link = links.issue(client=client, purpose="appointment", object_id=appointment.pk, expires_at=expires_at)
    return links.token_of(link)


@pytest.fixture
def entry(client_record: Client, service: Service, front_desk: User) -> WaitlistEntry:
    return add_to_waitlist(client=client_record, service=service, by=front_desk)


@pytest.fixture
def offer(entry: WaitlistEntry, therapist: User, room: Room, front_desk: User) -> WaitlistOffer:
    """Of a time tomorrow."""
    tomorrow = clock.now() + dt.timedelta(days=1)
    hold = factories.SlotHoldFactory(
        service=entry.service, therapist=therapist, room=room, starts_at=tomorrow, expires_at=tomorrow
    )
    return write_offer(hold=hold, entry=entry, expires_at=tomorrow, by=front_desk)[0]


@pytest.fixture
def offer_token(offer: WaitlistOffer) -> str:
    assert offer.link is not None
    return links.token_of(offer.link)


@pytest.fixture
def held_token(service: Service, therapist: User, room: Room) -> str:
    """A time that somebody chose online and has not booked yet."""
    return _held(service, therapist, room)


@pytest.fixture
def booked_token(service: Service, therapist: User, room: Room, appointment: Appointment) -> str:
    return _held(service, therapist, room, appointment=appointment, released_at=clock.now())


def _held(service: Service, therapist: User, room: Room, **more: Any) -> str:
    begins_at = clock.now() + dt.timedelta(days=3)
    during = DateTimeTZRange(begins_at, begins_at + dt.timedelta(minutes=45))
    SlotHold.objects.create(
        service=service,
        therapist=therapist,
        room=room,
        location=room.location,
        during=during,
        occupies=during,
        cause="online",
        expires_at=clock.now() + dt.timedelta(minutes=10),
        token_digest=tokens.digest("held"),
        **more,
    )
    return "held"


@pytest.fixture
def follow_up_token(signed: SessionNote) -> str:
    asked = ask_follow_up(note=signed)
    assert asked is not None
    assert asked.invitation.link is not None
    return links.token_of(asked.invitation.link)


@pytest.fixture
def working_hours(therapist: User, location: Location) -> WorkingHours:
    return factories.WorkingHoursFactory(therapist=therapist, location=location)


@pytest.fixture
def time_off(therapist: User) -> TimeOff:
    start = clock.now() + dt.timedelta(days=30)
    return TimeOff.objects.create(therapist=therapist, during=(start, start + dt.timedelta(days=1)))


@pytest.fixture
def weekly_break(therapist: User, location: Location, working_hours: WorkingHours) -> WeeklyBreak:
    return WeeklyBreak.objects.create(
        therapist=therapist, location=location, weekday=0, starts_at=dt.time(12), ends_at=dt.time(13),
        valid_from=dt.date(2020, 1, 1),
    )  # fmt: skip


@pytest.fixture
def date_hours(therapist: User, location: Location) -> DateHours:
    on = clock.today(location.zone) + dt.timedelta(days=40)
    return DateHours.objects.create(therapist=therapist, location=location, on=on)


@pytest.fixture
def room_closure(room: Room) -> RoomClosure:
    start = clock.now() + dt.timedelta(days=30)
    return RoomClosure.objects.create(room=room, during=(start, start + dt.timedelta(days=1)))


@pytest.fixture
def holiday(location: Location) -> Holiday:
    return Holiday.objects.create(location=location, on=clock.today(location.zone) + dt.timedelta(days=50), name="Fair")


@pytest.fixture
def daily_limit(therapist: User, service: Service) -> DailyLimit:
    return DailyLimit.objects.create(therapist=therapist, service=service, visits=8)


@pytest.fixture
def form_token(client_record: Client) -> str:
    _invitation, token = invite(client=client_record, forms=["first-visit"], by=None)
    return token


@pytest.fixture
def form_request(client_record: Client) -> Invitation:
    return invite(client=client_record, forms=["first-visit"], by=None)[0]


@pytest.fixture
def tablet(location: Location, front_desk: User) -> KioskDevice:
    return kiosk.enrol_device(location=location, name="Tablet 1", by=front_desk)[0]


@pytest.fixture
def turn(form_request: Invitation, tablet: KioskDevice, front_desk: User) -> KioskTurn:
    return kiosk.send_to_tablet(invitation=form_request, device=tablet, by=front_desk)


@pytest.fixture
def response(client_record: Client) -> Response:
    return intake.completed(client_record)


@pytest.fixture
def upload(response: Response) -> Upload:
    made = Upload(client=response.client, response=response, title="Scan", media_type="application/pdf", size_bytes=4)
    made.file.save("answer", ContentFile(b"%PDF"), save=False)
    made.save()
    return made


@pytest.fixture
def proposal(form_request: Invitation, client_record: Client) -> Proposal:
    return Proposal.objects.create(client=client_record, invitation=form_request, field="pronouns", new="he")


@pytest.fixture
def consent(response: Response) -> Consent:
    return response.consents.get(kind="treatment")


@pytest.fixture
def consent_token(response: Response) -> str:
    """The link that the client got with the copy."""
    return links.token_of(OutboundMessage.objects.filter(purpose=Purpose.CONSENT_COPY).latest("created_at").link)


@pytest.fixture
def flag(client_record: Client) -> RedFlag:
    intake.completed(client_record, ces_bladder="yes")
    return RedFlag.objects.get()


@pytest.fixture
def message(client_record: Client, location: Location) -> OutboundMessage:
    queued = services.enqueue(purpose=Purpose.REMINDER, dedupe_key="table:1", location=location, client=client_record)
    assert queued is not None
    return queued


@pytest.fixture
def episode(client_record: Client, location: Location, therapist: User) -> Episode:
    condition = Condition.objects.get(code="greater-trochanteric-pain-syndrome")
    return open_episode(client=client_record, condition=condition, side="right", location=location, by=therapist)


@pytest.fixture
def hypothesis(episode: Episode, therapist: User) -> Hypothesis:
    return state_hypothesis(episode=episode, condition=episode.condition, confidence_percent=60, by=therapist)


@pytest.fixture
def draft(past_appointment: Appointment, episode: Episode, therapist: User) -> SessionNote:
    note = open_note(appointment=past_appointment, by=therapist)
    return save_draft(note=note, by=therapist, version=note.version, changes=WRITTEN)


@pytest.fixture
def signed(draft: SessionNote, therapist: User) -> SessionNote:
    return sign_note(note=draft, by=therapist, version=draft.version)


@pytest.fixture
def prescription(episode: Episode, therapist: User) -> Prescription:
    exercise = Exercise.objects.get(code="side-lying-abduction")
    return prescribe(episode=episode, exercise=exercise, by=therapist)


@pytest.fixture
def exercises_token(prescription: Prescription) -> str:
    return links.token_of(programme_link(prescription.episode.client))


@pytest.fixture
def own_exercise(therapist: User) -> Exercise:
    """With a picture."""
    return add_exercise(given=OWN_EXERCISE, picture=a_picture(), shows="A towel rolled up", by=therapist)


@pytest.fixture
def goal(episode: Episode, therapist: User) -> Goal:
    return add_goal(episode=episode, activity="Stairs", by=therapist)


@pytest.fixture
def referral(episode: Episode, therapist: User) -> Referral:
    return write_referral(episode=episode, to_name="Dr Mehta", body="Please see him.", by=therapist)


@pytest.fixture
def letter(db: None) -> LetterTemplate:
    return LetterTemplate.objects.create(name="To a colleague", body="Dear {to}, please see {client}.")


@pytest.fixture
def questionnaire(db: None) -> Questionnaire:
    found = Questionnaire.objects.first()
    assert found is not None
    return found


@pytest.fixture
def form_draft(questionnaire: Questionnaire, owner: User) -> Questionnaire:
    return new_draft_of(form=questionnaire, by=owner)


@pytest.fixture
def drawing(client_record: Client) -> PainDrawing:
    made = PainDrawing.objects.create(client=client_record, drawn_at=clock.now())
    made.marks.create(region="groin", side="left", intensity=3)
    return made

"""Notes that wait: who is told, how often, and what the list says of sessions without a note."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.messaging import delivery, services
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Room, TherapistProfile, User
from scheduling.models import Appointment
from tests.treatments.browsing import as_user, url
from tests.treatments.conftest import book
from treatments.models import SessionNote
from treatments.services import add_addendum, co_sign_note, open_note, sign_note
from treatments.services.reminding import remind_of_unsigned
from treatments.tasks import remind_of_notes

BERLIN = ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 3, 11, 12, 0, tzinfo=BERLIN)
DAY = dt.timedelta(days=1)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    """The clock of the services; tests set `now["is"]`."""
    time = {"is": NOON}
    monkeypatch.setattr(clock, "now", lambda: time["is"])
    return time


@pytest.fixture
def held(now: dict[str, dt.datetime], client_record: Client, therapist: User, room: Room) -> Appointment:
    """A session of three days ago, without a note."""
    return book(client=client_record, therapist=therapist, room=room, starts_at=NOON - 3 * DAY)


def _mails() -> list[OutboundMessage]:
    return list(OutboundMessage.objects.filter(purpose="unsigned_notes").order_by("due_at"))


def test_one_mail_a_day_says_how_many_and_how_old_and_nothing_of_whom(
    now: dict[str, dt.datetime], held: Appointment, therapist: User, room: Room
) -> None:
    client = held.client
    open_note(appointment=book(client=client, therapist=therapist, room=room, starts_at=NOON - 100 * DAY), by=therapist)
    assert remind_of_notes() == 1
    now["is"] += dt.timedelta(hours=1)
    assert remind_of_notes() == 0
    (mail,) = _mails()
    assert (mail.recipient, mail.client, mail.address) == (therapist, None, therapist.email)
    assert "after the session: 2\n" in mail.body
    assert "in days: 99\n" in mail.body
    assert "/notes/?status=draft\n" in mail.body
    for word in (client.given_name, client.family_name, client.email, str(client.pk)):
        assert word not in mail.subject + mail.body
    assert Event.objects.get(action="notes.reminded").changes == {"waiting": 2}
    now["is"] += DAY
    assert remind_of_notes() == 1


def test_two_workers_write_one_mail_and_one_taken_back_stays_so(held: Appointment, therapist: User) -> None:
    assert remind_of_unsigned(therapist=therapist, location=held.location, now=NOON)
    (mail,) = _mails()
    OutboundMessage.objects.filter(pk=mail.pk).update(state="void")
    assert remind_of_notes() == 0
    # The other worker looked before the first had written: the key of the row still holds.
    OutboundMessage.objects.filter(pk=mail.pk).update(state="sent")
    arguments = {"purpose": mail.purpose, "dedupe_key": mail.dedupe_key, "location": held.location}
    assert services.enqueue(**arguments, recipient=therapist) is None
    assert len(_mails()) == 1


@pytest.mark.parametrize(
    ("ago", "status", "is_told"),
    [
        (dt.timedelta(hours=24, minutes=44), "completed", False),  # it ended 45 minutes after it began
        (dt.timedelta(hours=24, minutes=46), "completed", True),
        (2 * DAY, "in-session", True),
        (2 * DAY, "no-show", False),
        (2 * DAY, "booked", False),
        (89 * DAY, "completed", True),
        (91 * DAY, "completed", False),
    ],
)
def test_a_session_without_a_note_counts_once_held_for_more_than_a_day(
    now: dict[str, dt.datetime],
    client_record: Client,
    therapist: User,
    room: Room,
    ago: dt.timedelta,
    status: str,
    is_told: bool,
) -> None:
    book(client=client_record, therapist=therapist, room=room, starts_at=NOON - ago, status=status)
    assert remind_of_notes() == is_told


def test_nobody_is_told_at_night_or_of_signed_notes_or_once_they_have_left(
    now: dict[str, dt.datetime], held: Appointment, therapist: User
) -> None:
    now["is"] = NOON.replace(hour=6, minute=59)
    assert remind_of_notes() == 0
    now["is"] = NOON
    therapist.is_active = False
    therapist.save()
    assert remind_of_notes() == 0
    therapist.is_active = True
    therapist.save()
    note = open_note(appointment=held, by=therapist)
    SessionNote.objects.filter(pk=note.pk).update(status="signed", signed_at=NOON, signed_by=therapist, seal="0" * 64)
    assert remind_of_notes() == 0


def test_who_leaves_before_the_mail_goes_does_not_get_it(held: Appointment, therapist: User) -> None:
    assert remind_of_notes() == 1
    User.objects.filter(pk=therapist.pk).update(is_active=False)
    delivery.drain()
    assert [mail.state for mail in _mails()] == ["void"]


def test_the_list_shows_sessions_without_a_note_first_and_counts_them(
    signed_in: Browser, held: Appointment, therapist: User, other_therapist: User, room: Room
) -> None:
    client = held.client
    book(client=client, therapist=other_therapist, room=room, starts_at=NOON - 2 * DAY)
    open_note(appointment=book(client=client, therapist=therapist, room=room, starts_at=NOON - DAY), by=therapist)
    page = signed_in.get(url("note-list"))
    assert [session.pk for session in page.context["sessions"]] == [held.pk]
    text = page.content.decode()
    assert "2 of yours are not signed" in text
    assert "No note yet, 3\xa0days old" in text
    assert url("before", held.pk) in text
    assert not signed_in.get(url("note-list"), {"status": "signed"}).context["sessions"]
    assert len(signed_in.get(url("note-list"), {"client": str(client.pk)}).context["sessions"]) == 2
    assert not signed_in.get(url("note-list"), {"location": str(room.location.pk), "therapist": ""}).context["sessions"]


def test_thirty_sessions_without_a_note_take_as_many_queries_as_three(
    signed_in: Browser, held: Appointment, therapist: User, room: Room
) -> None:
    taken = []
    for days in (range(4, 6), range(6, 34)):
        for ago in days:
            book(client=held.client, therapist=therapist, room=room, starts_at=NOON - ago * DAY)
        signed_in.get(url("note-list"))
        with CaptureQueriesContext(connection) as queries:
            page = signed_in.get(url("note-list"))
        taken.append(len(queries))
    assert (len(page.context["sessions"]), page.context["mine"]) == (30, 31)
    assert "The 30 oldest sessions without a note" in page.content.decode()
    assert taken[0] == taken[1]


def test_a_supervisor_finds_what_waits_for_them(
    draft: SessionNote, therapist: User, other_therapist: User, owner: User
) -> None:
    profile, _is_new = TherapistProfile.objects.update_or_create(
        user=therapist, defaults={"supervisor": other_therapist}
    )
    signed = sign_note(note=draft, by=therapist, version=draft.version)
    query = {"status": "co-sign"}
    page = as_user(other_therapist).get(url("note-list"), query)
    assert [note.pk for note in page.context["page"]] == [signed.pk]
    assert "Waits for my co-signature <b>1</b>" in as_user(other_therapist).get(url("note-list")).content.decode()
    for other in (therapist, owner):
        assert "my co-signature" not in as_user(other).get(url("note-list")).content.decode()
    profile.supervisor = owner
    profile.save()
    for both in (owner, other_therapist):  # the one of now, and the one it was signed under
        assert as_user(both).get(url("note-list"), query).context["page"].paginator.count == 1
    co_sign_note(note=signed, by=other_therapist)
    for none in (owner, other_therapist):
        assert as_user(none).get(url("note-list"), query).context["page"].paginator.count == 0


def test_the_note_before_stands_with_its_addenda(
    signed_in: Browser, found_before: SessionNote, draft: SessionNote, therapist: User
) -> None:
    for text in ("Left leg was meant.", "Rang: <b>better</b>."):
        add_addendum(note=found_before, by=therapist, text=text)
    text = signed_in.get(url("note-edit", draft.pk)).content.decode()
    assert "2 addenda" in text
    assert "Left leg was meant." in text
    assert "Rang: &lt;b&gt;better" in text

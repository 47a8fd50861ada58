"""How it went: asked once, answered once."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.messaging import links
from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.models import Client, ContactPreference, Practice, Room, User
from intake.models import Response
from tests import factories
from tests.treatments.conftest import WRITTEN, book
from treatments.models import Episode, FollowUp, SessionNote
from treatments.outcomes.models import Score
from treatments.reads.follow_up import due_for_follow_up
from treatments.services import ask_follow_up, close_episode, open_note, save_draft, sign_note
from treatments.tasks import ask_how_it_went

BERLIN = ZoneInfo("Europe/Berlin")
SESSION = dt.datetime(2026, 3, 10, 10, 15, tzinfo=BERLIN)
NEXT_DAY = dt.datetime(2026, 3, 11, 11, 0, tzinfo=BERLIN)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> dict[str, dt.datetime]:
    """The clock of the services; tests set `now["is"]`."""
    time = {"is": NEXT_DAY}
    monkeypatch.setattr(clock, "now", lambda: time["is"])
    return time


@pytest.fixture
def treated(
    now: dict[str, dt.datetime], client_record: Client, therapist: User, room: Room, episode: Episode
) -> SessionNote:
    """A session of yesterday morning, signed."""
    session = book(client=client_record, therapist=therapist, room=room, starts_at=SESSION)
    note = open_note(appointment=session, by=therapist)
    note = save_draft(note=note, by=therapist, version=note.version, changes=WRITTEN)
    return sign_note(note=note, by=therapist, version=note.version)


@pytest.fixture
def path(treated: SessionNote) -> str:
    asked = ask_follow_up(note=treated)
    assert asked
    assert asked.invitation.link
    return links.path_of(asked.invitation.link)


def test_the_day_after_the_client_gets_one_mail_with_a_link(treated: SessionNote) -> None:
    assert ask_how_it_went() == 1
    message = OutboundMessage.objects.get(purpose="follow_up")
    assert (message.client, message.state) == (treated.client, "pending")
    assert message.link
    assert message.link.purpose == "follow_up"
    for word in ("pain", "Gluteal", "trochanteric", treated.client.family_name):
        assert word.lower() not in message.subject.lower()


def test_the_question_goes_out_once_though_the_task_runs_twice(treated: SessionNote) -> None:
    assert [ask_how_it_went(), ask_how_it_went(), ask_how_it_went()] == [1, 0, 0]
    assert OutboundMessage.objects.filter(purpose="follow_up").count() == 1
    assert ClientLink.objects.filter(purpose="follow_up").count() == 1
    assert ask_follow_up(note=treated) is None


def test_the_database_itself_allows_one_question_per_session(treated: SessionNote) -> None:
    asked = ask_follow_up(note=treated)
    assert asked
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(note=treated, invitation=asked.invitation, asked_at=clock.now())


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-11 08:59", 0),
        ("2026-03-11 09:00", 1),
        ("2026-03-11 19:59", 1),
        ("2026-03-11 20:00", 0),
        ("2026-03-10 15:00", 0),
        ("2026-03-13 10:00", 1),
        ("2026-03-14 10:00", 0),
    ],
)
def test_the_question_is_asked_in_the_daytime_of_the_location_and_not_too_late(
    treated: SessionNote, now: dict[str, dt.datetime], local: str, expected: int
) -> None:
    now["is"] = dt.datetime.fromisoformat(local).replace(tzinfo=BERLIN)
    assert ask_how_it_went() == expected


def test_the_practice_says_how_many_days_later(treated: SessionNote, now: dict[str, dt.datetime]) -> None:
    Practice.objects.update(follow_up_days=3)
    assert ask_how_it_went() == 0
    now["is"] = NEXT_DAY + dt.timedelta(days=2)
    assert ask_how_it_went() == 1


def test_who_has_no_address_or_wants_no_such_mail_is_not_asked(treated: SessionNote) -> None:
    preference = ContactPreference.objects.create(
        client=treated.client, channel="email", purpose="follow_up", is_allowed=False
    )
    assert ask_how_it_went() == 0
    assert ask_follow_up(note=treated) is None
    preference.delete()
    Client.objects.update(email="")
    assert ask_how_it_went() == 0
    assert not ClientLink.objects.filter(purpose="follow_up").exists()


def test_a_closed_episode_is_not_asked_about(treated: SessionNote, therapist: User) -> None:
    assert treated.episode
    close_episode(episode=treated.episode, reason="discharged", by=therapist)
    assert ask_how_it_went() == 0


def test_a_session_that_did_not_take_place_is_not_asked_about(treated: SessionNote) -> None:
    treated.appointment.status = "no-show"
    treated.appointment.save()
    assert ask_how_it_went() == 0


def test_finding_who_is_due_takes_the_same_queries_for_many(
    treated: SessionNote, room: Room, therapist: User, now: dict[str, dt.datetime]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(due_for_follow_up(now=now["is"]))
        return len(seen)

    few = queries()
    for number in range(8):
        someone = factories.ClientFactory(locations=[room.location])
        session = book(
            client=someone, therapist=therapist, room=room, starts_at=SESSION + dt.timedelta(hours=number + 1)
        )
        SessionNote.objects.create(appointment=session, client=someone, therapist=therapist)
    assert queries() == few


def test_the_answer_becomes_a_form_and_a_score(client: Browser, treated: SessionNote, path: str) -> None:
    assert client.get(path).status_code == 200
    assert not Response.objects.filter(questionnaire__slug="follow-up").exists()
    assert client.post(path, {"nprs.average": "2", "comment": " Can I run again? "})["Location"] == path
    response = Response.objects.get(questionnaire__slug="follow-up")
    assert (response.status, response.scores) == ("completed", {"nprs.average": 2})
    score = Score.objects.get(response=response)
    assert (score.episode, score.value, score.recorded_at) == (treated.episode, 2, response.completed_at)
    asked = FollowUp.objects.get(note=treated)
    assert (asked.response, asked.comment) == (response, "Can I run again?")
    assert Event.objects.filter(action="follow-up.answered", client_id=treated.client_id).exists()


def test_a_second_answer_is_thanked_for_and_changes_nothing(client: Browser, path: str) -> None:
    client.post(path, {"nprs.average": "2"})
    answer = client.post(path, {"nprs.average": "9"}, follow=True)
    assert "Thank you" in answer.content.decode()
    assert [score.value for score in Score.objects.exclude(response=None)] == [2]
    assert "Thank you" in client.get(path).content.decode()


def test_opening_the_link_twenty_times_changes_nothing(client: Browser, path: str) -> None:
    for _ in range(20):
        client.get(path)
        client.head(path)
    assert FollowUp.objects.get().answered_at is None
    assert not Score.objects.exclude(response=None).exists()


@pytest.mark.parametrize("value", ["", "11", "-1", "four", "2.5"])
def test_an_answer_outside_0_to_10_is_asked_again(client: Browser, path: str, value: str) -> None:
    answer = client.post(path, {"nprs.average": value, "comment": "Kept"})
    assert answer.status_code == 422
    assert "Kept" in answer.content.decode()
    assert not Score.objects.exclude(response=None).exists()


def test_wrong_expired_and_foreign_links_look_the_same(
    client: Browser, path: str, now: dict[str, dt.datetime], treated: SessionNote
) -> None:
    foreign = links.issue(
        client=treated.client, purpose="intake", object_id=treated.pk, expires_at=NEXT_DAY + dt.timedelta(days=9)
    )
    wrong = ["/f/not-a-token/", f"/f/{links.token_of(foreign)}/"]
    bodies = {_without_token(client.get(each)) for each in wrong}
    now["is"] = NEXT_DAY + dt.timedelta(days=15)
    bodies.add(_without_token(client.get(path)))
    assert len(bodies) == 1
    assert client.post(path, {"nprs.average": "2"}).status_code == 404


def test_the_page_tells_nobody_where_it_came_from(client: Browser, path: str) -> None:
    assert client.get(path)["Referrer-Policy"] == "no-referrer"


def test_the_therapist_reads_the_answer_before_the_next_session(
    client: Browser, path: str, treated: SessionNote, therapist: User, room: Room
) -> None:
    client.post(path, {"nprs.average": "2", "comment": "Can I run again?"})
    later = book(client=treated.client, therapist=therapist, room=room, starts_at=SESSION + dt.timedelta(days=7))
    staff = Browser()
    staff.force_login(therapist)
    assert "Can I run again?" in staff.get(f"/sessions/{later.pk}/before/").content.decode()


def _without_token(answer: object) -> tuple[int, str]:
    text = re.sub(
        r'name="csrf[^>]+>|csrfmiddlewaretoken[^>]+>|csrf-token" content="[^"]+"', "", answer.content.decode()
    )  # type: ignore[attr-defined]
    return answer.status_code, text  # type: ignore[attr-defined]


def test_change_and_activities_are_asked_beside_pain_and_only_pain_is_needed(
    client: Browser, treated: SessionNote, path: str
) -> None:
    page = client.get(path).content.decode()
    assert treated.episode
    began = treated.episode.opened_at.astimezone(BERLIN)
    assert f"{began.day} {began:%B %Y}" in page, "the day a change counts from"
    assert 'name="psfs:0/psfs.rating"' not in page, "no activities are known of this client"
    client.post(path, {"nprs.average": "2", "groc": "4"})
    recorded = Score.objects.exclude(response=None).values_list("measure__code", "value")
    assert sorted(recorded) == [("groc", 4), ("nprs", 2)]
    assert Response.objects.get(questionnaire__slug="follow-up").scores == {"nprs.average": 2, "groc": 4}


def test_a_rating_of_change_outside_its_scale_is_asked_again(client: Browser, path: str) -> None:
    answer = client.post(path, {"nprs.average": "2", "groc": "6"})
    assert answer.status_code == 422
    assert not Response.objects.filter(questionnaire__slug="follow-up").exists()

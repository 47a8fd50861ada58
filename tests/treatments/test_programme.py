"""Exercises for home: given, sent, ticked, stopped, and what comes back of it."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused
from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.models import Client, ContactPreference, Location, User
from intake.models import Exercise
from tests import factories
from treatments.models import Adherence, Episode, Prescription, SessionNote
from treatments.reads.adherence import adherence_of
from treatments.services import (
    close_episode,
    move_prescription,
    prescribe,
    programme_link,
    resume_prescription,
    send_programme,
    sign_note,
    stop_prescription,
    tick,
    untick,
)

DAY = dt.timedelta(days=1)


@pytest.fixture
def given(episode: Episode, exercise: Exercise, therapist: User) -> Prescription:
    """An exercise that is done every day, since thirty days."""
    row = prescribe(episode=episode, exercise=exercise, by=therapist, sets=3, reps=10, times_per_week=7)
    return since(row, days=30)


@pytest.fixture
def link(given: Prescription) -> ClientLink:
    return programme_link(given.episode.client)


@pytest.fixture
def today(location: Location) -> dt.date:
    return clock.today(location.zone)


def since(row: Prescription, *, days: int) -> Prescription:
    """The same, given so many days ago: a dose is frozen, so it is another row."""
    copy = Prescription.objects.get(pk=row.pk)
    row.delete()
    copy.prescribed_at, copy._state.adding = copy.prescribed_at - days * DAY, True
    copy.save(force_insert=True)
    return copy


def entries(row: Prescription, today: dt.date, *pains: int | None) -> None:
    """One a day until today, the newest last."""
    days = [today - dt.timedelta(days=back) for back in range(len(pains) - 1, -1, -1)]
    Adherence.objects.bulk_create(
        Adherence(prescription=row, done_on=day, pain_after=pain) for day, pain in zip(days, pains, strict=True)
    )


def test_a_tick_is_kept_once_a_day_and_pain_can_be_said_later(
    given: Prescription, link: ClientLink, today: dt.date
) -> None:
    tick(link=link, prescription_id=given.pk, done_on=today)
    tick(link=link, prescription_id=given.pk, done_on=today, pain_after=3)
    tick(link=link, prescription_id=given.pk, done_on=today)
    assert [(row.done_on, row.pain_after) for row in Adherence.objects.all()] == [(today, 3)]
    untick(link=link, prescription_id=given.pk, done_on=today)
    untick(link=link, prescription_id=given.pk, done_on=today)
    assert not Adherence.objects.exists()
    told = Event.objects.filter(client_id=given.episode.client_id, action__startswith="exercise.").order_by("pk")
    assert [event.action for event in told][-4:] == [
        "exercise.done",
        "exercise.done-changed",
        "exercise.done-changed",
        "exercise.not-done",
    ]


def test_yesterday_can_be_ticked_but_not_tomorrow_nor_last_month(
    given: Prescription, link: ClientLink, today: dt.date
) -> None:
    assert tick(link=link, prescription_id=given.pk, done_on=today - DAY).done_on == today - DAY
    for day in (today + DAY, today - 8 * DAY):
        with pytest.raises(Refused):
            tick(link=link, prescription_id=given.pk, done_on=day)


@pytest.mark.parametrize("pain", [-1, 11, 720])
def test_pain_outside_0_to_10_is_refused(given: Prescription, link: ClientLink, today: dt.date, pain: int) -> None:
    with pytest.raises(Refused):
        tick(link=link, prescription_id=given.pk, done_on=today, pain_after=pain)
    assert not Adherence.objects.exists()


def test_a_stopped_exercise_is_not_tickable(
    given: Prescription, link: ClientLink, today: dt.date, therapist: User
) -> None:
    stop_prescription(prescription=given, by=therapist)
    for write in (tick, untick):
        with pytest.raises(Conflict):
            write(link=link, prescription_id=given.pk, done_on=today)


def test_nobody_ticks_the_exercise_of_somebody_else(given: Prescription, location: Location, today: dt.date) -> None:
    foreign = programme_link(factories.ClientFactory(locations=[location]))
    for key in (given.pk, uuid.uuid4()):
        with pytest.raises(Missing):
            tick(link=foreign, prescription_id=key, done_on=today)


def test_the_link_is_mailed_once_a_day_and_stays_the_same(given: Prescription, therapist: User) -> None:
    client, location = given.episode.client, given.episode.location
    message = send_programme(client=client, location=location, by=therapist)
    assert message
    assert message.link
    assert message.link.purpose == "exercises"
    assert send_programme(client=client, location=location, by=therapist) is None
    assert programme_link(client) == message.link
    assert "{link}" in message.body
    for word in ("exercise", "pain", str(given.exercise).lower(), client.family_name.lower()):
        assert word not in message.subject.lower()


def test_a_link_that_soon_ends_is_followed_by_a_new_one(given: Prescription, link: ClientLink) -> None:
    ClientLink.objects.update(expires_at=clock.now() + 30 * DAY)
    assert programme_link(given.episode.client) != link


def test_nothing_is_sent_without_exercises_or_address_nor_against_the_clients_will(
    given: Prescription, therapist: User
) -> None:
    client, location = given.episode.client, given.episode.location
    unwanted = ContactPreference.objects.create(client=client, channel="email", purpose="exercises", is_allowed=False)
    assert send_programme(client=client, location=location, by=therapist) is None
    unwanted.delete()
    Client.objects.update(email="")
    assert send_programme(client=client, location=location, by=therapist) is None
    assert not OutboundMessage.objects.exists()
    stop_prescription(prescription=given, by=therapist)
    with pytest.raises(Refused):
        send_programme(client=client, location=location, by=therapist)


def test_neither_front_desk_nor_a_stranger_sends_exercises(
    given: Prescription, front_desk: User, stranger: User
) -> None:
    for user, error in ((front_desk, NotAllowed), (stranger, Missing)):
        with pytest.raises(error):
            send_programme(client=given.episode.client, location=given.episode.location, by=user)


def test_signing_a_note_that_gave_an_exercise_sends_the_link(
    draft: SessionNote, exercise: Exercise, therapist: User
) -> None:
    assert draft.episode
    prescribe(episode=draft.episode, exercise=exercise, by=therapist, note=draft)
    sign_note(note=draft, by=therapist, version=draft.version)
    assert OutboundMessage.objects.get(purpose="exercises").client == draft.client


def test_signing_a_note_that_gave_none_sends_none(draft: SessionNote, given: Prescription, therapist: User) -> None:
    sign_note(note=draft, by=therapist, version=draft.version)
    assert not OutboundMessage.objects.filter(purpose="exercises").exists()


def test_stopping_is_taken_back_unless_it_was_given_anew_or_the_episode_closed(
    given: Prescription, exercise: Exercise, therapist: User
) -> None:
    stop_prescription(prescription=given, by=therapist)
    assert resume_prescription(prescription=given, by=therapist).stopped_at is None
    prescribe(episode=given.episode, exercise=exercise, by=therapist, sets=2)
    with pytest.raises(Conflict):
        resume_prescription(prescription=given, by=therapist)
    close_episode(episode=given.episode, reason="discharged", by=therapist)
    with pytest.raises(Refused):
        resume_prescription(prescription=given, by=therapist)


def test_exercises_keep_the_order_they_are_put_in(given: Prescription, therapist: User) -> None:
    bridge, plank = (Exercise.objects.get(code=code) for code in ("glute-bridge", "core-plank"))
    second, third = (prescribe(episode=given.episode, exercise=each, by=therapist) for each in (bridge, plank))
    move_prescription(prescription=third, up=True, by=therapist)
    move_prescription(prescription=given, up=True, by=therapist)
    assert list(given.episode.prescriptions.current()) == [given, third, second]
    again = prescribe(episode=given.episode, exercise=plank, by=therapist, sets=1)
    assert list(given.episode.prescriptions.current()) == [given, again, second]
    with pytest.raises(Conflict):
        move_prescription(prescription=third, up=False, by=therapist)


def test_a_retired_exercise_is_not_given_but_its_dose_may_change(
    given: Prescription, exercise: Exercise, therapist: User
) -> None:
    Exercise.objects.update(retired_at=clock.now())
    exercise.refresh_from_db()
    assert prescribe(episode=given.episode, exercise=exercise, by=therapist, sets=1).sets == 1
    with pytest.raises(Refused):
        prescribe(episode=given.episode, exercise=Exercise.objects.get(code="core-plank"), by=therapist)


def test_the_therapist_sees_days_done_share_of_what_was_asked_and_pain_after(
    given: Prescription, today: dt.date, location: Location
) -> None:
    entries(given, today, 2, None, 2, 2, 2, 4, 5, 5)
    (kept,) = adherence_of([given], location.zone)
    assert (kept.done, kept.asked, kept.percent) == (8, 28, 29)
    assert [day.state for day in kept.fortnight] == ["missed"] * 6 + ["done"] * 8
    assert kept.pains == [2, 2, 2, 2, 4, 5, 5]
    assert kept.is_rising
    assert kept.is_too_much is False
    entries(given, today - 20 * DAY, 1)


def test_pain_above_the_clients_average_needs_a_look(signed: SessionNote, exercise: Exercise, therapist: User) -> None:
    """The note's average is 4."""
    assert signed.episode
    row = prescribe(episode=signed.episode, exercise=exercise, by=therapist)
    zone = signed.episode.location.zone
    entries(row, clock.today(zone), 6)
    assert not adherence_of([row], zone)[0].needs_a_look
    Adherence.objects.update(pain_after=7)
    (kept,) = adherence_of([row], zone)
    assert (kept.usual, kept.needs_a_look) == (4, True)


def test_days_before_it_was_given_do_not_count_and_a_new_dose_goes_on_with_the_course(
    given: Prescription, exercise: Exercise, therapist: User, today: dt.date, location: Location
) -> None:
    entries(given, today, 1, 1, 1)
    again = prescribe(episode=given.episode, exercise=exercise, by=therapist, times_per_week=7)
    (kept,) = adherence_of([again], location.zone)
    assert (kept.done, kept.asked) == (3, 28)
    new = prescribe(
        episode=given.episode, exercise=Exercise.objects.get(code="bird-dog"), by=therapist, times_per_week=7
    )
    (kept,) = adherence_of([new], location.zone)
    assert ({day.state for day in kept.days[:-1]}, kept.asked, kept.percent) == ({"before"}, 0, None)


def test_reading_adherence_takes_three_queries_for_one_exercise_and_for_many(
    given: Prescription, therapist: User, location: Location
) -> None:
    def queries(rows: list[Prescription]) -> int:
        with CaptureQueriesContext(connection) as seen:
            adherence_of(rows, location.zone)
        return len(seen)

    more = [
        prescribe(episode=given.episode, exercise=each, by=therapist)
        for each in Exercise.objects.exclude(pk=given.exercise_id)[:5]
    ]
    assert [queries([]), queries([given]), queries([given, *more])] == [0, 3, 3]

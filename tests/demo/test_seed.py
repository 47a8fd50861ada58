"""The demo practice, in small: the same every time, fictional, whole."""

import datetime as dt
import random
from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.db import transaction

from clinic.audit.models import Event
from clinic.demo import diary, ground
from clinic.demo.seed import seed_demo
from clinic.messaging import links
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Practice, User
from intake.models import Invitation, RedFlag
from scheduling.models import Appointment, DailyLimit, DateHours, Holiday, RoomClosure, TimeOff, WeeklyBreak
from scheduling.stranded import in_closed_rooms, in_time_off, on_closed_dates, outside_hours
from treatments.models import Adherence, Prescription, SessionNote
from treatments.outcomes.models import EpisodeSummary, Score
from treatments.seal import is_intact

pytestmark = pytest.mark.django_db
NIGHT = dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)  # 22:00 on Saturday in New York: the clinic sleeps
SATURDAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A small demo practice for all tests of this module, rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert seed_demo(say=lambda line: None, now=NIGHT, clients=130, days_back=120)
        yield
        transaction.set_rollback(True)


THANKSGIVING = dt.date(2026, 11, 26)


def plans(seed: int, closed: Collection[dt.date] = ()) -> list[diary.Plan]:
    weeks = [therapist.week for therapist in ground.THERAPISTS]
    chance = random.Random(seed)  # noqa: S311  # the same demo every time
    return diary.plan_all(
        clients=130, weeks=weeks, today=SATURDAY, days_back=120, chance=chance, closed=[closed] * len(weeks)
    )


def test_the_same_seed_plans_the_same_demo() -> None:
    assert plans(7) == plans(7)
    assert plans(7) != plans(8)


def test_a_holiday_moves_its_own_visits_and_no_others() -> None:
    usual, kept = plans(7), plans(7, {THANKSGIVING})
    pairs = [
        (before.starts_at, after.starts_at)
        for one, other in zip(usual, kept, strict=True)
        for before, after in zip(one.visits, other.visits, strict=True)
    ]
    moved = [pair for pair in pairs if pair[0] != pair[1]]
    assert moved
    assert {before.date() for before, _after in moved} == {THANKSGIVING}
    assert THANKSGIVING not in {after.date() for _before, after in pairs}


def test_nobody_is_in_two_places_at_once() -> None:
    taken: set[tuple[int, dt.datetime]] = set()
    for plan in plans(7):
        for visit in plan.visits:
            quarters = {
                (plan.therapist, visit.starts_at + dt.timedelta(minutes=minute))
                for minute in range(0, visit.duration_minutes, 15)
            }
            assert not quarters & taken
            taken |= quarters


def test_a_second_seeding_writes_nothing(demo: None) -> None:
    assert not seed_demo(say=lambda line: None, now=NIGHT)
    assert Practice.objects.get().is_demo


def test_everybody_is_fictional(demo: None) -> None:
    addresses = [*Client.objects.values_list("email", flat=True), *User.objects.values_list("email", flat=True)]
    assert all(address.endswith("@example.org") for address in addresses if address)
    assert all("55501" in str(phone) for phone in Client.objects.values_list("phone", flat=True))


def test_the_house_is_staffed_as_promised(demo: None) -> None:
    assert len(set(Location.objects.values_list("timezone", flat=True))) == 2
    by_role = {role: User.objects.filter(role_rows__role=role).count() for role in ("owner", "therapist", "front_desk")}
    assert by_role == {"owner": 1, "therapist": 8, "front_desk": 3}
    for who in ("owner", "therapist", "frontdesk"):
        assert User.objects.get(email=f"{who}@example.org").check_password(ground.PASSWORD)


def test_today_shows_every_state_even_at_night(demo: None) -> None:
    here = Location.objects.get(name="Harbour Street")
    start = dt.datetime.combine(SATURDAY, dt.time(), tzinfo=here.zone)
    today = Appointment.objects.filter(location=here).overlapping(start, start + dt.timedelta(days=1))
    assert set(today.values_list("status", flat=True)) >= set(Appointment.Status.values) - {"booked"}


def test_what_is_booked_lies_where_it_can_be_booked(demo: None) -> None:
    owner = User.objects.get(email="owner@example.org")
    for therapist in User.objects.therapists():
        assert outside_hours(owner, therapist).count == 0
    assert not in_time_off(owner).count
    assert not in_closed_rooms(owner).count
    assert not on_closed_dates(owner).count
    for each in (DateHours, TimeOff, RoomClosure, DailyLimit, WeeklyBreak, Holiday):
        assert each._default_manager.exists()


def test_forms_flags_and_messages_stand_in_every_state(demo: None) -> None:
    assert set(Invitation.objects.values_list("state", flat=True)) == set(Invitation.State.values)
    assert RedFlag.objects.unacknowledged().filter(urgency="emergency").count() == 1
    states = set(OutboundMessage.objects.values_list("state", flat=True))
    assert states >= {"pending", "sent", "bounced", "failed", "void"}


def test_exercises_at_home_are_kept_to_and_a_link_to_them_waits_in_the_mailbox(demo: None) -> None:
    own = Prescription.objects.filter(exercise__is_built_in=False, exercise__picture__isnull=False)
    assert own.exists()
    assert Adherence.objects.filter(prescription__in=own).exists()
    assert not Prescription.objects.current().exclude(episode__closed_at=None).exists()
    message = OutboundMessage.objects.filter(purpose="exercises", state="pending").first()
    assert message
    assert message.link
    assert links.resolve(links.token_of(message.link), purpose="exercises").client == message.client


def test_signed_notes_are_intact_and_scored(demo: None) -> None:
    signed = SessionNote.objects.filter(status="signed").prefetch_related("findings", "techniques")
    assert signed.count() > 100
    assert all(is_intact(note) for note in signed[:60])
    assert SessionNote.objects.unsigned().exists()
    assert Score.objects.filter(note=None).exists()
    assert EpisodeSummary.objects.filter(baseline__isnull=False, change__lt=0).exists()
    assert Event.objects.filter(action="note.signed").exists()

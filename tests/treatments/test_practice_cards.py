"""What the owner's report says of plans and notes."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from intake.models import Condition
from scheduling.reports.filters import Filters
from scheduling.rules.periods import Period
from tests import factories
from tests.treatments.browsing import as_user, url
from tests.treatments.conftest import book
from treatments.models import Episode, SessionNote
from treatments.reads.practice import PLANS, ended, notes, plans

DAY = dt.timedelta(days=1)


def last_weeks(location: Location) -> Filters:
    today = clock.today(location.zone)
    return Filters(Period(today - 28 * DAY, today), (location,), location)


def plan(
    *, condition: Condition, room: Room, therapist: User, planned: int | None, held: int, reason: str, days_ago: int = 3
) -> Episode:
    """An episode of somebody new, closed some days ago, or open without a reason."""
    client, now = factories.ClientFactory(), clock.now()
    episode = Episode.objects.create(
        client=client, location=room.location, therapist=therapist, condition=condition, planned_sessions=planned,
        opened_at=now - 90 * DAY, closed_at=now - days_ago * DAY if reason else None, close_reason=reason,
    )  # fmt: skip
    for number in range(held):
        starts_at = now - (80 - number) * DAY + Episode.objects.count() * dt.timedelta(hours=1)
        visit = book(client=client, therapist=therapist, room=room, starts_at=starts_at)
        SessionNote.objects.create(appointment=visit, client=client, therapist=therapist, episode=episode)
    return episode


def test_a_plan_is_kept_by_its_visits_or_its_goals_and_each_is_listed(
    owner: User, therapist: User, other_therapist: User, condition: Condition, room: Room, location: Location
) -> None:
    common = {"condition": condition, "room": room, "therapist": therapist}
    full = plan(planned=2, held=2, reason="stopped", **common)
    early = plan(planned=6, held=1, reason="discharged", **common)
    gone = plan(planned=4, held=1, reason="stopped", **common)
    plan(planned=None, held=1, reason="stopped", **common)
    plan(planned=4, held=1, reason="gap", days_ago=40, **common)
    runs = plan(planned=6, held=1, reason="", **common)
    filters = last_weeks(location)
    found = ended(filters, filters.period)
    assert (found.ended, found.kept, found.made, found.planned) == (3, 2, 2 + 1 + 1, 12)
    assert [number for _reason, number in found.left_by_reason] == [1, 0, 0]
    assert ended(filters, filters.period.before).ended == 1
    shown = {which: set(plans(filters, which)) for which in PLANS}
    assert shown == {"ended": {full, early, gone}, "kept": {full, early}, "left": {gone}, "running": {runs}}
    period = {"from": f"{filters.period.first_on}", "until": f"{filters.period.last_on}"}
    page = as_user(owner).get(url("practice-plans", "left"), period)
    assert list(page.context["page"].object_list) == [gone]
    assert "1 of 4" in page.content.decode()
    other = Filters(filters.period, filters.places, None, other_therapist)
    assert ended(other, filters.period).ended == 0
    assert as_user(owner).get(url("practice-plans", "all")).status_code == 404


def test_notes_count_by_their_age_and_by_being_signed_in_a_day(
    signed: SessionNote, client_record: Client, therapist: User, room: Room, location: Location, owner: User
) -> None:
    for days in (0, 2, 5, 9):
        starts_at = clock.now() - days * DAY - dt.timedelta(hours=5)
        visit = book(client=client_record, therapist=therapist, room=room, starts_at=starts_at)
        SessionNote.objects.create(appointment=visit, client=client_record, therapist=therapist)
    filters = last_weeks(location)
    found = notes(filters, filters.period, clock.now())
    assert (found.unsigned, [number for _label, number in found.ages]) == (4, [1, 1, 1, 1])
    assert (found.in_a_day, found.due) == (1, 4), "the newest may still be signed in time"
    before = notes(filters, filters.period.before, clock.now())
    assert (before.unsigned, before.in_a_day, before.due) == (4, 0, 0)
    rows = as_user(owner).get(url("note-list"), {"status": "draft", "therapist": "", "location": str(location.pk)})
    assert rows.context["page"].paginator.count == found.unsigned
    elsewhere = factories.LocationFactory()
    rows = as_user(owner).get(url("note-list"), {"status": "draft", "therapist": "", "location": str(elsewhere.pk)})
    assert rows.context["page"].paginator.count == 0


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_the_cards_stand_alone_or_on_a_page_and_take_as_many_queries_for_many_therapists(
    owner: User, condition: Condition, room: Room, headers: dict[str, str]
) -> None:
    browser = as_user(owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(url("practice-cards"), headers=headers)
        assert ("<html" in answer.content.decode()) == (not headers)
        return len(captured)

    assert "No plan yet" in browser.get(url("practice-cards"), headers=headers).content.decode()
    for number in range(3):
        _somebody(condition, room, number)
    few = queries()
    for number in range(3, 30):
        _somebody(condition, room, number)
    assert queries() == few
    assert "No plan yet" not in browser.get(url("practice-cards"), headers=headers).content.decode()


def _somebody(condition: Condition, room: Room, number: int) -> None:
    therapist = factories.UserFactory(roles=["therapist"], locations=[room.location])
    plan(condition=condition, room=room, therapist=therapist, planned=2, held=1, reason="gap")

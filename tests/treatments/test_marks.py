"""How far each note is, as the calendar draws it on its cards."""

import datetime as dt

import pytest

from clinic.people.models import Location, Room, User
from tests.treatments.browsing import as_user, url
from treatments.models import SessionNote


def test_the_day_page_gets_the_state_of_each_note_and_nothing_else(
    signed: SessionNote, front_desk: User, location: Location
) -> None:
    day = signed.appointment.during.lower.astimezone(location.zone).date()
    answer = as_user(front_desk).get(url("note-marks"), {"date": day.isoformat(), "location": str(location.pk)})
    text = answer.content.decode()
    assert f'id="note-mark-{signed.appointment_id}"' in text
    assert 'data-state="signed"' in text
    assert signed.plan not in text
    assert signed.client.given_name not in text


def test_the_week_gets_the_marks_of_seven_days_at_most(
    signed: SessionNote, front_desk: User, location: Location
) -> None:
    day = signed.appointment.during.lower.astimezone(location.zone).date()

    def marks(days_before: int) -> int:
        start = (day - dt.timedelta(days=days_before)).isoformat()
        query = {"date": start, "until": day.isoformat(), "location": str(location.pk)}
        return as_user(front_desk).get(url("note-marks"), query).content.decode().count("note-mark-")

    assert [marks(0), marks(6), marks(7)] == [1, 1, 0]


def test_marks_are_given_only_where_the_calendar_has_a_card(
    signed: SessionNote, front_desk: User, other_therapist: User, location: Location
) -> None:
    day = signed.appointment.during.lower.astimezone(location.zone).date()

    def marks(**query: str) -> int:
        where = {"date": day.isoformat(), "location": str(location.pk), **query}
        return as_user(front_desk).get(url("note-marks"), where).content.decode().count("note-mark-")

    week = {"columns": "week", "therapist": str(signed.therapist_id)}
    assert [marks(**week), marks(**week | {"therapist": str(other_therapist.pk)}), marks(columns="week")] == [1, 0, 0]
    assert marks(columns="rooms") == 1
    Room.objects.update(is_active=False)
    assert marks(columns="rooms") == 0


@pytest.mark.parametrize("query", [{}, {"date": "2026-02-31"}, {"date": "x", "location": "y"}])
def test_marks_of_no_day_are_none(signed: SessionNote, front_desk: User, query: dict[str, str]) -> None:
    answer = as_user(front_desk).get(url("note-marks"), query)
    assert (answer.status_code, answer.content.strip()) == (200, b"")

"""Series at the desk: repeat, look at the dates, book; move and cancel one, following or all. Without a script."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.people.models import Client, Room, User
from scheduling.models import Appointment, Series, Service
from scheduling.services.series import Plan, book_series
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db
NEW = "/series/new/"


@pytest.fixture
def desk(client: Browser, front_desk: User, service: Service, room: Room) -> Browser:
    client.force_login(front_desk)
    return client


@pytest.fixture
def wish(client_record: Client, service: Service, therapist: User, room: Room) -> dict[str, Any]:
    """Four Tuesdays at ten, as the booking sheet sends it."""
    return {
        "client": str(client_record.pk),
        "service": str(service.pk),
        "slot": f"{berlin(2, 10).isoformat()}|{therapist.pk}|{room.pk}",
        "request_key": str(uuid.uuid4()),
        "every": "1", "unit": "week", "ends": "after", "times": "4",
    }  # fmt: skip


@pytest.fixture
def series(client_record: Client, service: Service, therapist: User, room: Room, front_desk: User) -> Series:
    plan = Plan(
        client=client_record, service=service, therapist=therapist, location=room.location,
        rule="FREQ=WEEKLY;BYDAY=TU;COUNT=4", first_on=dt.date(2026, 6, 2), begins_at=dt.time(10),
    )  # fmt: skip
    return book_series(plan=plan, by=front_desk)


def fields_of(html: str) -> dict[str, str]:
    """What a browser would send of the last form: hidden fields, and what is checked."""
    form = html[html.rindex('<form method="post"', 0, html.index("series-rows")) :]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    checked = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" required checked', form)
    return dict(hidden) | dict(checked)


def test_a_series_is_looked_at_and_booked(desk: Browser, wish: dict[str, Any]) -> None:
    html = desk.post(NEW, wish).content.decode()
    assert "Every week on Tuesday at 10:00, 4 times" in html
    assert "Every date is free." in html
    assert not Series.objects.exists()
    response = desk.post(NEW, wish | fields_of(html) | {"step": "book"}, follow=True)
    assert "Marcus Bell is booked: 4 visits." in response.content.decode()
    assert Series.objects.get().appointments.count() == 4


def test_a_clash_is_shown_and_asks_for_a_decision(
    desk: Browser, wish: dict[str, Any], service: Service, therapist: User, room: Room
) -> None:
    factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(9, 10))
    html = desk.post(NEW, wish).content.decode()
    assert "1 of 4 dates needs a decision." in html
    fields = wish | fields_of(html) | {"step": "book"}
    response = desk.post(NEW, fields)
    assert response.status_code == 409
    assert "needs a decision: leave it out, or choose another time." in response.content.decode()
    slot = re.search(r'name="visit-2026-06-09" value="(2026[^"]+)"', html)
    assert slot
    desk.post(NEW, fields | {"visit-2026-06-09": slot[1], "visit-2026-06-23": "skip"})
    starts = [each.starts_at for each in Appointment.objects.filter(series__isnull=False).order_by("during")]
    assert starts == [berlin(2, 10), berlin(9, 9, 15), berlin(16, 10)]


def test_what_was_chosen_stays_when_another_date_is_refused(
    desk: Browser, wish: dict[str, Any], service: Service, therapist: User, room: Room
) -> None:
    fields = wish | fields_of(desk.post(NEW, wish).content.decode()) | {"step": "book", "visit-2026-06-16": "skip"}
    factories.AppointmentFactory(service=service, therapist=therapist, room=room, starts_at=berlin(9, 10))
    html = desk.post(NEW, fields).content.decode()
    assert re.search(r'name="visit-2026-06-16" value="skip" required checked', html)
    assert "Amina Osei is taken from 10:00 to 10:45" in html


def test_dates_that_were_not_looked_at_are_not_booked(desk: Browser, wish: dict[str, Any]) -> None:
    fields = wish | fields_of(desk.post(NEW, wish).content.decode()) | {"step": "book", "times": "6"}
    html = desk.post(NEW, fields).content.decode()
    assert "These are the dates now." in html
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"times": "10000"}, 422, "Ensure this value is less than or equal to 52"),
        ({"times": ""}, 422, "How many visits?"),
        ({"ends": "on"}, 422, "Until which day?"),
        ({"ends": "on", "until": "2026-05-01"}, 422, "The series ends before it begins"),
        ({"unit": "second"}, 422, "not one of the available choices"),
        ({"weekday": ["9"]}, 422, "not one of the available choices"),
        ({"slot": "soon"}, 422, "Choose one of the free times."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    desk: Browser, wish: dict[str, Any], changes: dict[str, Any], status: int, said: str
) -> None:
    response = desk.post(NEW, wish | changes)
    assert response.status_code == status
    assert said in response.content.decode()


@pytest.mark.parametrize(
    ("unit", "more", "said"),
    [
        ("day", {}, "Every day at 10:00"),
        ("week", {"weekday": ["1", "3"]}, "Every week on Tuesday and Thursday at 10:00"),
        ("month", {}, "Every month on day 2 at 10:00"),
        ("month-day", {"every": "2"}, "Every 2 months on the first Tuesday at 10:00"),
    ],
)
def test_a_series_repeats_by_days_weeks_or_months(
    desk: Browser, wish: dict[str, Any], unit: str, more: dict[str, Any], said: str
) -> None:
    assert said in desk.post(NEW, wish | {"unit": unit} | more).content.decode()


def test_an_appointment_says_which_of_its_series_it_is(desk: Browser, series: Series) -> None:
    second = series.appointments.order_by("during")[1]
    html = desk.get(reverse("scheduling:appointment-detail", args=[second.pk])).content.decode()
    assert "Visit 2 of 4" in html
    page = desk.get(reverse("scheduling:series-detail", args=[series.pk])).content.decode()
    assert "Every week on Tuesday at 10:00, 4 times" in page
    assert page.count("/appointments/") >= 4


def test_this_and_following_visits_are_moved(desk: Browser, series: Series) -> None:
    third = series.appointments.order_by("during")[2]
    move = desk.get(reverse("scheduling:appointment-move", args=[third.pk])).content.decode()
    url = reverse("scheduling:series-change", args=[third.pk])
    assert f"{url}?scope=following" in move
    page = desk.get(url, {"scope": "following"}).content.decode()
    assert 'value="10:00' in page
    wish = {
        "scope": "following", "weekday": "2", "begins_at": "11:00", "therapist": str(series.therapist_id),
        "room": "", "duration_minutes": "45",
    }  # fmt: skip
    html = desk.post(url, wish).content.decode()
    assert re.search(r"was <time[^>]*>Tue 16 Jun, 10:00<", html)
    response = desk.post(url, wish | fields_of(html) | {"step": "save"}, follow=True)
    assert "Every week on Wednesday at 11:00, 2 times" in response.content.decode()
    starts = [each.starts_at for each in Appointment.objects.order_by("during")]
    assert starts == [berlin(2, 10), berlin(9, 10), berlin(17, 11), berlin(24, 11)]


def test_a_fixed_room_is_given_up_on_the_page(desk: Browser, series: Series, room: Room) -> None:
    Series.objects.update(room=room)
    first = series.appointments.earliest("during")
    url = reverse("scheduling:series-change", args=[first.pk])
    page = desk.get(url, {"scope": "all"}).content.decode()
    assert f'value="{room.pk}" selected' in page
    assert "Any that fits" in page
    wish = {
        "scope": "all", "weekday": "1", "begins_at": "10:00", "therapist": str(series.therapist_id),
        "room": "", "duration_minutes": "45",
    }  # fmt: skip
    shown = desk.post(url, wish)
    assert shown.status_code == 200
    assert desk.post(url, wish | fields_of(shown.content.decode()) | {"step": "save"}).status_code == 302
    series.refresh_from_db()
    assert series.room is None


def test_a_series_is_cancelled_from_the_page_of_a_visit(desk: Browser, series: Series) -> None:
    second = series.appointments.order_by("during")[1]
    page = desk.get(reverse("scheduling:appointment-cancel", args=[second.pk])).content.decode()
    url = reverse("scheduling:series-cancel", args=[second.pk])
    assert f'action="{url}"' in page
    response = desk.post(url, {"scope": "following", "reason": "", "version": "1"}, follow=True)
    assert "3 visits of Marcus Bell are cancelled." in response.content.decode()
    assert Appointment.objects.active().count() == 1
    assert desk.post(url, {"scope": "everything", "version": "2"}).status_code == 422

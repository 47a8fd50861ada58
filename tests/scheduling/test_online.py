"""Online booking as people see it: the pages, without an account, a cookie or JavaScript."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.test import Client as Browser
from django.urls import reverse
from icalendar import Calendar

from clinic.audit.models import Event
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Client, Location, Practice, Room, User
from scheduling.models import Appointment, BookingRules, Service, SlotHold
from tests import factories
from tests.scheduling.conftest import berlin

pytestmark = pytest.mark.django_db

ADA = {"given_name": "Ada", "family_name": "Marsh", "email": "ada.marsh@example.org"}


@pytest.fixture(autouse=True)
def offered(service: Service, room: Room, practice: Practice) -> Service:
    """Follow-up, 45 minutes, by two therapists with one room; booked at least two hours before."""
    return service


@pytest.fixture
def rules() -> BookingRules:
    return BookingRules.objects.create()


class Visitor:
    """Somebody with a browser, who presses what the pages show."""

    forms: ClassVar[dict[str, str]] = {}  # one for each network address does for all

    def __init__(self, service: Service, **headers: Any) -> None:
        self.address = headers.get("REMOTE_ADDR", "")
        self.browser = Browser(enforce_csrf_checks=True, **headers)
        self.times_path = reverse("scheduling:book-online-times", args=[service.pk])
        self.page: Any = None

    def open(self, path: str) -> str:
        self.page = self.browser.get(path, follow=True)
        return str(self.page.content.decode())

    def form(self) -> str:
        if self.address not in self.forms:
            found = re.search(r'name="form" value="([^"]+)"', self.open(self.times_path))
            self.forms[self.address] = found[1] if found else ""
        return self.forms[self.address]

    def press(self, at: Any, **fields: Any) -> Any:
        """Choose a time."""
        values = {"form": self.form(), "at": at.isoformat() if isinstance(at, dt.datetime) else at} | fields
        self.page = self.browser.post(self.times_path, values)
        return self.page

    def hold(self, at: dt.datetime, **fields: Any) -> str:
        """Choose a time; where the details are asked for."""
        response = self.press(at, **fields)
        assert response.status_code == 302, response.content.decode()
        return str(response["Location"])

    def book(self, at: dt.datetime, **person: Any) -> Any:
        return self.browser.post(self.hold(at), ADA | person)


@pytest.fixture
def visitor(service: Service) -> Visitor:
    return Visitor(service)


def test_the_way_leads_from_the_service_to_a_booked_visit(
    visitor: Visitor, service: Service, therapist: User, location: Location
) -> None:
    page = visitor.open("/book/")
    assert "Follow-up" in page
    page = visitor.open(reverse("scheduling:book-online-therapists", args=[service.pk]))
    assert "Anyone" in page
    assert "Amina Osei" in page
    page = visitor.open(f"{visitor.times_path}?therapist={therapist.pk}")
    assert 'value="2026-06-01T08:00:00+00:00"' in page  # two hours from now; in Berlin it is ten
    assert ">10:00</time>" in page
    assert "Europe/Berlin" in page
    path = visitor.hold(berlin(2, 10), therapist=str(therapist.pk))
    page = visitor.open(path)
    assert re.search(r"Kept for you until <time[^>]*>08:10", page)
    assert re.search(
        r"until <b><time[^>]*>Monday 1 June, 10:00", page
    )  # until when cancelling is free: 24 hours before
    assert page.index("late cancellation") < page.index("Book this time")
    response = visitor.browser.post(path, ADA)
    booked = Appointment.objects.get()
    assert (booked.starts_at, booked.therapist, booked.origin, booked.booked_by) == (
        *(berlin(2, 10), therapist, "online", None),
    )
    page = visitor.open(response["Location"])
    assert "You are booked" in page
    assert not visitor.browser.cookies
    assert OutboundMessage.objects.filter(purpose="booking", client=booked.client).count() == 1
    assert Event.objects.get(action="appointment.booked").actor_display == "somebody online"
    calendar = Calendar.from_ical(visitor.browser.get(f"{response['Location']}calendar.ics").content.decode())
    assert calendar.walk("VEVENT")[0].decoded("DTSTART") == booked.starts_at


def test_looking_changes_nothing(visitor: Visitor, therapist: User) -> None:
    path = visitor.hold(berlin(2, 10), therapist=str(therapist.pk))
    before = list(SlotHold.objects.values())
    for _ in range(3):
        assert visitor.browser.get(path).status_code == 200
    assert list(SlotHold.objects.values()) == before


def test_a_double_tap_books_once(visitor: Visitor) -> None:
    path = visitor.hold(berlin(2, 10))
    first, second = (visitor.browser.post(path, ADA) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Appointment.objects.count() == 1
    assert Client.objects.count() == 1
    assert visitor.browser.get(path).status_code == 302


def test_a_held_time_is_not_offered_to_others_and_refused_in_words(visitor: Visitor, service: Service) -> None:
    visitor.hold(berlin(2, 10))
    other = Visitor(service, REMOTE_ADDR="192.0.2.7")
    response = other.press(berlin(2, 10))
    assert response.status_code == 409
    assert "Choose another one" in response.content.decode()
    assert "09:00" in response.content.decode()  # what is free, on the same page


def test_whoever_comes_back_for_another_time_gives_the_first_one_up(visitor: Visitor) -> None:
    path = visitor.hold(berlin(2, 10))
    visitor.hold(berlin(2, 12), held=path.split("/")[-2])
    assert [hold.during.lower for hold in SlotHold.objects.filter(released_at=None)] == [berlin(2, 12)]


def test_a_hold_that_ran_out_still_books_while_the_time_is_free(
    visitor: Visitor, at: Callable[[dt.datetime], None]
) -> None:
    path = visitor.hold(berlin(2, 10))
    at(berlin(1, 9))
    assert "not kept any more" in visitor.open(path)
    assert visitor.browser.post(path, ADA).status_code == 302
    assert Appointment.objects.count() == 1


def test_when_the_time_is_gone_what_was_typed_stays_and_others_are_offered(
    visitor: Visitor, service: Service, at: Callable[[dt.datetime], None]
) -> None:
    path = visitor.hold(berlin(2, 10))
    at(berlin(1, 9))
    Visitor(service, REMOTE_ADDR="192.0.2.7").book(berlin(2, 10), email="other@example.org")
    response = visitor.browser.post(path, ADA)
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="ada.marsh@example.org"' in page
    times = re.findall(r'name="at" value="([^"]+)"', page)
    assert len(times) == 4
    response = visitor.browser.post(path, ADA | {"at": times[0]})
    page = response.content.decode()
    assert 'value="ada.marsh@example.org"' in page
    assert not response.context["form"].errors
    again = re.search(r'action="(/book/held/[^"]+)"', page)
    assert again
    assert visitor.browser.post(again[1], ADA).status_code == 302
    assert Appointment.objects.filter(during__startswith=dt.datetime.fromisoformat(times[0])).count() == 1


def test_what_is_missing_is_said_and_what_was_typed_stays(visitor: Visitor) -> None:
    path = visitor.hold(berlin(2, 10))
    wrong = {"given_name": "Ada", "email": "ada at example", "phone": "12", "born_on": "2126-01-01"}
    response = visitor.browser.post(path, wrong)
    page = response.content.decode()
    assert response.status_code == 422
    for text in ('value="Ada"', 'value="ada at example"', "not a phone number", "Nobody was born then"):
        assert text in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("moment", "status", "words"),
    [
        (berlin(1, 7), 422, "has passed"),
        (berlin(1, 9), 422, "too soon"),
        (berlin(1, 10) + dt.timedelta(days=90), 422, "too far ahead"),
        (berlin(2, 10, 7), 409, "just been taken"),
        (berlin(2, 3), 409, "just been taken"),
        ("2026-06-02T10:00", 422, "not a time"),  # no offset
        ("2026-13-45T99:00+00:00", 422, "not a time"),
        ("yesterday'; DROP TABLE", 422, "not a time"),
        ("", 422, "not a time"),
        ("0001-01-01T00:00:00+23:59", 422, "not a time"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(visitor: Visitor, moment: Any, status: int, words: str) -> None:
    response = visitor.press(moment)
    assert response.status_code == status
    assert words in response.content.decode()
    assert not SlotHold.objects.exists()


def test_what_is_not_offered_online_is_not_found(
    visitor: Visitor, service: Service, therapist: User, stranger: User, other_location: Location
) -> None:
    therapist.therapist_profile.is_bookable_online = False
    therapist.therapist_profile.save()
    for query in (
        f"therapist={therapist.pk}",
        f"therapist={stranger.pk}",
        f"location={other_location.pk}",
        "therapist=nobody",
        "location=nowhere",
    ):
        assert visitor.browser.get(f"{visitor.times_path}?{query}").status_code == 404
        name, value = query.split("=")
        assert visitor.press(berlin(2, 10), **{name: value}).status_code == 404
    assert visitor.browser.get(f"{visitor.times_path}?month=2026-99").status_code == 422
    assert visitor.browser.get(f"{visitor.times_path}?from=soon").status_code == 422
    service.is_bookable_online = False
    service.save()
    assert visitor.browser.get(visitor.times_path).status_code == 404
    assert not SlotHold.objects.exists()


def test_anyone_means_those_who_are_booked_online(
    visitor: Visitor, service: Service, therapist: User, other_therapist: User, second_room: Room
) -> None:
    therapist.therapist_profile.is_bookable_online = False
    therapist.therapist_profile.save()
    visitor.hold(berlin(2, 10))
    assert SlotHold.objects.get().therapist == other_therapist
    assert Visitor(service, REMOTE_ADDR="192.0.2.7").press(berlin(2, 10)).status_code == 409


def test_a_form_that_was_not_drawn_for_this_visitor_takes_nothing(visitor: Visitor, service: Service) -> None:
    for forged in ("", "nonsense", Visitor(service, REMOTE_ADDR="192.0.2.7").form()):
        response = visitor.press(berlin(2, 10), form=forged)
        assert response.status_code == 409
        assert "choose your time again" in response.content.decode()
    assert not SlotHold.objects.exists()


def test_a_token_of_nobody_or_of_yesterday_begins_anew(visitor: Visitor, at: Callable[[dt.datetime], None]) -> None:
    path = visitor.hold(berlin(2, 10))
    at(berlin(2, 9))
    for address in (path, "/book/held/none/", "/book/done/none/", "/book/done/none/calendar.ics"):
        response = visitor.browser.get(address)
        assert response.status_code == 404
        assert "Begin again" in response.content.decode()
    assert visitor.browser.post(path, ADA).status_code == 404
    assert not Appointment.objects.exists()


def test_closed_booking_gives_the_telephone_number(
    visitor: Visitor, rules: BookingRules, location: Location, practice: Practice
) -> None:
    practice.phone = "+493055501234"
    practice.save()
    rules.is_online_open = False
    rules.save()
    response = visitor.browser.get("/book/")
    assert "tel:+493055501234" in response.content.decode()
    assert visitor.browser.post(visitor.times_path, {"at": berlin(2, 10).isoformat()}).status_code == 422
    assert not SlotHold.objects.exists()


def test_without_a_free_time_the_page_says_what_to_do(visitor: Visitor, rules: BookingRules) -> None:
    rules.online_horizon_days = 1
    rules.online_notice_hours = 72
    rules.save()
    assert "waiting list" in visitor.open(visitor.times_path)


def test_several_places_are_asked_for_first(
    visitor: Visitor, service: Service, location: Location, other_location: Location, stranger: User
) -> None:
    service.therapists.add(stranger)
    page = visitor.open("/book/")
    assert page.index("Where would you like to come?") < page.index(location.name)
    assert visitor.browser.get(visitor.times_path).status_code == 404  # which place?
    assert "Step 2 of 5" in visitor.open(f"/book/?location={location.pk}")


def test_a_month_shows_how_many_times_each_day_has(visitor: Visitor) -> None:
    page = visitor.open(f"{visitor.times_path}?month=2026-06")
    assert "June 2026" in page
    assert "from=2026-06-02" in page
    assert "2026-06-06" not in page  # a Saturday
    assert "month=2026-05" not in page
    assert "month=2026-07" in page


def test_only_the_practices_own_sites_may_frame_it(client: Browser, rules: BookingRules) -> None:
    response = client.get("/book/")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    rules.embedded_at = ["https://www.example.org"]
    rules.save()
    for path in ("/book/", "/book/held/none/"):
        response = client.get(path)
        assert "frame-ancestors 'self' https://www.example.org" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response
    assert "frame-ancestors 'none'" in client.get("/accounts/login/")["Content-Security-Policy"]


def test_a_new_clients_form_is_one_tap_away(visitor: Visitor, service: Service) -> None:
    """For a service that is for new clients only everybody is taken for one, so the link tells nothing."""
    service.is_first_visit = service.is_for_new_clients_only = True
    service.save()
    page = visitor.open(visitor.book(berlin(2, 10))["Location"])
    assert re.search(r'href="/a/[^"]{43}/"', page)


@pytest.mark.parametrize(
    ("day", "now", "shown"),
    [
        (  # the clocks go back: two o'clock comes twice
            "2026-10-25",
            dt.datetime(2026, 10, 20, 8, tzinfo=dt.UTC),
            ["01:00", "01:30", "02:00 CEST", "02:30 CEST", "02:00 CET", "02:30 CET", "03:00", "03:30"],
        ),
        (  # and forward: two o'clock does not exist
            "2027-03-28",
            dt.datetime(2027, 3, 20, 8, tzinfo=dt.UTC),
            ["01:00", "01:30", "03:00", "03:30"],
        ),
    ],
)
def test_when_the_clocks_change_each_time_stands_once_and_as_it_is(
    visitor: Visitor,
    service: Service,
    therapist: User,
    location: Location,
    at: Callable[[dt.datetime], None],
    day: str,
    now: dt.datetime,
    shown: list[str],
) -> None:
    BookingRules.objects.create(slot_step_minutes=30)
    Service.objects.update(duration_minutes=30)
    factories.WorkingHoursFactory(
        therapist=therapist, location=location, weekday=6, starts_at=dt.time(1), ends_at=dt.time(4)
    )
    at(now)
    page = visitor.open(f"{visitor.times_path}?from={day}")
    assert re.findall(r"<button.*?<time[^>]*>([^<]+)</time>", page) == shown
    values = [dt.datetime.fromisoformat(each) for each in re.findall(r'name="at" value="([^"]+)"', page)]
    assert [each - values[0] for each in values] == [dt.timedelta(minutes=30) * step for step in range(len(shown))]
    visitor.hold(values[2])
    assert SlotHold.objects.get().during.lower == values[2]

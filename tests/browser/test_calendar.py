"""The calendar under a mouse, under keys, and under the eyes of two people at once."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import BrowserContext, FloatRect, Locator, Page, expect

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from scheduling import services
from scheduling.models import Appointment
from tests import factories
from tests.browser.walk import look_by_day_and_night

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(location: Location) -> dt.date:
    """The next working day."""
    tomorrow = clock.today(location.zone) + dt.timedelta(days=1)
    return tomorrow + dt.timedelta(days=(7 - tomorrow.weekday()) % 7 if tomorrow.weekday() > 4 else 0)


@pytest.fixture
def book(location: Location, room: Room, therapist: User, other_therapist: User, day: dt.date) -> Callable[..., Any]:
    for person in (therapist, other_therapist):
        factories.WorkingHoursFactory(
            therapist=person, location=location, weekday=day.weekday(), starts_at=dt.time(8), ends_at=dt.time(17)
        )
    factories.RoomFactory(location=location, name="Room 2")
    service = factories.ServiceFactory(
        name="Follow-up", duration_minutes=45, buffer_minutes=0, therapists=[therapist, other_therapist]
    )

    def booked(client: Client, hour: int) -> Appointment:
        start = dt.datetime.combine(day, dt.time(hour), tzinfo=location.zone)
        appointment: Appointment = factories.AppointmentFactory(
            client=client, service=service, therapist=therapist, room=room, starts_at=start, minutes=45
        )
        return appointment

    return booked


@pytest.fixture
def page_of_the_desk(context: BrowserContext) -> Iterator[Page]:
    """As `desk_page`, but a clash is an answer here: Chromium notes each as an error."""
    page, seen = context.new_page(), list[str]()
    page.on("console", lambda said: seen.append(said.text) if said.type == "error" and "409" not in said.text else None)
    page.on("pageerror", lambda error: seen.append(str(error)))
    yield page
    assert seen == []


@pytest.fixture
def calendar(live_server: Any, page_of_the_desk: Page, front_desk: User, day: dt.date) -> Callable[[], Page]:
    desk_page = page_of_the_desk

    def opened() -> Page:
        browser = Browser()
        browser.force_login(front_desk)
        name = settings.SESSION_COOKIE_NAME
        desk_page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": live_server.url}])
        desk_page.goto(f"{live_server.url}{reverse('scheduling:day')}?date={day}")
        expect(desk_page.locator("html[data-ready]")).to_be_attached()
        return desk_page

    return opened


def box_of(card: Locator) -> FloatRect:
    """Where a card stands; while the day is drawn anew it stands nowhere for a moment."""
    for _try in range(50):
        card.scroll_into_view_if_needed()
        box = card.bounding_box()
        if box:
            return box
        card.page.wait_for_timeout(100)
    raise AssertionError("the card is not drawn")


def drag(page: Page, card: Locator, *, columns: int = 0, minutes: int = 0, edge: bool = False) -> None:
    """By the mouse: some columns to the right, some minutes down; by the lower edge."""
    box = box_of(card)
    hour = page.locator(".hours li").nth(0).bounding_box(), page.locator(".hours li").nth(1).bounding_box()
    assert hour[0] is not None
    assert hour[1] is not None
    x, y = box["x"] + 40, box["y"] + (box["height"] - 3 if edge else 8)
    width = page.locator(".column").first.evaluate("each => each.getBoundingClientRect().width")
    down = (hour[1]["y"] - hour[0]["y"]) * minutes / 60
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + down / 2, steps=3)
    page.mouse.move(x + columns * width, y + down, steps=4)


def place(visit: Appointment) -> tuple[str, str, str]:
    visit.refresh_from_db()
    start, end = (instant.astimezone(visit.zone) for instant in (visit.starts_at, visit.ends_at))
    return f"{start:%H:%M}", f"{end:%H:%M}", visit.therapist.name


def settled(page: Page, text: str, visit: Appointment) -> None:
    """The toast says so, and the day has been drawn anew with it."""
    expect(page.locator("[data-toast]").filter(has_text=text).last).to_be_visible()
    visit.refresh_from_db()
    card = page.locator(f".appt[data-visit='{visit.pk}']:not([data-pending])")
    expect(card).to_have_attribute("data-version", str(visit.version))


def expect_a_sheet(page: Page, card: Locator) -> None:
    """On paper: the grid with its head and hours, without controls, in black, on one sheet; or the list."""
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".print-head")).to_contain_text("Harbour Street")
    expect(page.locator(".sheet-hours span").first).to_be_visible()
    expect(card.locator("p")).to_have_css("color", "rgb(0, 0, 0)")
    hidden = (".topbar", ".side", ".gap a", ".now", ".day-list")
    assert not any(page.locator(each).first.is_visible() for each in hidden)
    page.evaluate("document.documentElement.dataset.prints = 'list'")
    expect(page.locator(".day-list")).to_be_visible()
    expect(page.locator(".day-grid")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen", color_scheme="light")


def test_a_card_is_dragged_stretched_refused_put_beside_another_and_taken_back(
    calendar: Callable[[], Page], book: Callable[..., Appointment], client_record: Client
) -> None:
    visit = book(client_record, 10)
    book(factories.ClientFactory(given_name="Ewa", family_name="Lindgren"), 13)
    page = calendar()
    card = page.locator(f".appt[data-visit='{visit.pk}']")
    expect_a_sheet(page, card)

    drag(page, card, columns=1, minutes=30)
    expect(page.locator(".ghost time")).to_have_text("10:30 – 11:15")
    page.mouse.up()
    settled(page, "Marcus Bell moved to", visit)
    assert place(visit) == ("10:30", "11:15", "Tomás Herrera")

    drag(page, card, minutes=30, edge=True)
    page.mouse.up()
    settled(page, "now lasts until 11:45", visit)
    assert place(visit) == ("10:30", "11:45", "Tomás Herrera")
    page.locator("[data-toast]", has_text="now lasts").get_by_role("button", name="Undo").click()
    settled(page, "Taken back", visit)
    assert place(visit)[1] == "11:15"

    drag(page, card, columns=-1, minutes=150)
    expect(page.locator(".ghost")).to_have_attribute("data-verdict", "taken")
    with page.expect_response("**/place/"):
        page.mouse.up()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Amina Osei is taken from 13:00 to 13:45: Ewa Lindgren")
    assert place(visit)[0] == "10:30"
    dialog.get_by_role("button", name="13:45").click()
    expect(card).to_have_attribute("data-at", "13:45")
    assert place(visit) == ("13:45", "14:30", "Amina Osei")


def test_a_card_is_moved_by_keys_and_what_others_do_appears_by_itself(
    calendar: Callable[[], Page], book: Callable[..., Appointment], client_record: Client, therapist: User
) -> None:
    visit, other = book(client_record, 10), book(factories.ClientFactory(given_name="Ewa", family_name="Lindgren"), 13)
    page = calendar()
    link = page.locator(f"#card-{visit.pk}")
    says = page.locator("#calendar-says")
    link.focus()
    page.keyboard.press("m")
    expect(says).to_contain_text("Marcus Bell is picked up: 10:00, Amina Osei")
    page.keyboard.press("ArrowDown")
    expect(says).to_have_text("10:15, Amina Osei")
    services.move_appointment(
        appointment=other, starts_at=other.starts_at + dt.timedelta(hours=1), by=therapist, version=other.version
    )
    page.wait_for_timeout(2500)  # somebody else's change waits while a card is in the air
    expect(page.locator(".ghost")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settled(page, "Marcus Bell moved to", visit)
    assert place(visit) == ("10:15", "11:00", "Tomás Herrera")
    expect(link).to_be_focused()
    moved = page.locator(f".appt[data-visit='{other.pk}']")
    expect(moved).to_have_attribute("data-at", "14:00")

    other.refresh_from_db()
    services.move_appointment(appointment=other, starts_at=other.starts_at + dt.timedelta(minutes=30), by=therapist)
    expect(moved).to_have_attribute("data-at", "14:30", timeout=3000)
    expect(link).to_be_focused()

    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowDown")
    expect(says).to_have_text("11:15, 60 minutes")
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    assert place(visit)[1] == "11:00"

    sheet = f"{reverse('scheduling:appointment-create')}?client={other.client_id}&therapist={visit.therapist_id}"
    page.goto(f"{page.url.split('/calendar/')[0]}{sheet}&at={visit.starts_at.astimezone(visit.zone):%Y-%m-%dT10:30}")
    page.locator("[data-beside] summary").press("Enter")
    page.get_by_label("Why may they overlap?").fill("Sisters")
    page.keyboard.press("Enter")
    expect(page.locator(".appt[data-overlap]")).to_have_attribute("data-at", "10:30")
    look_by_day_and_night(page, 1440, 390)

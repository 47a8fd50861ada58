"""Every page by keyboard: each stop of the Tab key can be seen, none holds the focus, and it is never lost."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Page, expect

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment
from tests import factories
from tests.treatments.conftest import book

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STOPS = 200
SEAT = Callable[[User], Page]

# Where the focus is: what it is called, whether it shows, and whether something lies over it.
WHERE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = here.getBoundingClientRect();
  const label = here.closest("label");
  const around = [here, label, here.parentElement, here.nextElementSibling].filter(Boolean);
  const rings = around.map((each) => getComputedStyle(each));
  const middle = (from, length, room) => Math.min(Math.max(from + length / 2, 0), room - 1);
  const above = document.elementFromPoint(middle(box.x, box.width, innerWidth), middle(box.y, box.height, innerHeight));
  const isMine = above && (here.contains(above) || above.contains(here) || label?.contains(above));
  return {
    name: (here.ariaLabel || here.textContent || here.labels?.[0]?.textContent || here.title || "").trim(),
    html: here.outerHTML.slice(0, 120),
    isFirst: here.classList.contains("skip-link"),
    isAgain: here === window.stopBefore,
    isShown: Boolean(isMine),
    hasRing: rings.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    remember: void (window.stopBefore = here),
  };
}"""


@pytest.fixture
def full_day(location: Location, room: Room, therapist: User) -> list[Appointment]:
    """Visits from morning to evening: more than fit on the screen."""
    start = dt.datetime.combine(clock.today(location.zone), dt.time(8), tzinfo=location.zone)
    people = [factories.ClientFactory(locations=[location]) for _ in range(10)]
    return [
        book(client=client, therapist=therapist, room=room, starts_at=start + dt.timedelta(hours=hour))
        for hour, client in enumerate(people)
    ]


@pytest.fixture
def seat(live_server: Any, desk_page: Page) -> SEAT:
    def sit(user: User) -> Page:
        browser = Browser()
        browser.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        desk_page.context.add_cookies([{"name": name, "value": browser.cookies[name].value, "url": live_server.url}])
        return desk_page

    return sit


def stops(page: Page) -> list[dict[str, Any]]:
    """One round of the Tab key."""
    page.evaluate("document.activeElement?.blur()")
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE)
        if here is None:
            return found
        if not here["isAgain"]:  # a date has three parts
            found.append(here)
    raise AssertionError(f"{page.url} never lets the focus go: {[each['html'] for each in found[-5:]]}")


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("front_desk", "/calendar/"),
        ("front_desk", "/calendar/?columns=rooms"),
        ("front_desk", "/clients/"),
        ("front_desk", "/clients/new/"),
        ("front_desk", "/messages/"),
        ("therapist", "/notes/"),
        ("owner", "/outcomes/"),
        ("owner", "/practice/"),
        ("owner", "/settings/"),
        ("owner", "/settings/practice/"),
        ("owner", "/settings/staff/"),
        ("owner", "/settings/hours/"),
        ("owner", "/messages/wordings/booking/"),
        ("owner", "/audit/"),
    ],
)
def test_every_stop_of_the_tab_key_has_a_name_and_can_be_seen(
    request: pytest.FixtureRequest, seat: SEAT, live_server: Any, full_day: list[Appointment], who: str, path: str
) -> None:
    page = seat(request.getfixturevalue(who))
    page.goto(f"{live_server.url}{path}")
    expect(page.locator("html[data-ready]")).to_be_attached()
    found = stops(page)
    assert found[0]["isFirst"], "the way past the navigation comes first"
    assert [each["html"] for each in found if not each["name"]] == []
    assert [each["html"] for each in found if not each["hasRing"]] == []
    assert [each["html"] for each in found if not each["isShown"]] == []


def test_closing_a_card_leads_back_to_it_though_the_day_was_drawn_anew(
    seat: SEAT, live_server: Any, front_desk: User, full_day: list[Appointment]
) -> None:
    page = seat(front_desk)
    page.goto(f"{live_server.url}{reverse('scheduling:day')}")
    card = page.locator(f"#card-{full_day[1].pk}")
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    with page.expect_response("**/calendar/**"):
        page.evaluate("document.body.dispatchEvent(new Event('calendar-changed'))")
    expect(page.locator("#day.htmx-settling, #day.htmx-swapping")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(card).to_be_focused()


def test_the_search_is_reached_opened_and_left_by_keys(
    seat: SEAT, live_server: Any, front_desk: User, client_record: Client
) -> None:
    page = seat(front_desk)
    page.goto(f"{live_server.url}{reverse('scheduling:day')}")
    page.keyboard.press("/")
    page.keyboard.type("mar")
    expect(page.get_by_role("option").first).to_contain_text("Marcus Bell")
    expect(page.get_by_text("Results: 1")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_value("mar")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox")).not_to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("bell")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/clients/{client_record.pk}/")


def test_booking_is_left_by_escape_first_its_suggestions_then_its_dialog(
    seat: SEAT, live_server: Any, front_desk: User, client_record: Client
) -> None:
    page = seat(front_desk)
    page.goto(f"{live_server.url}{reverse('scheduling:day')}")
    page.keyboard.press("n")
    who = page.get_by_label("Who is coming?")
    expect(who).to_be_focused()
    page.keyboard.type("mar")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(who).to_have_value("mar")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.get_by_role("link", name="New appointment")).to_be_focused()

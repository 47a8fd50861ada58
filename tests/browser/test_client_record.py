"""The client's record in a browser: kinds are ticked, pages turned and the future unfolded without leaving the page."""

import datetime as dt
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from clinic.core import clock
from clinic.people.models import Client, Room, User
from tests.browser.test_note import cookie_of
from tests.browser.walk import look_by_day_and_night
from tests.client_record.lives import live
from tests.treatments.conftest import book

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "en-US", "reduced_motion": "reduce"}


@pytest.fixture
def record(
    live_server: Any,
    new_context: Callable[..., BrowserContext],
    watch: Callable[[Page], Page],
    client_record: Client,
    therapist: User,
    room: Room,
) -> Open:
    """The record of a client with five days behind and three visits ahead, opened by somebody."""
    live(client_record, therapist=therapist, room=room, days=range(1, 6))
    for days in (1, 2, 3):
        book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(days=days))

    def open_record(user: User, **options: Any) -> Page:
        context = new_context(**{"viewport": {"width": 1440, "height": 900}, "base_url": live_server.url, **options})
        context.add_cookies([cookie_of(user, live_server.url)])  # type: ignore[list-item]
        page = watch(context.new_page())
        page.goto(reverse("people:client-detail", args=[client_record.pk]))
        return page

    return open_record


def test_ticking_a_kind_changes_the_timeline_and_its_address_but_not_the_page(record: Open, therapist: User) -> None:
    page = record(therapist)
    lines = page.locator(".entries > ol > li")
    page.locator(".timeline label", has_text="Scores").click()
    expect(lines.filter(has_text="Numeric pain rating scale").first).to_be_visible()
    expect(page.locator("#show-scores")).to_be_focused()
    for kind in ("Visits", "Notes", "Episodes", "Forms", "Messages", "Alerts"):
        page.locator(".timeline label", has_text=kind).click()
        expect(page.locator(f"#show-{kind.lower()}")).not_to_be_checked()
    expect(lines).to_have_count(5)
    assert page.url.endswith("?show=&show=scores")
    page.locator(".timeline label", has_text="Documents").click()
    expect(lines).to_have_count(10)
    page.go_back()
    expect(lines).to_have_count(5)
    expect(page.locator("#show-documents")).not_to_be_checked()


def test_older_entries_come_without_leaving_and_the_future_unfolds(record: Open, therapist: User) -> None:
    page = record(therapist)
    page.evaluate("window.stayed = true")
    page.get_by_text("3 ahead, the next on").click()
    expect(page.locator("#ahead > li")).to_have_count(3)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".timeline .pagination p")).to_have_text("31 to 40 of 40")
    assert page.evaluate("window.stayed") is True


def test_the_owner_takes_everything_away_in_one_file(record: Open, owner: User) -> None:
    page = record(owner)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Make the file").click()
    download = waiting.value
    assert download.suggested_filename.startswith("client-1-")
    assert "everything.html" in zipfile.ZipFile(download.path()).namelist()


def test_it_works_without_scripts(record: Open, therapist: User) -> None:
    page = record(therapist, java_script_enabled=False)
    page.locator(".timeline label", has_text="Notes").click()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#show-notes")).not_to_be_checked()
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".timeline .pagination p")).to_contain_text("31 to")


def test_it_fits_and_can_be_read_by_everybody(record: Open, owner: User) -> None:
    look_by_day_and_night(record(owner), 1440, 390)

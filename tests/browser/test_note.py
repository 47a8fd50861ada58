"""A therapist writes a note on a tablet; nothing typed is lost; keyboard alone and no scripts work too."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from clinic.core import clock
from clinic.messaging import links
from clinic.people.models import Client, Location, Room, User
from intake.models import Condition, PainDrawing, PainMark, Structure, Technique
from tests.browser.walk import look_by_day_and_night
from tests.treatments.browsing import PIN, give_pin
from tests.treatments.conftest import WRITTEN, book
from treatments.models import Episode, SessionNote
from treatments.rows import TechniqueRow
from treatments.rules.spots import region_at, spot_of_region
from treatments.services import ask_follow_up, open_episode, open_note, save_draft, sign_note

pytestmark = pytest.mark.django_db(transaction=True)
TABLET = {"viewport": {"width": 1180, "height": 820}}
Seat = Callable[..., Page]


def cookie_of(user: User, url: str) -> dict[str, str]:
    browser = Browser()
    browser.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": browser.cookies[name].value, "url": url}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"locale": "en-US", "reduced_motion": "reduce"}


@pytest.fixture
def seat(
    live_server: Any, new_context: Callable[..., BrowserContext], watch: Callable[[Page], Page], therapist: User
) -> Seat:
    """The therapist at a device of their own, signed in."""

    give_pin(therapist)

    def sit(**options: Any) -> Page:
        context = new_context(**{**TABLET, "base_url": live_server.url, **options})
        context.add_cookies([cookie_of(therapist, live_server.url)])  # type: ignore[list-item]
        return context.new_page()

    return sit


@pytest.fixture
def episode(client_record: Client, location: Location, therapist: User) -> Episode:
    condition = Condition.objects.get(code="gluteal-tendinopathy")
    return open_episode(client=client_record, condition=condition, side="right", location=location, by=therapist)


@pytest.fixture
def signed(client_record: Client, therapist: User, room: Room, episode: Episode) -> SessionNote:
    """The visit of last week, signed, with a drawing and a technique."""
    day = clock.now() - dt.timedelta(days=7)
    for ago, strength in ((7, 6), (1, 4)):
        drawn = PainDrawing.objects.create(client=client_record, drawn_at=clock.now() - dt.timedelta(days=ago))
        PainMark.objects.create(drawing=drawn, region="lateral-hip", side="right", intensity=strength)
    note = open_note(
        appointment=book(client=client_record, therapist=therapist, room=room, starts_at=day), by=therapist
    )
    done = TechniqueRow(
        Technique.objects.get(code="trigger-point-therapy").pk,
        Structure.objects.get(code="piriformis").pk,
        "right",
        6,
        2,
    )
    note = save_draft(note=note, by=therapist, version=note.version, changes={**WRITTEN, "techniques": [done]})
    return sign_note(note=note, by=therapist, version=note.version)


@pytest.fixture
def draft(signed: SessionNote, room: Room, therapist: User) -> SessionNote:
    """Today's note, just begun."""
    today = book(client=signed.client, therapist=therapist, room=room, starts_at=clock.now(), status="in-session")
    return open_note(appointment=today, by=therapist)


def address(note: SessionNote) -> str:
    return reverse("treatments:note-edit", args=[note.pk])


def state(page: Page, name: str) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", name, timeout=10_000)


def stored(note: SessionNote) -> SessionNote:
    return SessionNote.objects.get(pk=note.pk)


def tap_map(page: Page, key: str) -> None:
    """A tap on the middle of a region, as the map of trigger points shows it from behind."""
    figure = page.locator(".points-map[data-live] svg")
    page.locator('[data-map-view="back"]').click()
    spot = spot_of_region(key)
    assert spot
    figure.scroll_into_view_if_needed()
    x, y = figure.evaluate(
        "(svg, [x, y]) => { const p = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM()); return [p.x, p.y]; }",
        [spot.x, spot.y],
    )
    page.mouse.click(x, y)


def test_a_note_saves_itself_is_signed_in_one_click_and_locked(
    seat: Seat, draft: SessionNote, watch: Callable[[Page], Page]
) -> None:
    page = watch(seat())
    page.goto(address(draft))
    expect(page.get_by_text("Give the average pain of the last 7 days")).to_be_visible()
    for name, value in (
        ("pain_now", "3"),
        ("pain_average", "4"),
        ("pain_worst", "6"),
        ("rom-hip-flexion-right", "112"),
    ):
        page.locator(f'[name="{name}"]').fill(value)
    page.get_by_role("button", name="Trigger point", exact=True).click()
    tap_map(page, "buttock-lower.right")
    expect(page.locator('select[name="points-0-place"]')).to_have_value("buttock-lower.right")
    expect(page.locator('select[name="points-0-code"] optgroup').first).to_have_attribute("label", "In this place")
    page.locator('select[name="points-0-code"]').select_option("piriformis")
    page.get_by_role("button", name="Show on the map where it refers to").first.click()
    tap_map(page, "posterior-thigh.right")
    expect(page.locator(".points-map .spread")).to_have_count(1)
    page.get_by_role("button", name="Copy plan forward").click()
    expect(page.locator("#plan .carried")).to_contain_text("not touched yet")
    assert stored(draft).pain_average == 4
    expect(page.locator("[data-notice]")).to_be_hidden()
    page.get_by_role("button", name="Same as").click()
    expect(page.locator("[data-minutes]")).to_contain_text("6 min of 45 in all")
    page.locator("#id_assessment").fill("Settling.")
    state(page, "saved")
    assert stored(draft).assessment == "Settling."
    expect(page.get_by_text("Still to do before signing")).to_be_hidden()
    page.get_by_role("button", name="Sign note").click()
    expect(page.get_by_role("dialog")).to_contain_text("Plan, ")
    expect(page.get_by_label("PIN of")).to_be_focused()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The seal fits:")).to_be_visible()
    expect(page.get_by_text("Copied from an earlier visit and not touched.").first).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('palpate-note:')).length") == 0
    note = stored(draft)
    assert note.is_signed
    assert {(f.kind, f.code) for f in note.findings.all()} == {
        ("range_of_motion", "hip-flexion"),
        ("trigger_point", "piriformis"),
    }
    assert note.techniques.count() == 1
    point = note.findings.get(kind="trigger_point")
    assert (point.side, point.refers_to, region_at("back", (point.spot["to"]["x"], point.spot["to"]["y"]))) == (
        "right",
        "posterior-thigh.right",
        "posterior-thigh.right",
    )
    expect(page.locator(".found .spread")).to_have_count(1)


def test_a_note_is_written_and_signed_with_the_keyboard_alone(seat: Seat, draft: SessionNote) -> None:
    page = seat()
    page.goto(address(draft))
    page.locator("#id_pain_now").focus()
    for text in ("3", "4", "6", "Slept well."):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Alt+o")
    page.keyboard.type("112")
    page.keyboard.press("Alt+t")
    page.keyboard.press("1")  # the chip of what the knowledge names first for this condition
    page.keyboard.type("tr gl mi 6")  # a letter goes on in the line beside the chips
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+p")
    page.keyboard.type(";same ;lb")
    expect(page.get_by_role("listbox", name="Snippets")).to_contain_text("Low back pain")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+s")
    state(page, "saved")
    rows = [(row.technique.label, row.structure and row.structure.code) for row in draft.techniques.all()]
    assert len(rows) == 2
    assert rows[1] == ("Trigger point therapy", "gluteus-minimus-anterior")
    assert stored(draft).plan.startswith("No change since the last visit. Low back pain, right: 3/10 now, 4/10 at")
    assert (stored(draft).subjective, stored(draft).pain_worst) == ("Slept well.", 6)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("PIN of")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("PIN of")).to_be_focused()
    page.keyboard.type("0000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("4 more tries")
    expect(page.get_by_label("PIN of")).to_be_focused()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The seal fits:")).to_be_visible()
    assert stored(draft).findings.get().angle_degrees == 112


def test_what_was_typed_without_a_network_is_back_when_the_page_is_opened_again(seat: Seat, draft: SessionNote) -> None:
    page = seat()
    page.goto(address(draft))
    page.get_by_role("button", name="Trigger point", exact=True).click()
    page.context.set_offline(True)
    page.locator("#id_plan").fill("Typed in a tunnel.")
    page.locator('select[name="points-0-code"]').select_option("piriformis")
    state(page, "offline")
    assert stored(draft).plan == ""
    page.close(run_before_unload=False)
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(address(draft))
    expect(again.locator("#id_plan")).to_have_value("Typed in a tunnel.")
    expect(again.locator('select[name="points-0-code"]')).to_have_value("piriformis")
    expect(again.locator("[data-notice]")).to_contain_text("was put back")
    state(again, "saved")
    assert stored(draft).plan == "Typed in a tunnel."
    assert [row.code for row in draft.findings.all()] == ["piriformis"]
    assert again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('palpate-note:')).length") == 0
    again.get_by_role("button", name="Take it out again").click()
    expect(again.locator("#id_plan")).to_have_value("")
    state(again, "saved")
    assert stored(draft).plan == ""


def test_what_was_typed_before_the_script_came_is_saved_too(seat: Seat, draft: SessionNote) -> None:
    page = seat()
    held: list[Route] = []
    page.route("**/note-editor.js", lambda route: held.append(route))
    page.goto(address(draft), wait_until="commit")
    page.locator("#id_plan").fill("Typed at once.")
    held[0].continue_()
    state(page, "saved")
    assert stored(draft).plan == "Typed at once."


def test_a_lost_session_asks_to_sign_in_on_top_of_the_page_and_goes_on(
    seat: Seat, draft: SessionNote, therapist: User, live_server: Any
) -> None:
    page = seat()
    page.goto(address(draft), wait_until="networkidle")  # what it asks as it opens would ask to sign in, over the page
    Session.objects.all().delete()
    page.locator("#id_plan").fill("Typed after the session was over.")
    state(page, "signed-out")
    expect(page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    page.context.add_cookies([cookie_of(therapist, live_server.url)])  # type: ignore[list-item]
    elsewhere = page.context.new_page()  # the window it asks for ends here
    elsewhere.goto(reverse("people:signed-in"))
    state(page, "saved")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert stored(draft).plan == "Typed after the session was over."


def test_the_second_of_two_devices_is_told_and_both_texts_are_merged(seat: Seat, draft: SessionNote) -> None:
    tablet, desk = seat(), seat()
    for page in (tablet, desk):
        page.goto(address(draft))
    tablet.locator("#id_plan").fill("From the tablet.")
    state(tablet, "saved")
    desk.locator("#id_assessment").fill("Settling.")
    state(desk, "saved")
    expect(desk.locator("#id_plan")).to_have_value("From the tablet.")  # nothing was typed there: it is shown
    tablet.locator("#id_plan").fill("From the tablet, and more.")
    state(tablet, "saved")
    desk.locator("#id_plan").fill("From the desk.")
    state(desk, "conflict")
    expect(desk.locator("[data-notice]")).to_contain_text("Plan: saved elsewhere by")
    look_by_day_and_night(desk, 820, 390)
    desk.locator("#id_plan").press_sequentially(" And on.")
    expect(desk.locator("#id_plan")).to_have_value("From the desk. And on.")
    desk.get_by_role("link", name="Compare and merge").click()
    expect(desk.get_by_role("group", name="Plan")).to_contain_text("From the desk. And on.")
    look_by_day_and_night(desk, 820, 390)
    desk.get_by_role("textbox", name="both texts").fill("From both.")
    desk.get_by_role("button", name="Merge and go on writing").click()
    expect(desk.locator("#id_plan")).to_have_value("From both.")
    assert stored(draft).plan == "From both."
    third = seat()
    third.goto(address(draft))
    expect(third.locator("[data-notice]")).to_contain_text("written on another device 0 min ago")


def test_a_note_is_written_and_signed_without_scripts(seat: Seat, draft: SessionNote) -> None:
    page = seat(java_script_enabled=False)
    page.goto(address(draft))
    page.locator('[name="pain_average"]').fill("4")
    page.locator('select[name="techniques-0-technique"]').select_option(label="Myofascial release")
    page.locator("#id_plan").fill("Walk.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator('select[name="techniques-1-technique"]')).to_be_visible()
    page.get_by_role("button", name="Sign note").click()
    page.get_by_label("PIN of").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The seal fits:")).to_be_visible()
    assert stored(draft).techniques.count() == 1


def test_axe_finds_nothing_and_nothing_is_too_wide(
    seat: Seat, draft: SessionNote, signed: SessionNote, watch: Callable[[Page], Page]
) -> None:
    page = watch(seat())
    asked = ask_follow_up(note=signed)
    assert asked
    assert asked.invitation.link
    paths = [
        reverse("treatments:before", args=[draft.appointment_id]),
        address(draft),
        address(signed),
        reverse("treatments:note-list"),
        reverse("treatments:episode-detail", args=[signed.episode_id]),
        reverse("treatments:client-episodes", args=[signed.client_id]),
        links.path_of(asked.invitation.link),
        reverse("treatments:exercise-list"),
        reverse("treatments:client-exercises", args=[signed.client_id]),
    ]
    for path in paths:
        page.goto(path)
        look_by_day_and_night(page, 1180, 390)

"""One client's whole path: booked, written to, asked, treated, asked how it went, counted. Every part is real."""

import datetime as dt
import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from django.db.models import F
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from clinic.core import clock
from clinic.people.models import Client, Location, Room, User
from intake.models import Condition, RedFlag, Response
from scheduling.models import Appointment, Service, WorkingHours
from tests.browser.conftest import Mailbox
from tests.browser.walk import Walk, look, sign
from tests.treatments.browsing import PIN, give_pin
from treatments.models import Episode, SessionNote
from treatments.outcomes.models import EpisodeSummary, Score

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
LINK = re.compile(r"https?://\S+/[af]/\S+/")


def midday_zone() -> str:
    """A zone where it is about noon now: the clinic is open and nobody is written to at night."""
    ahead = 12 - clock.now().hour
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{'-' if ahead > 0 else '+'}{abs(ahead)}"


@pytest.fixture
def open_clinic(location: Location, room: Room, therapist: User) -> Service:
    """A location where it is midday, a therapist who works all day, a first visit that asks for its form."""
    Location.objects.filter(pk=location.pk).update(timezone=midday_zone())
    WorkingHours.objects.bulk_create(
        WorkingHours(
            therapist=therapist,
            location=location,
            weekday=weekday,
            starts_at=dt.time(8),
            ends_at=dt.time(18),
            valid_from=dt.date(2020, 1, 1),
        )
        for weekday in range(7)
    )
    service = Service.objects.create(
        name="First visit", duration_minutes=60, is_first_visit=True, forms=["first-visit"]
    )
    service.therapists.add(therapist)
    return service


@pytest.fixture
def seat(
    live_server: Any, new_context: Callable[..., BrowserContext], watch: Callable[[Page], Page]
) -> Callable[[User], Page]:
    """Sits somebody down at a desk of their own, signed in by password."""

    def sit(user: User) -> Page:
        page = watch(new_context().new_page())
        page.goto(f"{live_server.url}{reverse('account_login')}")
        page.locator('[name="login"]').fill(user.email)
        page.locator('[name="password"]').fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/calendar/**")
        return page

    return sit


def link_in(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    found = LINK.search(body.get_content())
    assert found is not None
    return found.group()


def wait_for_subject(mailbox: Mailbox, words: str, page: Page) -> EmailMessage:
    for _ in range(300):
        for mail in mailbox.mails():
            if words in str(mail["Subject"]):
                return mail
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail with “{words}” in {[str(mail['Subject']) for mail in mailbox.mails()]}")


def test_a_client_goes_the_whole_way_from_the_first_call_to_the_report(
    open_clinic: Service,
    seat: Callable[[User], Page],
    phone_page: Page,
    front_desk: User,
    therapist: User,
    owner: User,
    worker: None,
    mailbox: Mailbox,
    live_server: Any,
) -> None:
    desk = seat(front_desk)
    book_a_new_client(desk)
    appointment = Appointment.objects.get()
    client = appointment.client

    booked = wait_for_subject(mailbox, "Your appointment", desk)
    check_the_mail(booked, client, appointment)
    fill_the_form(phone_page, link_in(booked), client)
    assert RedFlag.objects.filter(client=client, acknowledged_at=None).count() == 1

    see_the_marks_and_receive(desk, live_server.url, appointment)
    give_pin(therapist)
    treat(seat(therapist), live_server.url, appointment)
    note = SessionNote.objects.get()
    assert note.is_signed
    assert note.seal

    desk.reload()
    desk.locator(f"#card-{appointment.pk}").click()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Finish", exact=True).click()
    a_day_goes_by(appointment)
    asked = wait_for_subject(mailbox, "One question", desk)
    answer_how_it_went(phone_page, link_in(asked))

    assert sorted(float(score.value) for score in Score.objects.all()) == [2, 5, 5]
    summary = EpisodeSummary.objects.get()
    assert (summary.baseline, summary.latest, summary.change) == (5, 2, -3)
    find_the_client_in_the_report(seat(owner), live_server.url)


def book_a_new_client(desk: Page) -> None:
    look(desk)
    desk.keyboard.press("n")
    desk.get_by_text("New client", exact=True).click()
    desk.get_by_label("Given name").fill("Ida")
    desk.get_by_label("Family name").fill("Moreno")
    desk.get_by_label("E-mail").fill("ida@example.org")
    desk.get_by_role("button", name="Add and choose a time").click()
    desk.locator('label:has([name="slot"])').first.click()
    look(desk)
    desk.get_by_role("button", name="Book", exact=True).click()
    expect(desk.get_by_role("link", name=re.compile("Ida Moreno")).first).to_be_visible()


def check_the_mail(mail: EmailMessage, client: Client, appointment: Appointment) -> None:
    """Clinic, time, place and link; a calendar file; no name and no health fact in the subject."""
    assert mail["To"] == "ida@example.org"
    assert "Moreno" not in str(mail["Subject"])
    files = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert files
    calendar = icalendar.Calendar.from_ical(files[0].get_payload(decode=True))
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt.astimezone(dt.UTC) == appointment.starts_at


def fill_the_form(page: Page, link: str, client: Client) -> None:
    Client.objects.filter(pk=client.pk).update(born_on=dt.date(1967, 8, 4))
    page.goto(link)
    look(page)
    page.get_by_role("link", name=re.compile("Fill in your form")).tap()
    page.wait_for_url("**/i/**")
    walk = Walk(page, page.url)
    walk.look()
    page.get_by_label("Your date of birth").fill("1967-08-04")
    walk.tap("form button.button")
    page.wait_for_url("**/step/*/")
    walk.harmless_until_map()
    walk.mark("right", "lateral-hip.right", 7)
    walk.choose("pain-map.quality.lateral-hip.right", "burning")
    walk.done()
    walk.next(4)
    for which, strength in (("now", "4"), ("worst", "7"), ("average", "5")):
        walk.choose(f"nprs.{which}", strength)
    walk.next(5)
    walk.choose("contraindications", "none")
    walk.next(6)
    for question in page.locator(".questions fieldset").all():
        question.locator('label:has(input[value="no"]), label:has(input[value="no_or_adult"])').first.tap()
    walk.choose("flag.weight-loss-night-pain", "yes")
    walk.tap(".next .button")
    page.wait_for_url("**/advice/**")
    walk.look()
    page.get_by_role("button", name="I understand, go on").tap()
    page.wait_for_url("**/step/7/**")
    while not page.locator('[name="consent.treatment"]').count():
        walk.answer()
        walk.next()
    for consent in ("treatment", "privacy", "reminders"):
        walk.choose(f"consent.{consent}", "yes")
    sign(page)
    walk.tap(".next .button")
    page.wait_for_url("**/done/")
    walk.look()


def see_the_marks_and_receive(desk: Page, url: str, appointment: Appointment) -> None:
    desk.goto(f"{url}{reverse('scheduling:day')}?date={appointment.starts_at.astimezone(appointment.zone):%Y-%m-%d}")
    card = desk.locator(f".appt:has(#card-{appointment.pk})")
    expect(card.get_by_title("Intake done")).to_be_visible()
    expect(card.get_by_title("Red flag, not yet followed up")).to_be_visible()
    look(desk)
    for step in ("Check in", "Start"):
        desk.locator(f"#card-{appointment.pk}").click()
        with desk.expect_navigation():
            desk.get_by_role("button", name=step, exact=True).click()  # the card's own names the client


def treat(page: Page, url: str, appointment: Appointment) -> None:
    page.goto(f"{url}{reverse('treatments:before', args=[appointment.pk])}")
    expect(page.get_by_text("Prompts, not a diagnosis.")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Start note").click()
    page.wait_for_url("**/notes/**")
    page.locator('[name="episode-condition"]').select_option(str(Condition.objects.get(code="gluteal-tendinopathy").pk))
    page.locator('[name="episode-side"]').select_option("right")
    with page.expect_navigation():
        page.get_by_role("button", name="Open episode").click()
    for name, value in (("pain_now", "4"), ("pain_average", "5"), ("pain_worst", "7")):
        page.locator(f'[name="{name}"]').fill(value)
    page.locator('[name="subjective"]').fill("Burning at the outer hip, worse on stairs.")
    page.locator('[name="assessment"]').fill("Gluteal tendon load pain.")
    page.locator('[name="plan"]').fill("Load little and often.")
    page.locator('[name="rom-hip-abduction-right"]').fill("34")
    technique = page.locator('[data-rows="techniques"] select[name$="technique"]').first
    technique.select_option(label="Trigger point therapy")
    look(page)
    page.get_by_role("button", name="Sign note").click()
    page.get_by_label("PIN of").fill(PIN)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Signed", exact=False).first).to_be_visible()
    look(page)


def a_day_goes_by(appointment: Appointment) -> None:
    """The visit and what hangs on it move one day into the past."""
    earlier = dt.timedelta(days=-1)
    appointment.refresh_from_db()
    span = type(appointment.during)(appointment.during.lower + earlier, appointment.during.upper + earlier)
    Appointment.objects.filter(pk=appointment.pk).update(during=span, occupies=span)
    Response.objects.update(completed_at=F("completed_at") + earlier)
    Episode.objects.update(opened_at=F("opened_at") + earlier)
    Score.objects.update(recorded_at=F("recorded_at") + earlier)


def answer_how_it_went(page: Page, link: str) -> None:
    page.goto(link)
    look(page)
    page.locator('label:has([name="nprs.average"][value="2"])').tap()
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    look(page)


def find_the_client_in_the_report(page: Page, url: str) -> None:
    """Counted in a row that says how few there are; the episode itself is one click away."""
    page.goto(f"{url}{reverse('outcomes:index')}")
    row = page.get_by_role("row", name=re.compile("Gluteal tendinopathy"))
    expect(row).to_contain_text("fewer than 5")
    look(page)
    row.get_by_role("link", name="fewer than 5").click()
    expect(page.get_by_role("link", name=re.compile("Ida Moreno"))).to_be_visible()
    look(page)

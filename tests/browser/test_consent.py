"""What was agreed to, in a real browser: the client's copy on a phone, the pages of staff at a desk."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Page, expect

from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, Location, User
from intake.models import Consent
from tests.browser.walk import look_by_day_and_night
from tests.intake.consenting import reworded, signed
from tests.intake.factories import draft
from tests.intake.test_contraindications import ticked

pytestmark = pytest.mark.django_db(transaction=True)
WIDTHS = (1440, 320)


def test_the_client_reads_the_copy_and_takes_one_consent_back(
    live_server: Any, phone_page: Page, client_record: Client
) -> None:
    response = signed(draft(client_record))
    link = ClientLink.objects.get(purpose="consent", object_id=response.pk)
    phone_page.goto(f"{live_server.url}{links.path_of(link)}")
    look_by_day_and_night(phone_page, *WIDTHS)
    phone_page.set_viewport_size({"width": 390, "height": 844})
    expect(phone_page.get_by_label("Signature, drawn by hand")).to_be_visible()
    with phone_page.expect_download() as kept:
        phone_page.get_by_role("link", name="Keep a copy (PDF)").tap()
    assert kept.value.suggested_filename == "consent.pdf"
    reminders = phone_page.get_by_role("region", name="Reminders")
    reminders.get_by_text("I take this back").tap()
    reminders.get_by_role("button", name="Yes, take it back").tap()
    expect(phone_page.get_by_role("region", name="Reminders").get_by_role("status")).to_contain_text("Taken back")
    assert Consent.objects.standing().count() == 2


def test_the_pages_of_staff_are_accessible(
    live_server: Any,
    desk_page: Page,
    client: Browser,
    client_record: Client,
    location: Location,
    owner: User,
) -> None:
    consent = signed(draft(client_record)).consents.get(kind="treatment")
    ticked(client_record, "ci-fever")
    ticked(client_record)
    reworded(owner)
    client.force_login(owner)
    name = settings.SESSION_COOKIE_NAME
    desk_page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    for address in (
        reverse("intake:consent-detail", args=[consent.pk]),
        reverse("intake:consent-text-list"),
        reverse("intake:consent-text-edit", args=["treatment", "en"]),
        reverse("intake:flag-watch-list"),
        reverse("intake:flag-watch-edit", args=[location.pk]),
        reverse("people:client-detail", args=[client_record.pk]),
    ):
        desk_page.goto(f"{live_server.url}{address}")
        look_by_day_and_night(desk_page, *WIDTHS)

"""The short forms on a phone: what was said before is there, and a visit's questions take less than a minute."""

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clinic.people.models import Client
from intake.answers import answers_of
from intake.form_cache import form_of
from intake.models import Response
from intake.services import complete_response
from tests.browser.walk import Walk, look
from tests.intake.factories import draft, fill, harmless_answers, invitation_with_token, with_flags

pytestmark = pytest.mark.django_db(transaction=True)
ACTIVITIES = (("Walk to the shops", 3), ("Put on my shoes", 4), ("Sleep on my right side", 2))


class Brisk(Walk):
    """Looks with axe only where it is told to: its screens are looked at elsewhere."""

    def look(self) -> None:
        pass


def first_visit_of(client: Client) -> Response:
    """Sent three weeks ago, with three activities and a blood thinner."""
    response = draft(client)
    answers = with_flags(harmless_answers(), form_of(response.questionnaire))
    answers.put("contraindications", ["ci-anticoagulant"])
    answers.rows["psfs"] = len(ACTIVITIES)
    for number, (activity, rating) in enumerate(ACTIVITIES):
        answers.put(f"psfs:{number}/psfs.activity", [activity])
        answers.put(f"psfs:{number}/psfs.rating", [rating])
    fill(response, answers)
    response = complete_response(response=response)
    Response.objects.filter(pk=response.pk).update(completed_at=response.completed_at - dt.timedelta(days=21))
    return response


def test_the_questions_before_a_visit_take_less_than_a_minute(
    live_server: Any, client_record: Client, phone_page: Page
) -> None:
    first_visit_of(client_record)
    _invitation, token = invitation_with_token(client_record, "before-visit", purpose="before_visit")
    walk = Brisk(phone_page, f"{live_server.url}/i/{token}/")
    page = walk.page
    walk.open()
    walk.mark("right", "lateral-hip.right", 5)
    walk.done()
    walk.next(2)
    for which, strength in (("now", "3"), ("worst", "6"), ("average", "4")):
        walk.choose(f"nprs.{which}", strength)
    walk.next(3)
    expect(page.get_by_text("Walk to the shops")).to_be_visible()
    look(page)
    for number, rating in enumerate((5, 6, 5)):
        walk.choose(f"psfs:{number}/psfs.rating", str(rating))
    walk.choose("groc", "3")
    walk.next(4)
    expect(page.get_by_text("Blood thinners or bleeding disorder")).to_be_visible()
    look(page)
    walk.choose("contraindications.same", "same")
    walk.next(5)
    for question in page.locator(".questions fieldset").all():
        question.locator('label:has(input[value="no"]), label:has(input[value="no_or_adult"])').first.tap()
        walk.taps += 1
    walk.tap(".next .button")
    page.wait_for_url("**/done/")
    print(f"\n{walk.taps} taps, {walk.taps * 1.5:.0f} s at one tap in 1.5 s")
    assert walk.taps <= 40
    response = Response.objects.get(questionnaire__slug="before-visit")
    assert response.scores == {"nprs.now": 3, "nprs.worst": 6, "nprs.average": 4, "psfs": 5.33, "groc": 3}
    assert answers_of(response).all("contraindications.kept") == ["ci-anticoagulant"]


def test_an_activity_is_rated_as_soon_as_it_is_named(live_server: Any, client_record: Client, phone_page: Page) -> None:
    _invitation, token = invitation_with_token(client_record)
    walk = Brisk(phone_page, f"{live_server.url}/i/{token}/")
    page = walk.page
    walk.open()
    expect(page.locator('[name="psfs:0/psfs.rating"]')).to_have_count(0)
    page.locator('[name="psfs:0/psfs.activity"]').fill("Walk to the shops")
    walk.choose("psfs:0/psfs.rating", "3")
    walk.saved()
    walk.tap("button[name=_add]")
    expect(page.locator('[name="psfs:1/psfs.activity"]')).to_be_visible()
    expect(page.locator('[name="psfs:0/psfs.rating"][value="3"]')).to_be_checked()
    expect(page.locator("[data-kept]")).to_be_hidden()
    look(page)
    assert answers_of(Response.objects.get()).one("psfs:0/psfs.rating") == 3

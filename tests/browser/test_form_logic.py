"""With a script the form answers at once: questions come and go with their conditions, sums appear, sliders slide."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clinic.core import clock
from clinic.people.models import Client, User
from intake.answers import answers_of
from intake.models import Questionnaire, Response
from intake.services import invite
from tests.browser.walk import Walk

pytestmark = pytest.mark.django_db(transaction=True)

STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
SUM = "%resource.item.item.where(linkId='a').answer.value + %resource.item.item.where(linkId='b').answer.value"
SLIDER = {
    "url": f"{STRUCTURE}questionnaire-itemControl",
    "valueCodeableConcept": {
        "coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "slider"}],
    },
}
CALCULATED = {
    "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
    "valueExpression": {"language": "text/fhirpath", "expression": SUM},
}
FORM = {
    "resourceType": "Questionnaire",
    "status": "active",
    "url": "https://example.org/logic",
    "title": "Logic",
    "item": [
        {
            "linkId": "page",
            "type": "group",
            "text": "How you sit",
            "item": [
                {"linkId": "sits", "type": "boolean", "text": "Do you sit at work?"},
                {
                    "linkId": "where",
                    "type": "string",
                    "text": "Where?",
                    "enableWhen": [{"question": "sits", "operator": "=", "answerBoolean": True}],
                },
                {"linkId": "a", "type": "integer", "text": "Hours before noon"},
                {"linkId": "b", "type": "integer", "text": "Hours after noon", "extension": [SLIDER]},
                {"linkId": "sum", "type": "integer", "text": "In all", "readOnly": True, "extension": [CALCULATED]},
            ],
        }
    ],
}


@pytest.fixture
def walk(live_server: Any, client_record: Client, owner: User, phone_page: Page) -> Walk:
    Questionnaire.objects.create(
        slug="logic", version=1, title="Logic", definition=FORM, status="published", published_at=clock.now()
    )
    _invitation, token = invite(client=client_record, forms=["logic"], by=owner)
    walk = Walk(phone_page, f"{live_server.url}/i/{token}/")
    walk.open()
    return walk


def test_a_question_comes_and_goes_with_its_condition_and_keeps_what_was_typed(walk: Walk) -> None:
    where = walk.page.locator('[name="where"]')
    expect(where).to_have_count(0)
    walk.choose("sits", "yes")
    expect(where).to_be_visible()
    where.fill("At a bench")
    walk.look()
    walk.choose("sits", "no")
    expect(where).to_be_hidden()
    walk.choose("sits", "yes")
    expect(where).to_be_visible()
    expect(where).to_have_value("At a bench")
    walk.saved()
    assert answers_of(Response.objects.get()).one("where") == "At a bench"


def test_a_sum_follows_what_is_typed_and_a_slider_says_nothing_until_it_is_moved(walk: Walk) -> None:
    page = walk.page
    total = page.locator('[data-calculated="sum"]')
    page.locator('[name="a"]').fill("3")
    page.locator('[name="a"]').blur()
    walk.saved()
    assert answers_of(Response.objects.get()).one("b") is None, "nobody moved the slider"
    page.get_by_role("slider", name="Hours after noon").press("ArrowRight")
    expect(page.locator('[name="b"]')).to_have_value("6")
    expect(total).to_have_text("9")
    walk.look()
    walk.saved()
    assert answers_of(Response.objects.get()).one("sum") == 9

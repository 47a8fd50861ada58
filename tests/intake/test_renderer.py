"""One renderer for every R4 item type: drawn, answered without a script, kept as its type, shown to staff in words."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.core import clock
from clinic.people.models import Client, User
from intake.answers import answers_of, sections
from intake.fhir.values import Quantity
from intake.models import Questionnaire, Response
from intake.services import complete_response, invite

pytestmark = pytest.mark.django_db

CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
SYSTEM = "http://hl7.org/fhir/questionnaire-item-control"


HIDDEN = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": True}


def control(code: str) -> dict[str, Any]:
    return {"url": CONTROL, "valueCodeableConcept": {"coding": [{"system": SYSTEM, "code": code}]}}


def coded(*codes: str) -> list[dict[str, Any]]:
    return [{"valueCoding": {"system": "urn:x", "code": code, "display": code.title()}} for code in codes]


def row(link_id: str, type_: str, **rest: Any) -> dict[str, Any]:
    return {"linkId": link_id, "type": type_, "text": f"Question {link_id}", **rest}


EVERYTHING = {
    "resourceType": "Questionnaire",
    "status": "active",
    "url": "https://example.org/everything",
    "title": "Everything",
    "item": [
        {
            "linkId": "one",
            "type": "group",
            "text": "One of each",
            "item": [
                row("lead", "display"),
                row("bool", "boolean"),
                row("dec", "decimal"),
                row("int", "integer"),
                row("day", "date"),
                row("at", "dateTime"),
                row("clock", "time"),
                row("line", "string"),
                row("words", "text"),
                row("site", "url"),
                row("pick", "choice", answerOption=coded("walk", "swim")),
                row("list", "choice", answerOption=coded("walk", "swim"), extension=[control("drop-down")]),
                row("open", "open-choice", answerOption=coded("walk", "swim")),
                row("who", "reference"),
                row("much", "quantity"),
                row("slide", "integer", extension=[control("slider")]),
                row("many", "string", repeats=True),
                row("fixed", "string", readOnly=True, initial=[{"valueString": "set by the clinic"}]),
                row("unseen", "string", extension=[HIDDEN]),
                row("help", "string", item=[row("help.text", "display", extension=[control("help")])]),
                {"linkId": "inner", "type": "group", "text": "An inner heading", "item": [row("deep", "string")]},
            ],
        },
        {
            "linkId": "pains",
            "type": "group",
            "text": "Each pain",
            "repeats": True,
            "item": [row("pain.where", "string", required=True), row("pain.since", "date")],
        },
        {
            "linkId": "never",
            "type": "group",
            "text": "Asked of nobody",
            "enableWhen": [{"question": "bool", "operator": "=", "answerBoolean": False}],
            "item": [row("never.why", "string", required=True)],
        },
        {"linkId": "last", "type": "group", "text": "Last", "item": [row("end", "string")]},
    ],
}
ONE = {
    "bool": "yes",
    "dec": "1.50",
    "int": "-3",
    "day": "2026-03-29",
    "at": "2026-07-01T10:30",
    "clock": "07:45",
    "line": 'A "line" <b>',
    "words": "two\r\nlines",
    "site": "https://example.org/",
    "pick": "swim",
    "list": "walk",
    "open": "other",
    "open:text": "Rowing",
    "who": "Dr Lindqvist",
    "much": "72.5",
    "slide": "4",
    "many": ["first", "second", ""],
    "fixed": "changed by hand",
    "unseen": "sent by hand",
    "deep": "inside",
}


@pytest.fixture
def path(client: Browser, client_record: Client, owner: User) -> str:
    Questionnaire.objects.create(
        slug="everything",
        version=1,
        title="Everything",
        definition=EVERYTHING,
        status="published",
        published_at=clock.now(),
    )
    _invitation, token = invite(client=client_record, forms=["everything"], by=owner)
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    return f"/i/{token}/"


def saved() -> Any:
    return answers_of(Response.objects.get())


def test_every_item_type_is_drawn_answered_and_kept_as_its_type(client: Browser, path: str) -> None:
    page = client.get(f"{path}step/1/").content.decode()
    for link_id in (name for name in ONE if ":" not in name and name not in {"fixed", "unseen"}):
        assert f'name="{link_id}"' in page, link_id
    assert client.post(f"{path}step/1/", ONE)["Location"] == f"{path}step/2/"
    answers = saved()
    assert answers.one("dec") == Decimal("1.50")
    assert str(answers.one("dec")) == "1.50", "as written"
    assert (answers.one("int"), answers.one("bool"), answers.one("day")) == (-3, True, dt.date(2026, 3, 29))
    assert answers.one("at") == "2026-07-01T10:30:00+02:00"
    assert answers.one("clock") == "07:45:00"
    assert (answers.one("pick"), answers.one("pick").system) == ("swim", "urn:x")
    assert answers.one("open") == "Rowing"
    assert answers.one("who").display == "Dr Lindqvist"
    assert answers.one("much") == Quantity(Decimal("72.5"))
    assert answers.all("many") == ["first", "second"]
    assert answers.one("deep") == "inside"


def test_what_was_answered_stands_in_its_control_again(client: Browser, path: str) -> None:
    client.post(f"{path}step/1/", ONE)
    page = client.get(f"{path}step/1/").content.decode()
    for held in (
        'value="1.50"',
        'value="-3"',
        'value="2026-03-29"',
        'value="2026-07-01T10:30"',
        'value="07:45:00"',
        'value="A &quot;line&quot; &lt;b&gt;"',
        "two\nlines</textarea>",
        'value="swim" checked',
        'value="walk" selected',
        'value="Rowing"',
        'value="72.5"',
        'value="second"',
    ):
        assert held in page, held


def test_what_the_form_itself_answers_is_shown_and_not_taken_from_a_browser(client: Browser, path: str) -> None:
    page = client.get(f"{path}step/1/").content.decode()
    assert "set by the clinic" in page
    assert 'name="fixed"' not in page
    assert "Question unseen" not in page
    client.post(f"{path}step/1/", ONE)
    assert saved().one("fixed") == "set by the clinic"
    assert saved().one("unseen") is None


def test_help_inner_headings_and_leads_are_shown(client: Browser, path: str) -> None:
    page = client.get(f"{path}step/1/").content.decode()
    assert "<legend>An inner heading</legend>" in page
    assert "Question help.text" in page
    assert page.count("Question lead") == 1


def test_rows_are_added_filled_and_taken_out_without_a_script(client: Browser, path: str) -> None:
    here = f"{path}step/2/"
    first = {"pains:rows": "1", "pains:0/pain.where": "Hip"}
    assert client.post(here, {**first, "_add": "pains"})["Location"] == f"{here}#pains"
    assert 'name="pains:1/pain.where"' in client.get(here).content.decode()
    two = {"pains:rows": "2", "pains:0/pain.where": "Hip", "pains:1/pain.where": "Calf"}
    client.post(here, {**two, "_add": "pains"})
    client.post(here, {**two, "pains:rows": "3", "pains:2/pain.where": "Foot", "_remove": "pains:1"})
    answers = saved()
    assert [answers.one(f"pains:{n}/pain.where") for n in range(3)] == ["Hip", "Foot", None]
    assert answers.rows["pains"] == 2


def test_a_row_that_is_begun_must_be_finished_and_says_where(client: Browser, path: str) -> None:
    data = {"pains:rows": "2", "pains:0/pain.where": "Hip", "pains:1/pain.since": "2020-01-01"}
    refused = client.post(f"{path}step/2/", data)
    assert refused.status_code == 422
    assert refused.content.decode().count("Please answer this.") == 1


@pytest.mark.parametrize("asked", ["nothing", "pains:0", "one", "pains:7", "pains:x", ":", "pains:-1"])
def test_a_row_that_cannot_be_is_refused_and_nothing_is_lost(client: Browser, path: str, asked: str) -> None:
    data = {"pains:rows": "1", "pains:0/pain.where": "Hip"}
    for button in ("_add", "_remove"):
        answer = client.post(f"{path}step/2/", {**data, button: asked})
        assert answer.status_code == 422
        assert saved().one("pains:0/pain.where") == "Hip"


@pytest.mark.parametrize("rows", ["0", "-1", "x", "9999999999", "500", "٣"])
def test_a_number_of_rows_that_makes_no_sense_stays_within_what_may_be(client: Browser, path: str, rows: str) -> None:
    answer = client.post(f"{path}step/2/save/", {"pains:rows": rows, "pains:0/pain.where": "Hip"})
    assert answer.status_code == 200
    assert saved().rows.get("pains", 1) <= 50


def test_a_screen_that_asks_nothing_is_passed_over_both_ways(client: Browser, path: str) -> None:
    client.post(f"{path}step/1/", ONE)
    on = client.post(f"{path}step/2/", {"pains:rows": "1", "pains:0/pain.where": "Hip"})
    assert on["Location"] == f"{path}step/4/"
    assert f'href="{path}step/2/"' in client.get(f"{path}step/4/").content.decode()
    client.post(f"{path}step/1/", {**ONE, "bool": "no"})
    on = client.post(f"{path}step/2/", {"pains:rows": "1", "pains:0/pain.where": "Hip"})
    assert on["Location"] == f"{path}step/3/"


def test_an_answer_whose_condition_turns_and_turns_back_is_not_lost(client: Browser, path: str) -> None:
    client.post(f"{path}step/1/", {**ONE, "bool": "no"})
    client.post(f"{path}step/3/", {"never.why": "Because of the stairs"})
    client.post(f"{path}step/1/", ONE)
    client.post(f"{path}step/1/", {**ONE, "bool": "no"})
    assert "Because of the stairs" in client.get(f"{path}step/3/").content.decode()


def test_what_is_not_asked_in_the_end_is_not_sent(client: Browser, path: str) -> None:
    client.post(f"{path}step/1/", {**ONE, "bool": "no"})
    client.post(f"{path}step/3/", {"never.why": "Because of the stairs"})
    client.post(f"{path}step/1/", ONE)
    client.post(f"{path}step/2/", {"pains:rows": "1", "pains:0/pain.where": "Hip"})
    response = complete_response(response=Response.objects.get())
    assert answers_of(response).one("never.why") is None
    assert "stairs" not in str(response.answers)


def test_autosave_says_what_is_asked_now(client: Browser, path: str) -> None:
    answer = client.post(f"{path}step/3/save/", {"never.why": "x"}).json()
    assert answer["asked"] == []
    client.post(f"{path}step/1/save/", {"bool": "no"})
    assert client.post(f"{path}step/3/save/", {"never.why": "x"}).json()["asked"] == ["never.why"]


def test_staff_read_every_answer_in_words(client: Browser, path: str) -> None:
    client.post(f"{path}step/1/", ONE)
    client.post(f"{path}step/2/", {"pains:rows": "2", "pains:0/pain.where": "Hip", "pains:1/pain.where": "Calf"})
    lines = {
        line.label: line.value
        for _section, found in sections(Response.objects.get(), clock.now().date())
        for line in found
    }
    assert lines["Question dec"] == "1.50"
    assert lines["Question list"] == "Walk"
    assert lines["Question open"] == "Rowing"
    assert lines["Question much"] == "72.5"
    assert lines["Question many"] == "first, second"
    assert (lines["1 · Question pain.where"], lines["2 · Question pain.where"]) == ("Hip", "Calf")


def said_in(language: str, text: str) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}]
    return {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": parts}]}


@pytest.mark.parametrize(
    ("language", "title", "question", "option"),
    [("de", "Ihre Hüfte", "Wo tut es weh?", "Gehen"), ("fr", "Your hip", "Where does it hurt?", "Walk")],
)
def test_a_form_speaks_the_clients_language_where_it_has_words_for_it(
    client: Browser, client_record: Client, owner: User, language: str, title: str, question: str, option: str
) -> None:
    Client.objects.filter(pk=client_record.pk).update(language=language)
    coding = {"system": "urn:x", "code": "walk", "display": "Walk", "_display": said_in("de", "Gehen")}
    items = [
        {"linkId": "where", "type": "string", "text": "Where does it hurt?", "_text": said_in("de", "Wo tut es weh?")},
        {"linkId": "when", "type": "choice", "text": "When?", "answerOption": [{"valueCoding": coding}]},
    ]
    page = {"linkId": "page", "type": "group", "text": "Your hip", "_text": said_in("de", "Ihre Hüfte"), "item": items}
    form = {"resourceType": "Questionnaire", "status": "active", "title": "Hip", "item": [page]}
    Questionnaire.objects.create(
        slug="hip", version=1, title="Hip", definition=form, status="published", published_at=clock.now()
    )
    _invitation, token = invite(client=Client.objects.get(pk=client_record.pk), forms=["hip"], by=owner)
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    shown = client.get(f"/i/{token}/step/1/").content.decode()
    for words in (title, question, option):
        assert words in shown
    spoken = re.findall(r'<(\w+)[^>]* lang="de"', shown)
    assert spoken == (["h1", "span", "label"] if language == "de" else []), "what is not in the page's language says so"
    client.post(f"/i/{token}/step/1/", {"where": "Hüfte", "when": "walk"})
    assert (saved().one("where"), saved().one("when"), saved().one("when").system) == ("Hüfte", "walk", "urn:x")

"""The editor's further fields: pattern, initial values, look, languages, expressions, details, goals."""

import datetime as dt
import html
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import Refused
from clinic.people.models import Client, User
from intake.answers import answers_of
from intake.editing import fields, initial, translations
from intake.editing.palette import ADDITIONS
from intake.editing.sheet import Sheet
from intake.editing.translations import Translation
from intake.fhir import Situation, enabled_items, initial_answers, read_form
from intake.fhir import extensions as ext
from intake.fhir.answers import Answers
from intake.fhir.checking import check
from intake.fhir.items import Item
from intake.form_cache import form_of
from intake.models import Questionnaire
from intake.rules import outline
from intake.services import open_drafts
from intake.services.documents import publish_form
from intake.templates_of import template_of
from intake.typed import typed_values
from tests.intake.factories import invitation_with_token
from tests.intake.forms.conftest import FOREIGN, SLEEP, Send
from tests.intake.forms.test_editor import NOTHING, row, save

pytestmark = pytest.mark.django_db


def added(send: Send, draft: Questionnaire, kind: str) -> str:
    """A new question's linkId."""
    before = {each["linkId"] for each in outline.rows(draft.definition)}
    assert send("form-item-add", "tired", kind=kind).status_code == 302
    return next(each["linkId"] for each in outline.rows(draft.definition) if each["linkId"] not in before)


def with_new(kind: str) -> tuple[dict[str, Any], str]:
    """A form with a new question, and its linkId."""
    new = ADDITIONS[kind].make(SLEEP)
    return outline.add(SLEEP, new, after="tired"), new[0]["linkId"]


def sheet_of(document: dict[str, Any], link_id: str, **data: Any) -> Sheet:
    sent = QueryDict(mutable=True)
    sent.update({name: str(value) for name, value in {**NOTHING, **data}.items()})
    return Sheet(read_form(document), link_id, (), sent)


def saved(document: dict[str, Any], link_id: str, **data: Any) -> dict[str, Any]:
    """The form once the question's page was saved."""
    sheet = sheet_of(document, link_id, **data)
    assert sheet.is_valid()
    return outline.change(document, link_id, sheet.changes())


def item_of(draft: Questionnaire, link_id: str) -> Item:
    return read_form(draft.definition).by_link_id[link_id]


def test_a_pattern_is_written_with_what_to_say_when_an_answer_does_not_fit(send: Send, draft: Questionnaire) -> None:
    name = added(send, draft, "string")
    wanted = {"text": "Number?", "type": "string", "regex": "[A-Z]{2}[0-9]{4}", "entry_format": "AB1234"}
    assert save(send, name, **wanted).status_code == 302
    item = item_of(draft, name)
    assert (item.regex, item.entry_format) == ("[A-Z]{2}[0-9]{4}", "AB1234")
    with pytest.raises(ValueError, match="like this: AB1234"):
        typed_values(item, name, _sent(name, "12"))
    assert typed_values(item, name, _sent(name, "XY9876")) == ["XY9876"]


def _sent(name: str, words: str) -> Any:
    data = QueryDict(mutable=True)
    data[name] = words
    return data


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("[a-", "no pattern that can be read"), ("(a|aa)+$", "takes too long"), ("a" * 501, "at most 500")],
)
def test_a_pattern_that_cannot_work_is_refused_beside_its_field(pattern: str, words: str) -> None:
    document, name = with_new("string")
    sheet = sheet_of(document, name, text="Q", type="string", regex=pattern)
    assert not sheet.is_valid()
    assert words in str(sheet.fields.errors["regex"])


@pytest.mark.parametrize(
    ("kind", "typed", "held"),
    [
        ("boolean", "yes", [{"valueBoolean": True}]),
        ("integer", "7", [{"valueInteger": 7}]),
        ("decimal", "7.50", [{"valueDecimal": Decimal("7.50")}]),
        ("date", "2026-12-31", [{"valueDate": "2026-12-31"}]),
        ("time", "07:30", [{"valueTime": "07:30:00"}]),
        ("string", "Berlin", [{"valueString": "Berlin"}]),
        ("text", "One\r\nTwo", [{"valueString": "One\nTwo"}]),
        ("url", "https://example.org", [{"valueUri": "https://example.org"}]),
    ],
)
def test_what_a_question_begins_with_is_a_value_of_its_type(kind: str, typed: str, held: list[Any]) -> None:
    document, name = with_new(kind)
    made = saved(document, name, text="Q", type=kind, initial=typed)
    assert outline.find(made, name)["initial"] == held
    form = read_form(made)
    given = initial_answers(form, Situation(now=dt.datetime.now(dt.UTC))).all(name)
    assert given == list(form.by_link_id[name].initial)
    assert "initial" not in outline.find(saved(made, name, text="Q", type=kind, initial=""), name)


def test_a_question_with_several_answers_begins_with_several() -> None:
    document, name = with_new("integer")
    several = saved(document, name, text="Q", type="integer", repeats="on")
    made = saved(several, name, text="Q", type="integer", repeats="on", initial="1\n2\n")
    assert outline.find(made, name)["initial"] == [{"valueInteger": 1}, {"valueInteger": 2}]


@pytest.mark.parametrize(("kind", "typed"), [("integer", "many"), ("date", "31.12."), ("time", "noon")])
def test_a_beginning_of_another_type_is_refused(kind: str, typed: str) -> None:
    document, name = with_new(kind)
    sheet = sheet_of(document, name, text="Q", type=kind, initial=typed)
    assert not sheet.is_valid()
    assert "initial" in sheet.fields.errors


def test_a_beginning_that_stays_keeps_what_it_held() -> None:
    held: dict[str, Any] = {"linkId": "q", "type": "string", "text": "Q", "repeats": True}
    held["initial"] = [{"valueString": "a", "extension": [FOREIGN]}, {"valueString": "b"}]
    assert fields.write(held, {"initial": initial.read(held)}) == {}
    assert fields.write(held, {"initial": "a\nc"})["initial"] == [held["initial"][0], {"valueString": "c"}]


def test_an_answer_is_chosen_at_first(send: Send, draft: Questionnaire) -> None:
    line = {"option-0-at": 0, "option-0-words": "Noise", "option-1-at": 1, "option-1-words": "Pain"}
    line |= {
        "option-TOTAL_FORMS": 2,
        "option-INITIAL_FORMS": 2,
        "text": "Why?",
        "type": "choice",
        "option-1-is_initial": "on",
    }
    assert save(send, "why", **line).status_code == 302
    assert [option.is_initial for option in item_of(draft, "why").options] == [False, True]
    answer = save(send, "why", **line, **{"option-0-is_initial": "on"})
    assert answer.status_code == 422
    assert "One answer can be chosen at first." in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "control", "template"),
    [
        ("choice", "radio-button", "choice"),
        ("choice", "drop-down", "drop_down"),
        ("open-choice", "autocomplete", "drop_down"),
        ("integer", "slider", "slider"),
        ("string", "text-area", "text"),
        ("text", "text-box", "line"),
    ],
)
def test_how_an_answer_looks_is_the_standards_control(kind: str, control: str, template: str) -> None:
    document, name = with_new(kind)
    lines = {"option-TOTAL_FORMS": 1, "option-0-words": "One"} if "choice" in kind else {}
    made = read_form(saved(document, name, text="Q", type=kind, control=control, **lines)).by_link_id[name]
    assert (str(made.control), template_of(made)) == (control, template)
    assert not sheet_of(document, name, text="Q", type=kind, control="made-up", **lines).is_valid()


def test_a_long_list_is_shown_as_buttons_where_the_form_says_so() -> None:
    options = [{"valueCoding": {"code": f"c{n}", "display": str(n)}} for n in range(20)]
    coding = {"coding": [{"system": fields.CONTROL_SYSTEM, "code": "radio-button"}]}
    asked = {"linkId": "q", "type": "choice", "text": "Q", "answerOption": options}
    forms = [
        {"item": [asked]},
        {"item": [asked | {"extension": [{"url": ext.CONTROL, "valueCodeableConcept": coding}]}]},
    ]
    assert [template_of(read_form(form).by_link_id["q"]) for form in forms] == ["drop_down", "choice"]


def said(n: int, language: str, words: str) -> dict[str, Any]:
    return {f"said-{n}-language": language, f"said-{n}-words": words}


def test_a_question_is_written_in_the_clients_languages(desk: Browser, send: Send, draft: Questionnaire) -> None:
    one = {"said-TOTAL_FORMS": 2, "said-INITIAL_FORMS": 0, **said(0, "de", "Sind Sie müde?"), **said(1, "fr", "")}
    assert save(send, "tired", text="Are you tired?", type="boolean", **one).status_code == 302
    assert read_form(draft.definition, language="de-AT").by_link_id["tired"].text == "Sind Sie müde?"
    assert read_form(draft.definition, language="fr").by_link_id["tired"].text == "Are you tired?"
    page = desk.get(reverse("intake:questionnaire-edit", args=[draft.pk], query={"item": "tired"})).content.decode()
    assert "Sind Sie müde?" in page
    assert "Spoken here" not in page, "everybody here speaks the form's own language"
    assert save(send, "tired", text="Are you tired?", type="boolean").status_code == 302
    assert "_text" in row(draft, "tired"), "a page that did not show them takes none out"
    none = {"said-TOTAL_FORMS": 1, "said-INITIAL_FORMS": 1, **said(0, "de", "")}
    assert save(send, "tired", text="Are you tired?", type="boolean", **none).status_code == 302
    assert draft.definition == SLEEP


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({**said(0, "de", "Eins"), **said(1, "de", "Zwei")}, "stands here twice"),
        (said(0, "", "Ohne Sprache"), "Say which language"),
        (said(0, "xx", "Unbekannt"), "Select a valid choice"),
    ],
)
def test_a_language_is_named_once(send: Send, draft: Questionnaire, rows: dict[str, Any], words: str) -> None:
    answer = save(send, "tired", text="Q", type="boolean", **{"said-TOTAL_FORMS": 2, "said-INITIAL_FORMS": 0, **rows})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert draft.definition == SLEEP


def test_translations_keep_what_the_file_said_about_them() -> None:
    content = {"url": "content", "valueMarkdown": "*Müde?*"}
    german = {"url": ext.TRANSLATION, "extension": [{"url": "lang", "valueCode": "de"}, content, FOREIGN]}
    held = {"linkId": "q", "type": "boolean", "text": "Q", "_text": {"id": "t", "extension": [FOREIGN, german]}}
    assert translations.write(held, translations.read(held)) == {}
    made = translations.write(held, [Translation("de", "Müde?"), Translation("fr", "Fatigué ?")])["_text"]
    assert made["id"] == "t"
    assert made["extension"][0] == FOREIGN
    assert made["extension"][1]["extension"][1:] == [{"url": "content", "valueMarkdown": "Müde?"}, FOREIGN]
    assert translations.write(held, [])["_text"] == {"id": "t", "extension": [FOREIGN]}


TIRED = "%resource.repeat(item).where(linkId='tired').answer.value = true"


def test_a_question_is_asked_when_an_expression_gives_true(send: Send, draft: Questionnaire) -> None:
    assert save(send, "hours", text="Hours", type="integer", asked_if=TIRED).status_code == 302
    form = read_form(draft.definition)
    assert form.by_link_id["hours"].enable_when_expression == TIRED
    for tired in (True, False):
        asked = enabled_items(form, Answers({"tired": [tired]}), Situation())
        assert ("hours" in asked) is tired
    assert save(send, "hours", text="Hours", type="integer").status_code == 302
    assert item_of(draft, "hours").enable_when_expression == TIRED
    assert save(send, "hours", text="Hours", type="integer", asked_if="").status_code == 302
    assert draft.definition == SLEEP


def test_an_expression_about_a_question_that_was_taken_out_is_reported(send: Send, draft: Questionnaire) -> None:
    save(send, "hours", text="Hours", type="integer", asked_if=TIRED)
    send("form-item-remove", "tired")
    assert [(each["code"], each["link_id"]) for each in draft.report] == [("unknown-question", "hours")]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("item.where(", "this is not FHIRPath"),
        ("resolve() = true", "resolve() is not evaluated here"),
        (TIRED.replace("tired", "nowhere"), "“nowhere”, which is not in this form"),
        (TIRED.replace("tired", "hours"), "names this part itself"),
        ("%score > 3", "uses %score, which nothing declares"),
    ],
)
def test_an_expression_that_means_nothing_is_refused_with_the_reason(
    send: Send, draft: Questionnaire, expression: str, words: str
) -> None:
    answer = save(send, "hours", text="Kept words", type="integer", asked_if=expression)
    page = html.unescape(answer.content.decode())
    assert (answer.status_code, words in page, expression in page, "Kept words" in page) == (422, True, True, True)
    assert draft.definition == SLEEP


def test_rows_and_an_expression_do_not_decide_together(send: Send, draft: Questionnaire) -> None:
    rows = {"when-TOTAL_FORMS": 1, "when-0-question": "tired", "when-0-operator": "exists"}
    answer = save(send, "hours", text="Hours", type="integer", asked_if=TIRED, **rows)
    assert answer.status_code == 422
    assert "Either rows or an expression decides" in answer.content.decode()


def test_two_expressions_that_decide_about_each_other_are_not_published(
    send: Send, draft: Questionnaire, owner: User
) -> None:
    save(send, "hours", text="Hours", type="integer", asked_if=TIRED)
    save(send, "tired", text="Tired?", type="boolean", asked_if=TIRED.replace("tired", "hours"))
    found = [problem for problem in check(draft.definition).problems if problem.code == "cycle"]
    assert found
    assert {"hours", "tired"} >= {problem.link_id for problem in found}
    with pytest.raises(Refused):
        publish_form(form=draft, by=owner)


def test_goals_are_a_ready_block_that_is_scored_and_stands_once(send: Send, draft: Questionnaire) -> None:
    assert send("form-item-add", "tired", kind="goals").status_code == 302
    group = item_of(draft, "psfs")
    assert (group.has_rows, group.max_occurs, group.code) == (True, 3, "psfs")
    again = send("form-item-add", "tired", kind="goals")
    assert (again.status_code, "asks for goals already" in again.content.decode()) == (422, True)


def test_a_practices_own_form_asks_whether_the_details_are_still_right(
    send: Send, draft: Questionnaire, owner: User, client_record: Client
) -> None:
    assert send("form-item-add", "tired", kind="details").status_code == 302
    assert send("form-item-add", "tired", kind="details").status_code == 422
    name = added(send, draft, "string")
    assert save(send, name, text="Town?", type="string", client_field="address").status_code == 302
    assert item_of(draft, name).client_field == "address"
    published = publish_form(form=draft, by=owner)
    invitation, _token = invitation_with_token(client_record, published.slug)
    (response,) = open_drafts(invitation=invitation)
    assert answers_of(response).one("details.email") == client_record.email
    assert form_of(published).by_link_id["details.email"].client_field == "email"

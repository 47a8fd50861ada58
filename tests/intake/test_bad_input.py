"""More than five hundred odd texts in every control of the client's forms, and bodies that are too large."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client as Browser
from django.utils.html import escape
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as R4Response

from clinic.core import clock
from clinic.messaging import links
from clinic.people.models import Client, User
from intake.answers import answers_of, in_words, situation_of
from intake.asked import asked_in, rows_in
from intake.blocks import as_typed
from intake.fhir import Answers, Form, Item, Kind, enabled_items, exact, read_form, read_response, write_response
from intake.fhir.values import Quantity
from intake.form_cache import form_of
from intake.models import Questionnaire, RedFlag, Response
from intake.parsing import parse_section
from intake.ready_forms import BUILDERS
from intake.services import complete_response, invite
from intake.services.answer_documents import export_response, import_response
from intake.typed import plain, typed_values
from intake.views.access import COOKIE
from tests.intake.factories import (
    completed,
    draft,
    form_data,
    harmless_answers,
    invitation_with_token,
    with_flags,
)
from tests.intake.naughty import NAUGHTY
from tests.intake.test_renderer import coded, row

BORN = {"born_on": "1967-08-04"}
URLENCODED = "application/x-www-form-urlencoded"
TYPES = (
    "string",
    "text",
    "url",
    "date",
    "dateTime",
    "time",
    "integer",
    "decimal",
    "quantity",
    "reference",
    "open-choice",
)


def encoded(pairs: list[tuple[str, str]]) -> bytes:
    def quoted(text: str) -> str:
        return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))

    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs).encode()


def on_the_wire(text: str) -> str:
    """As it arrives: half of a pair is nothing that UTF-8 knows."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def written(form: Form, answers: Answers) -> str:
    everything = set(form.by_link_id) | answers.values.keys()
    about = {"questionnaire": "urn:x", "status": "in-progress", "authored": clock.now()}
    return exact.dumps(write_response(form, answers, enabled=everything, **about))


def form_of_type(type_: str) -> dict[str, Any]:
    options = {"answerOption": coded("walk", "swim")} if type_ == "open-choice" else {}
    items = [row(f"q{n}", type_, **options) for n in range(len(NAUGHTY))]
    page = {"linkId": "page", "type": "group", "text": "Page", "item": items}
    return {"resourceType": "Questionnaire", "status": "active", "title": "Odd", "item": [page]}


def opened(client: Browser, record: Client, definition: dict[str, Any]) -> str:
    Questionnaire.objects.create(
        slug="odd", version=1, title="Odd", definition=definition, status="published", published_at=clock.now()
    )
    _invitation, token = invite(client=record, forms=["odd"], by=None)
    client.post(f"/i/{token}/", BORN)
    return f"/i/{token}/"


@pytest.fixture
def path(client: Browser, client_record: Client) -> str:
    _invitation, token = invitation_with_token(client_record)
    client.post(f"/i/{token}/", BORN)
    return f"/i/{token}/"


def test_the_list_is_long_enough() -> None:
    assert len(NAUGHTY) >= 500


@pytest.mark.django_db
def test_every_odd_text_sent_to_a_form_is_kept_as_text_or_named_as_unread(
    client: Browser, client_record: Client
) -> None:
    path = opened(client, client_record, form_of_type("string"))
    body = encoded([(f"q{n}", text) for n, text in enumerate(NAUGHTY)])
    answer = client.post(f"{path}step/1/save/", body, content_type=URLENCODED).json()
    response = Response.objects.get()
    kept = answers_of(response)
    for n, text in enumerate(NAUGHTY):
        expected = plain(on_the_wire(text))
        assert kept.one(f"q{n}") == (expected if expected and len(expected) <= 2000 else None)
        assert (f"q{n}" in answer["unread"]) is (len(expected) > 2000)
    page = client.get(f"{path}step/1/").content.decode()
    for markup in ("<script>alert", "<img src", "<svg/onload", "<iframe", "<plaintext>"):
        assert markup not in page


@pytest.mark.parametrize("type_", TYPES)
def test_every_odd_text_becomes_an_answer_of_its_type_that_can_be_shown_and_read_again_or_is_refused_in_words(
    type_: str,
) -> None:
    form = read_form(form_of_type(type_))
    answers, words = Answers(), {"Please enter"}
    for n, text in enumerate(NAUGHTY):
        item = form.by_link_id[f"q{n}"]
        name = f"q{n}:text" if type_ == "open-choice" else f"q{n}"
        try:
            values = typed_values(item, f"q{n}", QueryDict.fromkeys([name], on_the_wire(text), mutable=True))
        except ValueError as refused:
            words.add(str(refused))
            continue
        assert bool(values) is bool(plain(on_the_wire(text)))
        answers.put(f"q{n}", values)
        assert in_words(item, answers) or not values
        again = as_typed(values[0].value if isinstance(values[0], Quantity) else values[0]) if values else ""
        assert typed_values(item, f"q{n}", QueryDict.fromkeys([name], again, mutable=True)) == values
    assert any(answers.values.values())
    assert all(each.startswith("Please") for each in words)
    document = written(form, answers)
    R4Response.model_validate_json(document)


def is_written_in(item: Item) -> bool:
    """Whether it holds a field for text, or a map or a signature, which are sent as text."""
    free = {Kind.PAIN_MAP, Kind.SIGNATURE}
    return any(each.kind in free or (each.type in TYPES and each.kind is Kind.PLAIN) for each in item.walk())


@pytest.mark.parametrize("slug", BUILDERS)
def test_every_odd_text_in_every_control_of_a_ready_form_is_taken_or_refused_in_words(slug: str) -> None:
    form = read_form(BUILDERS[slug]())
    takes_text = [item for section in form.sections for item in section.items if is_written_in(item)]
    texts_alone = Item("texts", "group", "", {}, items=tuple(takes_text))
    for number, text in enumerate(NAUGHTY):
        wire = on_the_wire(text)
        taken = Answers()
        for section in [texts_alone] if number % 10 else form.sections:  # ticks and taps by one in ten
            data = QueryDict(mutable=True)
            for group in rows_in(section, Answers()):
                data[f"{group.address}:rows"] = "1"
            for asked in asked_in(section, Answers()):
                for ending in ("", ":text", ":unit", ".name", ":rows", ".region"):
                    data[f"{asked.address}{ending}"] = wire
                if asked.item.kind is Kind.PAIN_MAP:
                    data[f"{asked.address}.region"] = "groin.left"
                    for part in ("quality", "intensity", "course", "spread", "elsewhere", "stroke"):
                        data[f"{asked.address}.{part}.groin.left"] = wire
            given = parse_section(section, data)
            assert all(given.errors.values()), "each in words"
            taken.values |= given.answers.values
            taken.rows |= given.answers.rows
        if number % 10:
            continue
        held = {address: values for address, values in taken.values.items() if values}
        assert read_response(exact.loads(written(form, taken)), form).values == held


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "name", "typed"),
    [
        (1, "reason.main", "<script>alert(1)" * 400),
        (2, "onset.date", "30 February 2026"),
        (9, "signature.name", "M" * 161),
    ],
)
def test_what_cannot_be_read_stands_in_its_box_with_what_to_do(
    client: Browser, path: str, number: int, name: str, typed: str
) -> None:
    number = screen_with(name)
    answer = client.post(f"{path}step/{number}/", {name: typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert escape(typed) in page
    assert page.count("Something could not be read") == 1
    assert "<script>alert" not in page


def screen_with(name: str) -> int:
    """The number of the first-visit form's screen that asks it."""
    sections = read_form(BUILDERS["first-visit"]()).sections
    names = [{item.link_id for item in section.walk()} for section in sections]
    return next(n for n, held in enumerate(names, 1) if name in held or name.rpartition(".")[0] in held)


@pytest.mark.django_db
def test_what_cannot_be_read_and_is_not_asked_any_more_keeps_nobody_from_going_on(
    client: Browser, client_record: Client
) -> None:
    asked_if = [{"question": "has", "operator": "=", "answerBoolean": True}]
    items = [row("has", "boolean"), row("how-many", "integer", enableWhen=asked_if)]
    page = {"linkId": "page", "type": "group", "text": "Page", "item": items}
    after = {"linkId": "end", "type": "group", "text": "End", "item": [row("last", "string")]}
    path = opened(client, client_record, {"resourceType": "Questionnaire", "status": "active", "item": [page, after]})
    assert client.post(f"{path}step/1/", {"has": "yes", "how-many": "eleven"}).status_code == 422
    assert client.post(f"{path}step/1/", {"has": "no", "how-many": "eleven"})["Location"] == f"{path}step/2/"


HUGE = "1" * 5 * 1024 * 1024
TOO_MUCH = [
    pytest.param({"pain-map.region": ["groin.left"] * 10_000}, "map", id="10,000 marks"),
    pytest.param({f"pain-map.intensity.{n}": "1" for n in range(10_000)}, "map", id="10,000 fields"),
    pytest.param({"signature": HUGE}, "signature", id="a signature of 5 MB"),
    pytest.param({"reason.main": HUGE}, "reason", id="a text of 5 MB"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("enforces", [False, True], ids=["", "with the form's token"])
@pytest.mark.parametrize(("data", "about"), TOO_MUCH)
def test_what_is_too_much_is_said_in_the_form_itself_and_what_was_saved_stays(
    client: Browser, path: str, data: dict[str, Any], about: str, enforces: bool
) -> None:
    number = screen_with({"map": "pain-map", "signature": "signature", "reason": "reason.main"}[about])
    client.post(f"{path}step/{number}/save/", form_data(harmless_answers()))
    before = Response.objects.values().get()
    assert before["answers"]
    client.handler.enforce_csrf_checks = enforces  # the body is what the middleware reads first
    body = {"content_type": URLENCODED, "data": urlencode(data, doseq=True)}
    for address in (f"{path}step/{number}/", f"{path}step/{number}/save/"):
        answer = client.post(address, **body)
        assert answer.status_code == 413
        assert "too much at once" in answer.content.decode()
    page = client.post(f"{path}step/{number}/", **body).content.decode()
    held = {"map": 'data-mark="lateral-hip.right"', "signature": "Marcus Bell", "reason": "My right hip hurts"}
    assert held[about] in page, "the saved draft"
    assert f'data-autosave="{path}step/{number}/save/"' in page
    assert Response.objects.values().get() == before


@pytest.mark.django_db
def test_too_much_opens_no_door(client: Browser, path: str) -> None:
    client.cookies.pop(COOKIE)
    answer = client.post(f"{path}step/1/", urlencode({"reason.main": HUGE}), content_type=URLENCODED)
    assert answer["Location"] == path
    for rest in ("", "advice/", "done/"):
        assert client.post(f"{path}{rest}", urlencode({"x": HUGE}), content_type=URLENCODED).status_code in (302, 413)
    assert client.post("/i/unknown/", urlencode({"x": HUGE}), content_type=URLENCODED).status_code == 404


def said_by_the_client() -> dict[str, Any]:
    """What stands in the draft, without what the record has of the client."""
    values = answers_of(Response.objects.get()).values
    return {address: given for address, given in values.items() if not address.startswith("details.")}


@pytest.mark.django_db
def test_a_file_of_any_size_where_none_is_asked_changes_nothing(client: Browser, path: str) -> None:
    upload = SimpleUploadedFile("x.svg", b"<svg onload=alert(1)>" * 200_000, "image/svg+xml")
    answer = client.post(f"{path}step/1/save/", {"reason.main": "Hip", "signature": upload})
    assert answer.status_code == 200
    assert said_by_the_client() == {"reason.main": ["Hip"]}


@pytest.mark.django_db
def test_answers_to_what_is_not_asked_raise_no_flag_and_are_not_sent(client: Browser, client_record: Client) -> None:
    response = draft(client_record)
    form = form_of(response.questionnaire)
    path = f"{links.path_of(response.invitation.link)}"
    client.post(path, BORN)
    answers = with_flags(harmless_answers(), form)
    asked = enabled_items(form, answers, situation_of(response, clock.now().date()))
    beside = [item for item in form.by_link_id.values() if item.is_question and item.link_id not in asked]
    by_hand = {item.link_id: "yes" if item.option("yes") else "sent by hand" for item in beside}
    assert "yes" in by_hand.values()
    for number in range(1, len(form.sections) + 1):
        assert client.post(f"{path}step/{number}/save/", form_data(answers) | by_hand).status_code == 200
    assert not RedFlag.objects.exists()
    response.refresh_from_db()
    sent = complete_response(response=response)
    assert "sent by hand" not in str(sent.answers)
    asked = enabled_items(form, answers_of(sent), situation_of(sent, clock.now().date()))
    assert set(answers_of(sent).values) <= asked


FORGED = {
    "version": "99",
    "edit_version": "99",
    "questionnaire": "urn:uuid:00000000-0000-0000-0000-000000000000|99",
    "consent_texts": '{"treatment": "forged"}',
    "status": "completed",
    "client": "00000000-0000-0000-0000-000000000000",
    "response": "00000000-0000-0000-0000-000000000000",
    "current_step": "99",
    "number": "99",
    "linkId": "signature",
}


@pytest.mark.django_db
def test_versions_and_names_that_a_browser_makes_up_are_not_listened_to(client: Browser, path: str) -> None:
    before = Response.objects.values("questionnaire_id", "client_id", "status", "consent_texts").get()
    assert client.post(f"{path}step/1/save/", {"reason.main": "Hip", **FORGED}).status_code == 200
    assert Response.objects.values("questionnaire_id", "client_id", "status", "consent_texts").get() == before
    assert said_by_the_client() == {"reason.main": ["Hip"]}


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["|99", "|<script>", "|'; DROP TABLE x;--", "|\u0000", ""])
def test_answers_to_a_version_that_is_not_there_are_refused_whole(
    client_record: Client, owner: User, version: str
) -> None:
    document = export_response(completed(client_record))
    held = exact.loads(document)
    address, _bar, _version = held["questionnaire"].partition("|")
    held["questionnaire"] = f"{address if version else ''}{version}"
    count = Response.objects.count()
    taken, report = import_response(client=client_record, text=exact.dumps(held).encode(), by=owner)
    assert taken is None
    assert report.problems
    assert Response.objects.count() == count

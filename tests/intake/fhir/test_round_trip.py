"""Whatever is made of the supported parts goes in, is asked, and comes out as it was; the browser decides the same."""

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as R4Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clinic.people.models import Client
from intake.fhir import Answers, Situation, decide, exact, read_form, read_response, write_response
from intake.fhir.browser import logic_of, scored
from intake.fhir.checking import check
from intake.services.answer_documents import export_response, import_response
from intake.services.documents import export_questionnaire, import_questionnaire
from tests.intake.fhir.documents import Answerer, Maker, wire_answers

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
BATCH = Path(__file__).parents[2] / "js" / "decide-batch.mjs"


def answered(seed: int) -> tuple[Any, Answers, dict[str, Any], dict[str, Any]]:
    """The form of a seed, answers to it, its document and the response's."""
    document = Maker(seed).questionnaire()
    form = read_form(document)
    answers = Answerer(form, seed).fill()
    decision = decide(form, answers, Situation(now=NOON))
    response = write_response(
        form,
        decision.answers,
        questionnaire=f"{document['url']}|{document['version']}",
        status="completed",
        authored=NOON,
        enabled=decision.enabled,
    )
    return form, answers, document, response


@example(seed=102645875)  # an empty row between others
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_document_is_r4_by_the_book_and_answers_read_back_as_they_were_written(seed: int) -> None:
    form, _answers, document, response = answered(seed)
    R4Questionnaire.model_validate(document)
    R4Response.model_validate(response)
    report = check(document)
    assert report.may_be_published, [(p.code, p.link_id, p.message) for p in report.problems]
    read = read_response(exact.loads(exact.dumps(response)), form)
    again = write_response(
        form,
        read,
        questionnaire=response["questionnaire"],
        status="completed",
        authored=NOON,
        enabled=decide(form, read, Situation(now=NOON)).enabled,
    )
    assert exact.dumps(again, sort_keys=True) == exact.dumps(response, sort_keys=True)


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_import_publish_answer_and_export_give_equal_documents(client_record: Client, seed: int) -> None:
    _form, _answers, document, response = answered(seed)
    text = exact.dumps(document, indent=3).encode()
    imported = import_questionnaire(text=text, by=None, publish=True)
    assert imported.questionnaire is not None
    assert imported.questionnaire.status == "published"
    imported.questionnaire.refresh_from_db()
    assert export_questionnaire(imported.questionnaire) == text
    assert exact.dumps(imported.questionnaire.definition, sort_keys=True) == exact.dumps(document, sort_keys=True)
    kept, report = import_response(text=exact.dumps(response).encode(), client=client_record, by=None)
    assert kept is not None, [(p.code, p.link_id, p.message) for p in report.problems]
    kept.refresh_from_db()
    written = exact.loads(export_response(kept))
    assert exact.dumps(written, sort_keys=True) == exact.dumps(response, sort_keys=True)


def in_the_browser(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What `decide.js` finds, all in one process."""
    done = subprocess.run(["node", str(BATCH)], input=json.dumps(cases), capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_server_and_browser_agree_on_what_is_asked_and_what_it_comes_to() -> None:
    cases, expected = [], []
    for seed in range(200):
        form, answers, _document, _response = answered(seed)
        decision = decide(form, answers, Situation(now=NOON))
        for page in form.sections[:3]:
            logic = logic_of(form, page, answers, decision)
            cases.append({"logic": logic, "answers": wire_answers(form, page, answers, scored)})
            expected.append((seed, page, logic, decision))
    waiting = compared = calculated = 0
    for (seed, page, logic, decision), found in zip(expected, in_the_browser(cases), strict=True):
        assert found["enabled"] == logic["was"], (seed, page.link_id)
        compared += len(found["enabled"])
        waiting += len(found["waits"])
        for address, value in found["calculated"].items():
            calculated += 1
            server = decision.calculated.get(address)
            assert value == (None if server is None else float(server)), (seed, address)
    assert compared > 2000
    assert calculated > 40
    print(f"{compared} items asked, {calculated} values reckoned, {waiting} left to the server")

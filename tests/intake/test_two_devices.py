"""The same form open in two places: what one has answered, the other never overwrites without being asked."""

import json
from typing import Any

import pytest
from django.test import Client as Browser

from clinic.people.models import Client
from intake.answers import answers_of
from intake.fhir import Answers
from intake.form_cache import form_of
from intake.merging import Drawn, prints_of
from intake.models import RedFlag, Response
from intake.services import Saved, save_answers
from tests.intake.factories import MARK, draft, invitation_with_token
from tests.intake.walking import controls_of

pytestmark = pytest.mark.django_db

MAIN = "reason.main"
HERE, THERE = "As it was typed here", "As it was typed there"


@pytest.fixture
def path(client: Browser, client_record: Client) -> str:
    _invitation, token = invitation_with_token(client_record)
    client.post(f"/i/{token}/", {"born_on": "1967-08-04"})
    return f"/i/{token}/"


def opened(client: Browser, path: str, number: int = 1) -> dict[str, str]:
    """What a tab that shows a page goes on sending with every answer."""
    return {"_drawn": str(controls_of(client.get(f"{path}step/{number}/").content.decode())["_drawn"])}


def saved(link_id: str) -> Any:
    return answers_of(Response.objects.get()).one(link_id)


def autosave(client: Browser, path: str, body: dict[str, Any], number: int = 1) -> Any:
    return client.post(f"{path}step/{number}/save/", body, headers={"Accept": "application/json"})


def test_answers_to_different_questions_are_put_together_without_asking(client: Browser, path: str) -> None:
    first, second = opened(client, path), opened(client, path)
    assert autosave(client, path, {**first, MAIN: THERE}).status_code == 200
    answer = autosave(client, path, {**second, "duration": "6_to_12_weeks"})
    assert answer.status_code == 200
    assert (saved(MAIN), saved("duration")) == (THERE, "6_to_12_weeks")
    assert answer.json()["elsewhere"] == [MAIN], "the page learns what else it should show"


def test_the_same_question_answered_in_both_is_asked_and_neither_answer_is_lost(client: Browser, path: str) -> None:
    first, second = opened(client, path), opened(client, path)
    autosave(client, path, {**first, MAIN: THERE})
    answer = autosave(client, path, {**second, MAIN: HERE, "duration": "6_to_12_weeks"})
    assert answer.status_code == 409
    (notice,) = answer.json()["clashes"].values()
    assert HERE in notice
    assert THERE in notice
    assert (saved(MAIN), saved("duration")) == (THERE, "6_to_12_weeks"), "what nobody else touched is kept at once"


@pytest.mark.parametrize(("stands", "kept"), [("here", HERE), ("there", THERE)])
def test_without_a_script_the_page_asks_which_answer_stands(client: Browser, path: str, stands: str, kept: str) -> None:
    first, second = opened(client, path), opened(client, path)
    autosave(client, path, {**first, MAIN: THERE})
    asked = client.post(f"{path}step/1/", {**second, MAIN: HERE, "duration": "6_to_12_weeks"})
    html = asked.content.decode()
    assert asked.status_code == 409
    assert f">\n{HERE}</textarea>" in html, "what was typed here still stands in its field"
    assert THERE in html
    assert f'name="_stands:{MAIN}"' in html
    again = {"_drawn": controls_of(html)["_drawn"], MAIN: HERE, f"_stands:{MAIN}": ""}
    assert client.post(f"{path}step/1/", again).status_code == 409, "going on needs a choice"
    client.post(f"{path}step/1/", {**again, f"_stands:{MAIN}": ["", stands], "_stay": "1"})
    assert saved(MAIN) == kept


def test_without_a_script_what_to_do_stands_above_the_question_which_answer_stands(client: Browser, path: str) -> None:
    first, second = opened(client, path, 6), opened(client, path, 6)
    autosave(client, path, {**first, "flag.ces-bladder": "no"}, 6)
    asked = client.post(f"{path}step/6/", {**second, "flag.ces-bladder": "yes"})
    assert asked.status_code == 409
    html = asked.content.decode()
    assert html.index("Please get medical help now") < html.index('name="_stands:flag.ces-bladder"')


def test_a_choice_counts_only_for_the_answer_it_was_made_about(client: Browser, path: str) -> None:
    first, second = opened(client, path), opened(client, path)
    autosave(client, path, {**first, MAIN: THERE})
    asked = autosave(client, path, {**second, MAIN: HERE}).json()
    drawn = json.dumps({"page": "mine", "prints": asked["prints"]})
    autosave(client, path, {**opened(client, path), MAIN: "Changed once more"})
    answer = autosave(client, path, {"_drawn": drawn, MAIN: HERE, f"_stands:{MAIN}": "here"})
    assert answer.status_code == 409
    assert saved(MAIN) == "Changed once more"


def test_a_page_never_clashes_with_itself_when_an_answer_of_the_server_was_lost(client: Browser, path: str) -> None:
    page = opened(client, path)
    autosave(client, path, {**page, MAIN: "My"})
    assert autosave(client, path, {**page, MAIN: "My hip"}).status_code == 200
    assert autosave(client, path, page).status_code == 200, "back to what it was drawn with counts as well"
    assert saved(MAIN) is None


def test_an_old_tab_that_changed_nothing_overwrites_nothing(client: Browser, path: str) -> None:
    old = opened(client, path)
    autosave(client, path, {**opened(client, path), MAIN: THERE, "duration": "6_to_12_weeks"})
    client.post(f"{path}step/1/", old)
    assert (saved(MAIN), saved("duration")) == (THERE, "6_to_12_weeks")


def test_what_a_page_says_of_itself_may_be_anything(client: Browser, path: str) -> None:
    autosave(client, path, {**opened(client, path), MAIN: THERE})
    for forged in ("", "{", "[]", '{"page": 1, "prints": []}', '{"page": "", "prints": {"a": {}}}', "\0"):
        assert autosave(client, path, {"_drawn": forged, MAIN: HERE}).status_code == 409, forged
    assert client.post(f"{path}step/1/", {"_drawn": "{", MAIN: HERE}).status_code == 409
    assert saved(MAIN) == THERE


def test_rows_of_a_group_are_one_answer(client: Browser, path: str) -> None:
    first, second = opened(client, path), opened(client, path)
    row = {"psfs:rows": "1", "psfs:0/psfs.activity": "Stairs"}
    autosave(client, path, {**first, **row})
    client.post(f"{path}step/1/", {**first, **row, "_add": "psfs"})
    answer = autosave(client, path, {**second, "psfs:rows": "1", "psfs:0/psfs.activity": "Sitting"})
    assert list(answer.json()["clashes"]) == ["psfs"]
    assert saved("psfs:0/psfs.activity") == "Stairs"


def test_a_danger_counts_while_it_is_open_which_answer_stands(client_record: Client) -> None:
    response = draft(client_record)
    section = next(s for s in form_of(response.questionnaire).sections if s.link_id == "safety")
    item = next(each for each in section.walk() if each.code == "ces-bladder")

    def answer(code: str, page: Drawn) -> Saved:
        return save_answers(response=response, section=section, given=Answers({item.link_id: [code]}), drawn=page)

    answer("no", Drawn("one"))
    saved = answer("yes", Drawn("other"))
    assert saved.clashes == {item.link_id}
    assert RedFlag.objects.get().taken_back_at is None
    prints = prints_of(section, saved.answers)
    assert not answer("yes", Drawn("other", prints, {item.link_id: "there"})).clashes
    assert RedFlag.objects.get().taken_back_at is not None


def test_marks_are_alike_whether_they_were_sent_or_kept(client_record: Client) -> None:
    response = draft(client_record)
    section = next(s for s in form_of(response.questionnaire).sections if s.link_id == "map")
    one, other = Answers({}, {"pain-map": [MARK]}), Answers({}, {"pain-map": [MARK]})
    assert prints_of(section, one) == prints_of(section, other) != prints_of(section, Answers())

"""Changes to a form's document leave alone what they do not speak of."""

from copy import deepcopy
from random import Random
from typing import Any

import pytest

from intake.editing import conditions, fields, options, translations
from intake.fhir import read_form
from intake.fhir.checking import check
from intake.ready_forms import BUILDERS
from intake.rules import outline
from tests.intake.fhir.documents import Maker
from tests.intake.forms.conftest import FOREIGN, SLEEP


def ids(document: Any) -> list[str]:
    return [row["linkId"] for row in outline.rows(document)]


def test_a_change_gives_a_new_document_and_leaves_the_old_one() -> None:
    before = deepcopy(SLEEP)
    changed = outline.change(SLEEP, "tired", {"text": "Tired?"})
    assert before == SLEEP
    assert outline.find(changed, "tired")["text"] == "Tired?"
    assert outline.find(changed, "tired")["extension"] == [FOREIGN]
    assert changed["extension"] == [FOREIGN]


def test_a_part_is_added_after_a_question_inside_a_group_or_at_the_end() -> None:
    new = {"linkId": "new", "type": "string", "text": "New"}
    assert ids(outline.add(SLEEP, [new], after="tired")) == ["page", "tired", "new", "why", "hours"]
    assert ids(outline.add(SLEEP, [new], inside="page")) == ["page", "tired", "why", "hours", "new"]
    assert [row["linkId"] for row in outline.add(SLEEP, [new])["item"]] == ["page", "new"]


def test_a_part_moves_by_one_step_and_stays_where_there_is_no_way() -> None:
    assert ids(outline.move(SLEEP, "why", "up")) == ["page", "why", "tired", "hours"]
    assert ids(outline.move(SLEEP, "why", "down")) == ["page", "tired", "hours", "why"]
    assert outline.move(SLEEP, "tired", "up") == SLEEP
    assert outline.move(SLEEP, "tired", "sideways") == SLEEP
    out = outline.move(SLEEP, "tired", "out")
    assert [row["linkId"] for row in out["item"]] == ["page", "tired"]
    assert outline.move(out, "tired", "in")["item"][0]["item"][-1]["linkId"] == "tired"


def test_what_is_removed_takes_its_conditions_along() -> None:
    left = outline.remove(SLEEP, "tired")
    assert ids(left) == ["page", "why", "hours"]
    assert "enableWhen" not in outline.find(left, "why")
    assert [row["linkId"] for row in outline.depending_on(SLEEP, {"tired"})] == ["why"]
    assert "item" not in outline.remove(SLEEP, "page")


@pytest.mark.parametrize("change", [outline.remove, outline.find, lambda d, i: outline.move(d, i, "up")])
def test_an_item_that_is_not_there_is_a_lookup_error(change: Any) -> None:
    with pytest.raises(LookupError):
        change(SLEEP, "nowhere")


def test_a_fresh_link_id_is_none_that_is_taken() -> None:
    drawn = iter(["1", "2"])
    assert outline.fresh_link_id({"item": [{"linkId": "q-1"}]}, lambda: next(drawn)) == "q-2"


@pytest.mark.parametrize("seed", range(12))
def test_any_form_is_edited_without_loss(seed: int) -> None:
    """Saving every item as it is shown changes nothing; moving and moving back neither."""
    document, chance = Maker(seed).questionnaire(), Random(seed)  # noqa: S311
    assert not check(document).is_fatal
    for row in list(outline.rows(document)):
        shown = {name: fields.read(row)[name] for name in fields.names(row)}
        assert fields.write(row, shown) == {}
        assert options.write(row, options.read(row)) == {}
        assert translations.write(row, translations.read(row)) == {}
        ways = [way for way in outline.ways(document, row["linkId"]) if way in {"up", "down"}]
        for way in chance.sample(ways, min(1, len(ways))):
            back = "down" if way == "up" else "up"
            moved = outline.move(document, row["linkId"], way)
            assert moved != document
            assert outline.move(moved, row["linkId"], back) == document


@pytest.mark.parametrize("slug", sorted(BUILDERS))
def test_a_ready_form_is_edited_without_loss(slug: str) -> None:
    document = BUILDERS[slug]()
    form = read_form(document)
    for row in outline.rows(document):
        shown = {name: fields.read(row)[name] for name in fields.names(row)}
        assert fields.write(row, shown) == {}
        assert options.write(row, options.read(row)) == {}
        assert translations.write(row, translations.read(row)) == {}
        item = form.by_link_id[row["linkId"]]
        if len(item.enable_when) <= conditions.MOST:
            whens = conditions.read(form, item)
            assert conditions.write(form, item, whens, any_of_them=item.enable_any) == {}


def test_an_answer_keeps_its_code_when_its_words_change() -> None:
    why = outline.find(SLEEP, "why")
    rows = options.read(why)
    told = [options.Answer("Loud neighbours", at=0), options.Answer("Worry"), options.Answer("Pain", at=1)]
    made = options.write(why, told)["answerOption"]
    codings = [row["valueCoding"] for row in made]
    assert [coding["code"] for coding in codings] == ["noise", "worry", "pain"]
    assert codings[0] == {"system": "https://codes.example", "code": "noise", "display": "Loud neighbours"}
    assert len(rows) == 2


def test_help_under_a_question_is_written_so_that_other_tools_read_it() -> None:
    row = outline.find(SLEEP, "hours")
    changed = outline.change(SLEEP, "hours", fields.write(row, {"help": "At night."}))
    assert read_form(changed).by_link_id["hours"].flyover == "At night."
    again = outline.find(changed, "hours")
    assert outline.change(changed, "hours", fields.write(again, {"help": ""})) == SLEEP

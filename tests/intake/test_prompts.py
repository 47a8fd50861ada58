"""Prompts for the therapist: chosen by quality and side, nothing serious left out, never seen by a client."""

import time

import pytest
from django.test import Client as Browser

from clinic.messaging import links
from clinic.people.models import Client
from intake.figures import drawn, overlay_of, span_of
from intake.form_cache import form_of
from intake.knowledge import source
from intake.models import Response, Structure
from intake.rules import Mark, match_structures
from intake.rules.structures import is_never_left_out
from intake.services import invite, open_drafts
from tests.intake.factories import fill, harmless_answers, with_flags
from treatments.reads.prompts import Choice, prompts_for

MARKS = [
    Mark("lateral-hip", "right", ("aching",), 6),
    Mark("groin", "left", ("burning",), 4),
    Mark("posterior-calf", "right", ("burning",), 3),
    Mark("sacrum", "midline", ("aching",), 2),
]


@pytest.fixture
def structures(db: None) -> list[Structure]:
    return list(Structure.objects.current())


def codes(structures: list[Structure], **choice: str) -> set[str]:
    return {match.structure.code for match in match_structures(MARKS, structures, **choice)}


def test_a_side_looks_at_its_marks_and_those_in_the_middle(structures: list[Structure]) -> None:
    left = {match.structure.code: match.regions for match in match_structures(MARKS, structures, side="left")}
    muscles = {code: regions for code, regions in left.items() if not code.startswith("nerve-root")}
    assert not {"lateral-hip", "posterior-calf"} & {
        region
        for code, regions in muscles.items()
        for region in regions
        if not is_never_left_out(next(one for one in structures if one.code == code))
    }
    assert "gluteus-minimus-anterior" in codes(structures)
    assert "gluteus-minimus-anterior" not in codes(structures, side="left")


def test_a_quality_looks_at_the_marks_that_feel_so(structures: list[Structure]) -> None:
    burning = codes(structures, quality="burning")
    assert burning < codes(structures)
    only = [mark for mark in MARKS if "burning" in mark.qualities]
    serious = {one.code for one in structures if is_never_left_out(one)}
    assert burning - serious == {match.structure.code for match in match_structures(only, structures)} - serious


@pytest.mark.parametrize("choice", [{"side": "left"}, {"side": "right"}, {"quality": "burning"}, {"quality": "cold"}])
def test_organs_vessels_and_nerve_roots_stay_whatever_is_chosen(
    structures: list[Structure], choice: dict[str, str]
) -> None:
    serious = {one.code for one in structures if is_never_left_out(one)}
    assert {"deep-leg-veins", "appendix", "nerve-root-l5"} <= serious
    assert serious & codes(structures, **choice) == serious & codes(structures)


def test_only_what_is_marked_can_be_chosen(db: None) -> None:
    choice = Choice.of(MARKS, {"quality": "stabbing", "side": "midline"})
    assert (choice.quality, choice.side) == ("", "")
    assert [code for code, _label in choice.qualities] == ["aching", "burning"]
    assert [side for side, _label in choice.sides] == ["left", "right"]
    assert Choice.of(MARKS, {"quality": "burning", "side": "left"}).quality == "burning"


def test_prompts_for_twelve_regions_take_little_time(structures: list[Structure]) -> None:
    regions = sorted({region for one in structures for region in one.data.get("local_regions") or ()})[:12]
    marks = [Mark(region, "right") for region in regions]
    prompts_for(marks)
    began = time.process_time()
    prompts_for(marks)
    assert time.process_time() - began < 0.03


def test_levels_of_the_skin_are_labels_of_the_regions(db: None) -> None:
    labels = {words for _x, _y, words in overlay_of(drawn(MARKS, "back"), MARKS).labels}
    assert "S1–3" in labels
    assert span_of(["L5", "S1"]) == "L5 S1"
    assert span_of(["L1", "L2", "L4"]) == "L1–2 L4"
    assert overlay_of(drawn(MARKS, "back"), MARKS).sides == "left right"


def labels_in(page: str) -> set[str]:
    """Structures that a page names. A place may be called by what lies there ("sacroiliac joint area")."""
    places = " ".join(region["label"] for region in source.entries("regions")).casefold()
    labels = {label for label in Structure.objects.values_list("label", flat=True) if label.casefold() not in places}
    return {label for label in labels if label.casefold() in page.casefold()}


def test_no_page_of_a_form_names_a_structure(client: Browser, client_record: Client) -> None:
    invitation, _token = invite(client=client_record, forms=["first-visit"], by=None)
    (response,) = open_drafts(invitation=invitation)
    answers = with_flags(harmless_answers(), form_of(response.questionnaire), ces_saddle="yes")
    answers.put_marks("pain-map", MARKS)
    fill(response, answers)
    path = links.path_of(invitation.link)
    client.post(path, {"born_on": client_record.born_on.isoformat()})
    total = len(form_of(response.questionnaire).sections)
    pages = [path, f"{path}advice/?after=1", f"{path}done/", *(f"{path}step/{n}/" for n in range(1, total + 1))]
    for address in pages:
        page = client.get(address, follow=True).content.decode()
        assert not labels_in(page), address
        assert "data-dermatome" not in page
        assert 'class="structures"' not in page
    assert Response.objects.get().status == "draft"

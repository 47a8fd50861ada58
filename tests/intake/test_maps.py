"""The pain map for staff: figures, comparison, the slider's page, drawing by staff."""

import datetime as dt
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Client, User
from intake import body_map
from intake.body_map import place_name
from intake.body_map_form import form_context
from intake.fhir import Kind, read_form
from intake.figures import drawn, views_for
from intake.map_fields import marks_in
from intake.models import PainDrawing, PainMark
from intake.ready_forms import BUILDERS
from intake.rules import Mark
from intake.rules.comparing import changes, sentence
from intake.rules.shapes import anchor_of, arrow_path, contains, outlines_of
from intake.rules.strokes import parse
from intake.staff_map import map_item

ARROWS = json.loads((Path(__file__).parents[1] / "js" / "arrow-cases.json").read_text())
REGIONS = "lateral-hip groin buttock-lower buttock-upper posterior-thigh lateral-thigh knee-lateral posterior-calf"
TWELVE = [f"{region}.right" for region in (*REGIONS.split(), "lateral-calf", "foot-dorsum", "lumbar")] + ["sacrum"]
HIP, CALF, GROIN = "lateral-hip", "posterior-calf", "groin"


def draw_map(client: Client, *marks: Mark, days_ago: int = 0) -> PainDrawing:
    drawing = PainDrawing.objects.create(client=client, drawn_at=clock.now() - dt.timedelta(days=days_ago))
    for mark in marks:
        PainMark.objects.create(
            drawing=drawing,
            region=mark.region,
            side=mark.side,
            qualities=list(mark.qualities),
            intensity=mark.intensity,
            spreads_to=mark.spreads_to,
        )
    return drawing


@pytest.fixture
def signed_in(client: Browser, therapist: User) -> Browser:
    client.force_login(therapist)
    return client


@pytest.fixture
def two_visits(client_record: Client) -> list[PainDrawing]:
    return [
        draw_map(client_record, Mark(HIP, "right", ("aching",), 7), Mark(CALF, "right", (), 5), days_ago=14),
        draw_map(client_record, Mark(HIP, "right", ("aching",), 3), days_ago=1),
    ]


@pytest.mark.parametrize("case", ARROWS)
def test_arrows_are_drawn_at_the_server_as_in_the_browser(case: dict) -> None:
    assert arrow_path(tuple(case["from"]), tuple(case["to"]), case["middle"]) == case["path"]


def test_every_anchor_lies_inside_its_region() -> None:
    for view in body_map.views().values():
        for key, path in view.regions.items():
            assert any(contains(outline, anchor_of(path)) for outline in outlines_of(path)), (view.name, key)


def test_what_changed_is_one_sentence() -> None:
    before = [Mark(CALF, "right", (), 5), Mark(HIP, "right", (), 7, spreads_to="lateral-thigh.right")]
    now = [Mark(HIP, "right", (), 3), Mark(GROIN, "left", (), 4), Mark("sacrum")]
    words = sentence(changes(now, before, qualities={}), place=body_map.place_words)
    assert words == (
        "gone from the right calf; right outer hip 7 → 3; new in the left groin crease, 4; new in the sacrum; "
        "no longer runs to the right outer thigh"
    )


def test_nothing_changed_is_no_sentence() -> None:
    marks = [Mark(HIP, "right", (), 7)]
    assert sentence(changes(marks, marks, qualities={}), place=body_map.place_words) == ""


def test_the_fewest_views_that_show_every_mark_are_chosen() -> None:
    assert views_for([]) == ["front"]
    marks = [Mark("sacrum"), Mark("knee-anterior", "left"), Mark("foot-sole", "left")]
    assert sorted(views_for(marks)) == ["back", "front", "soles"], "from behind, a sole is an edge"
    every = [Mark(*key.split(".")) if "." in key else Mark(key) for key in body_map.all_keys()]
    shown = {key for view in views_for(every) for key in body_map.views()[view].regions}
    assert shown == body_map.all_keys()


@pytest.mark.parametrize(
    ("keys", "view"),
    [
        (["lateral-hip.right"], "right"),  # from the front a sliver
        (["lateral-hip.left", "lateral-thigh.left"], "left"),
        (["lateral-hip.right", "sacroiliac.right"], "back"),
        (["groin.right", "lateral-hip.right"], "right"),
        (["foot-sole.left"], "soles"),
        ([], "front"),
    ],
)
def test_one_view_is_the_one_in_which_most_of_the_marks_is_seen(keys: list[str], view: str) -> None:
    assert body_map.best_view(Mark(*key.split(".")) for key in keys) == view


def test_the_view_shows_where_it_hurts_now_whatever_hurt_before():
    right, left = [Mark("lateral-hip", "right")], [Mark("lateral-hip", "left"), Mark("lateral-thigh", "left")]
    assert body_map.best_view(right, left) == body_map.best_view(right) != body_map.best_view(left)


def test_where_pain_runs_to_is_an_arrow_on_the_figure() -> None:
    figure = drawn([Mark(HIP, "right", (), 7, spreads_to="lateral-calf.right")], "right")
    assert [patch.is_spread for patch in figure.patches] == [True, False]
    assert len(figure.arrows) == 1
    assert drawn([Mark(HIP, "right", (), 7, spreads_to="foot-sole.right")], "front").arrows == ()


def test_two_visits_stand_beside_each_other_with_what_changed(
    signed_in: Browser, client_record: Client, two_visits: list[PainDrawing]
) -> None:
    page = signed_in.get(reverse("intake:client-maps", args=[client_record.pk])).content.decode()
    assert "Gone from the right calf; right outer hip 7 → 3." in page
    assert page.count("data-visit ") == 2
    assert Event.objects.filter(action="drawing.listed", client_id=client_record.pk).count() == 1


def test_any_two_visits_can_be_chosen_and_nonsense_chooses_the_first_and_the_last(
    signed_in: Browser, client_record: Client, two_visits: list[PainDrawing]
) -> None:
    middle = draw_map(client_record, Mark(GROIN, "left", (), 2), days_ago=7)
    path = reverse("intake:client-maps", args=[client_record.pk])
    pair = signed_in.get(path, {"before": str(middle.pk)}).context["pair"]
    assert (pair.before.drawing, pair.now.drawing) == (middle, two_visits[1])
    pair = signed_in.get(path, {"before": "x'", "now": str(client_record.pk)}).context["pair"]
    assert (pair.before.drawing, pair.now.drawing) == (two_visits[0], two_visits[1])


def test_a_client_without_a_drawing_or_with_one_has_a_page_too(signed_in: Browser, client_record: Client) -> None:
    path = reverse("intake:client-maps", args=[client_record.pk])
    assert "Nothing marked yet" in signed_in.get(path).content.decode()
    draw_map(client_record, Mark(HIP, "right", (), 7))
    assert "nothing to compare with yet" in signed_in.get(path).content.decode()


def test_the_maps_of_thirty_visits_take_as_many_queries_as_those_of_three(
    signed_in: Browser, client_record: Client
) -> None:
    path = reverse("intake:client-maps", args=[client_record.pk])
    counts = []
    for total in (3, 30):
        while PainDrawing.objects.count() < total:
            draw_map(client_record, Mark(HIP, "right", (), 7), days_ago=PainDrawing.objects.count())
        signed_in.get(path)
        with CaptureQueriesContext(connection) as taken:
            signed_in.get(path)
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_a_map_with_twelve_marks_renders_each_sheet_from_text_and_takes_little_longer_than_an_empty_one() -> None:
    (item,) = read_form(BUILDERS["first-visit"]()).of_kind(Kind.PAIN_MAP)
    marks = [Mark(key.split(".")[0], key.partition(".")[2] or "midline", ("burning",), 7) for key in TWELVE]

    def render(shown: list[Mark]) -> str:
        question = {"item": item, "extra": form_context(item, shown)}
        return render_to_string("intake/questions/pain_map.html", {"question": question})

    render(marks)
    began = time.process_time()
    page = render(marks)
    assert time.process_time() - began < 0.06
    assert page.count('<section class="sheet" data-mark="') == 13  # with the one to copy
    for key in TWELVE:
        assert f'name="pain-map.quality.{key}" value="burning" checked>' in page
        assert f'name="pain-map.intensity.{key}" value="7" checked>' in page
        assert f'name="pain-map.region" value="{key}"' in page
    assert page.count('value="aching" checked') == 0
    assert "\0" not in page


def test_what_a_mark_says_is_checked_in_its_sheet_and_nothing_else() -> None:
    (item,) = read_form(BUILDERS["first-visit"]()).of_kind(Kind.PAIN_MAP)
    mark = Mark(HIP, "right", ("electric",), 4, "constant", "sacrum")
    (sheet,) = form_context(item, [mark])["sheets"]
    inputs = re.findall(r'name="([^"]+)" value="([^"]*)"[^>]* checked', sheet)
    assert inputs == [
        ("pain-map.quality.lateral-hip.right", "electric"),
        ("pain-map.intensity.lateral-hip.right", "4"),
        ("pain-map.spread.lateral-hip.right", "other"),
        ("pain-map.course.lateral-hip.right", "constant"),
    ]
    assert 'name="pain-map.elsewhere.lateral-hip.right" value="Sacrum' in sheet
    assert 'data-key="sacrum"' in sheet
    assert '<details class="more" open>' in sheet


def test_text_of_a_mark_is_never_markup_in_its_sheet() -> None:
    (item,) = read_form(BUILDERS["first-visit"]()).of_kind(Kind.PAIN_MAP)
    (sheet,) = form_context(item, [Mark(HIP, "right", ("<b>",), 4, '"><i>', '"><img>')])["sheets"]
    assert not re.search("<(b|i|img)>", sheet)


def posted(**changes: object) -> dict[str, object]:
    """A map as a browser sends it: the outer hip, burning, 7, running to the calf."""
    hip = "lateral-hip.right"
    return {
        "pain-map.region": [hip],
        f"pain-map.quality.{hip}": ["burning", "aching"],
        f"pain-map.intensity.{hip}": "7",
        f"pain-map.course.{hip}": "constant",
        f"pain-map.spread.{hip}": "other",
        f"pain-map.elsewhere.{hip}": "posterior-calf.right",
        **changes,
    }


def test_a_therapist_marks_the_map_with_a_client(
    signed_in: Browser, client_record: Client, therapist: User, two_visits: list[PainDrawing]
) -> None:
    path = reverse("intake:map-create", args=[client_record.pk])
    assert "data-dense" in signed_in.get(path).content.decode()
    answer = signed_in.post(path, posted())
    assert answer.url == reverse("intake:client-maps", args=[client_record.pk])
    drawing = PainDrawing.objects.for_client(client_record)[0]
    assert drawing.drawn_by == therapist
    (mark,) = drawing.marks.all()
    kept = (mark.key, mark.qualities, mark.intensity, mark.course, mark.spreads_to, mark.stroke)
    assert kept == ("lateral-hip.right", ["burning", "aching"], 7, "constant", "posterior-calf.right", None)
    assert Event.objects.filter(action="drawing.made", client_id=client_record.pk).count() == 1
    assert "marked with Amina Osei" in signed_in.get(answer.url).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"pain-map.region": []},
        {"pain-map.region": ["third-leg.right"]},
        {"pain-map.region": ["lateral-hip.right"] * 9_000 + ["lateral-hip.middle"]},
        {"pain-map.intensity.lateral-hip.right": "11"},
        {"pain-map.intensity.lateral-hip.right": "٧"},
        {"pain-map.quality.lateral-hip.right": ["<script>"]},
        {"pain-map.elsewhere.lateral-hip.right": "third-leg.right"},
        {"pain-map.stroke.lateral-hip.right": '{"view":"front","lines":[["a"]]}'},
    ],
)
def test_a_map_that_cannot_be_read_is_refused_in_words(
    signed_in: Browser, client_record: Client, wrong: dict[str, object]
) -> None:
    answer = signed_in.post(reverse("intake:map-create", args=[client_record.pk]), posted(**wrong))
    assert answer.status_code in {400, 422}
    assert not PainDrawing.objects.exists()


def test_the_desk_draws_no_map_and_nobody_draws_for_a_client_elsewhere(
    client: Browser, client_record: Client, front_desk: User, stranger: User
) -> None:
    path = reverse("intake:map-create", args=[client_record.pk])
    for user, status in ((front_desk, 403), (stranger, 404)):
        client.force_login(user)
        assert client.post(path, posted()).status_code == status
    assert not PainDrawing.objects.exists()


def test_while_marking_structures_are_listed_and_nothing_is_kept(signed_in: Browser, client_record: Client) -> None:
    path = reverse("treatments:map-prompts")
    page = signed_in.post(path, posted()).content.decode()
    assert "Gluteus medius" in page
    assert "Prompts, not a diagnosis." in page
    assert signed_in.post(path, posted(**{"pain-map.region": ["third-leg"]})).status_code == 422
    assert not PainDrawing.objects.exists()


def test_a_line_drawn_by_hand_is_kept_with_its_place_and_shown_again(signed_in: Browser, client_record: Client) -> None:
    stroke = '{"view":"back","lines":[[10,20,30,40]]}'
    data = posted(**{"pain-map.stroke.lateral-hip.right": stroke})
    path = reverse("intake:map-create", args=[client_record.pk])
    signed_in.post(path, data)
    (mark,) = PainDrawing.objects.get().marks.all()
    assert mark.stroke == {"view": "back", "lines": [[10, 20, 30, 40]]}
    assert drawn([mark], "back").strokes == ("M10 20L30 40",)
    (item,) = read_form(BUILDERS["first-visit"]()).of_kind(Kind.PAIN_MAP)
    kept = Mark(HIP, "right", stroke=parse(stroke))
    (sheet,) = form_context(item, [kept], is_dense=True)["sheets"]
    assert 'value="{&quot;view&quot;:&quot;back&quot;,&quot;lines&quot;:[[10,20,30,40]]}" data-stroke' in sheet
    assert "data-stroke" in form_context(item, [])["blank"], "and clients may draw as well"
    (older,) = read_form(without_strokes(BUILDERS["first-visit"]())).of_kind(Kind.PAIN_MAP)
    assert "data-stroke" not in form_context(older, [kept])["sheets"][0], "a form from before has no place for it"


def without_strokes(document: dict[str, Any]) -> dict[str, Any]:
    sections = [section for section in document["item"] if section["linkId"] == "map"]
    for section in sections:
        for item in section["item"]:
            item["item"] = [part for part in item.get("item", ()) if not part["linkId"].endswith(".stroke")]
    return document | {"item": sections}


def test_where_pain_spreads_to_may_be_named_in_words_where_no_script_lists_the_places() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"pain-map.region": "groin.left", "pain-map.spread.groin.left": "other"})
    for words in ("heel.left", "Heel, left", " heel, LEFT "):
        sent["pain-map.elsewhere.groin.left"] = words
        assert [mark.spreads_to for mark in marks_in(map_item(), sent)] == ["heel.left"], words
    sent["pain-map.elsewhere.groin.left"] = "the third leg"
    with pytest.raises(ValueError, match="choose from the list"):
        marks_in(map_item(), sent)


def test_the_page_of_a_map_points_at_the_drawings_and_repeats_no_list_for_each_mark() -> None:
    marks = [Mark("heel", "left", spreads_to="groin.left"), Mark("groin", "left"), Mark("sacrum")]
    parts = form_context(map_item(), marks)
    assert "body-map.svg#front-seams" in parts["drawings"]
    assert len(parts["drawings"]) < 6_000
    assert all(len(sheet) < 10_000 for sheet in parts["sheets"])
    assert f'value="{place_name("groin.left")}"' in parts["sheets"][0]

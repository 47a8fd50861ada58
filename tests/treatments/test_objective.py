"""What was found, as a browser without a script sends it: kept, compared with the last visit, refused in words."""

from typing import Any

import pytest
from django.test import Client as Browser

from clinic.people.models import User
from tests.treatments.browsing import typed, url
from treatments.models import Finding, SessionNote, WordUse
from treatments.rules.spots import spot_of_region

SPOT = spot_of_region("buttock-upper.right")
assert SPOT is not None
END = spot_of_region("posterior-thigh.right")
assert END is not None
COUNTS = {"TOTAL_FORMS": "2", "INITIAL_FORMS": "0"}
ROWS = {f"{part}-{name}": n for part in ("strength", "tests", "points", "palpation") for name, n in COUNTS.items()}
FOUND = {
    "rom-lumbar-flexion-none": "50",
    "rom-hip-flexion-right": "112",
    "rom-hip-flexion-right-remark": "firm end feel",
    "strength-0-code": "hip-abduction",
    "strength-0-right": "4.5",
    "strength-0-left": "5",
    "tests-0-code": "fadir",
    "tests-0-side": "right",
    "tests-0-result": "yes",
    "points-0-code": "gluteus-medius",
    "points-0-side": "left",
    "points-0-spot": f'{{"view":"back","x":{SPOT.x},"y":{SPOT.y},"to":{{"x":{END.x},"y":{END.y}}}}}',
    "points-0-place": SPOT.region,
    "points-0-refers_to": END.region,
    "points-0-tenderness": "3",
    "palpation-0-code": "piriformis",
    "palpation-0-side": "right",
    "palpation-0-texture": "taut-band",
    "legs-right": "880",
    "legs-left": "872",
    "gait-words": ["short-on-right", "leans-right"],
    "gait-remark": "after 200 m",
    "posture-remark": "",
}


def post(browser: Browser, note: SessionNote, **fields: Any) -> Any:
    note = SessionNote.objects.get(pk=note.pk)
    return browser.post(url("note-save", note.pk), typed(note, action="save") | ROWS | fields)


def test_every_part_is_kept_and_read_again(signed_in: Browser, draft: SessionNote) -> None:
    assert post(signed_in, draft, **FOUND).status_code == 302
    rows = {(row.kind, row.code, row.side): row for row in draft.findings.all()}
    assert rows["range_of_motion", "hip-flexion", "right"].comment == "firm end feel"
    assert rows["range_of_motion", "lumbar-flexion", "none"].angle_degrees == 50
    assert rows["strength", "hip-abduction", "right"].strength_grade == 4.5
    assert rows["special_test", "fadir", "right"].is_positive
    assert rows["palpation", "piriformis", "right"].texture == "taut-band"
    assert {code for kind, code, _side in rows if kind == "gait"} == {"short-on-right", "leans-right", ""}
    point = rows["trigger_point", "gluteus-medius", "right"]  # the place has a side of its own
    assert point.refers_to == END.region
    assert point.spot == {"view": "back", "x": SPOT.x, "y": SPOT.y, "to": {"x": END.x, "y": END.y}}
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    for words in ("right 8 mm longer", "Positive when: Groin pain the client knows.", "checked>Short on the right leg"):
        assert words in page
    assert post(signed_in, draft, **FOUND).status_code == 302
    assert {row.pk for row in draft.findings.all()} == {row.pk for row in rows.values()}


def test_a_part_that_was_not_sent_stays_as_it_is(signed_in: Browser, draft: SessionNote) -> None:
    post(signed_in, draft, **FOUND)
    before = set(draft.findings.exclude(kind="range_of_motion").values_list("pk", flat=True))
    note = SessionNote.objects.get(pk=draft.pk)
    body = {"version": note.version, "episode": note.episode_id, "action": "save", "tests-TOTAL_FORMS": "x"}
    answer = signed_in.post(url("note-save", note.pk), body)
    assert answer.status_code == 422  # no list of tests can be read from that
    assert set(draft.findings.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("rom-hip-flexion-right", "720", "less than or equal to 180"),
        ("rom-hip-flexion-right-remark", "x" * 201, "at most 200 characters"),
        ("strength-0-right", "6", "less than or equal to 5"),
        ("strength-0-right", "4+", "Enter a number"),
        ("strength-0-right", "NaN", "Enter a number"),
        ("strength-0-code", "no-such-movement", "not one of the available choices"),
        ("tests-0-code", "<script>", "not one of the available choices"),
        ("tests-0-side", "middle", "not one of the available choices"),
        ("points-0-code", "no-such-structure", "not one of the available choices"),
        ("points-0-spot", '{"view":"back","x":2,"y":2}', "could not be read"),
        ("points-0-spot", "{", "could not be read"),
        ("points-0-place", "atlantis", "not one of the available choices"),
        ("points-0-tenderness", "-1", "not one of the available choices"),
        ("palpation-0-texture", "crunchy", "not one of the available choices"),
        ("legs-left", "20", "greater than or equal to 400"),
        ("gait-words", ["limps"], "not one of the available choices"),
        ("tests-TOTAL_FORMS", "10000", "at most 60"),
    ],
)
def test_a_wrong_value_is_named_beside_it_and_the_rest_is_saved(
    signed_in: Browser, draft: SessionNote, name: str, value: Any, words: str
) -> None:
    post(signed_in, draft, **FOUND)
    before = {(row.kind, row.code, row.side) for row in draft.findings.all()}
    answer = post(signed_in, draft, **(FOUND | {name: value, "rom-hip-extension-left": "12"}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page[page.index('id="objective"') :]
    after = {(row.kind, row.code, row.side) for row in draft.findings.all()}
    assert ("range_of_motion", "hip-extension", "left") in after
    lost = {kind for kind, _code, _side in before - after}
    assert len(lost) <= 1  # a row without what it is about cannot be kept; a row with a wrong value is
    if name.endswith(("-right", "-remark", "-left")):
        assert not lost


def test_a_value_with_an_error_stays_as_it_was_stored(signed_in: Browser, draft: SessionNote) -> None:
    post(signed_in, draft, **FOUND)
    post(signed_in, draft, **(FOUND | {"rom-hip-flexion-right": "1125", "strength-0-right": "45"}))
    assert draft.findings.get(code="hip-flexion").angle_degrees == 112
    assert draft.findings.get(code="hip-abduction", side="right").strength_grade == 4.5


def test_the_second_of_two_equal_rows_says_so_and_the_first_is_kept(signed_in: Browser, draft: SessionNote) -> None:
    twice = {"tests-1-code": "fadir", "tests-1-side": "right", "tests-1-result": "no"}
    answer = post(signed_in, draft, **(FOUND | twice))
    assert answer.status_code == 422
    assert "#id_tests-1-code" in answer.content.decode()
    assert draft.findings.get(kind="special_test").is_positive


def test_the_last_visit_and_the_error_of_measurement_stand_beside_a_value(
    signed_in: Browser, found_before: SessionNote, draft: SessionNote
) -> None:
    post(signed_in, draft, **{"rom-hip-flexion-right": "119", "rom-hip-flexion-left": "121"})
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    assert '<i title="Within the error of measurement">≈ +7</i>' in page
    assert '<b data-real title="More than the error of measurement">+11</b>' in page
    assert 'value="copy:points"' in page


def test_tests_of_the_condition_stand_first_then_those_used_most(
    signed_in: Browser, draft: SessionNote, therapist: User
) -> None:
    assert draft.episode is not None
    WordUse.objects.create(
        therapist=therapist, condition=draft.episode.condition, kind=Finding.Kind.SPECIAL_TEST, code="squat", uses=3
    )
    page = signed_in.get(url("note-edit", draft.pk)).content.decode()
    groups = [page.index(f'<optgroup label="{name}') for name in ("For Greater", "What you use most", "All tests")]
    assert groups == sorted(groups)
    assert groups[0] < page.index('<option value="trochanter-palpation"') < groups[1]
    assert groups[1] < page.index('<option value="squat"') < groups[2]


def test_the_knowledge_of_every_test_stands_on_one_page_with_its_sources(signed_in: Browser) -> None:
    page = signed_in.get(url("about-tests")).content.decode()
    assert page.count('class="about-test"') == 33
    assert 'id="test-slr"' in page
    assert "sensitivity 0.875, specificity 0.429" in page

"""What was found, through the API: placed and worded as on the page."""

from intake.models import Structure
from tests.treatments.api.conftest import Caller
from treatments.models import SessionNote
from treatments.rules.spots import Spot, spot_of_region

FLEXION = {"kind": "range_of_motion", "code": "hip-flexion", "side": "right", "angle_degrees": 112}


def test_a_trigger_point_is_placed_on_the_map_as_on_the_page(
    call: Caller, draft: SessionNote, structure: Structure
) -> None:
    path = f"notes/{draft.pk}/"
    here, there = spot_of_region("buttock-upper.right"), spot_of_region("posterior-thigh.right")
    assert here is not None
    assert there is not None
    spot = Spot("back", here.x, here.y, there.at).as_json()
    point = {"kind": "trigger_point", "code": structure.code, "spot": spot}
    saved = call("PATCH", path, {"findings": [point]}, draft.version)[1]
    row = saved["findings"][0]
    assert (row["spot"], row["side"], row["refers_to"]) == (spot, "right", "posterior-thigh.right")
    again = call("PATCH", path, {"findings": saved["findings"]}, saved["version"])[1]
    assert again["findings"] == saved["findings"]
    silent = {"kind": "trigger_point", "code": structure.code, "side": "right"}
    kept = call("PATCH", path, {"findings": [{**silent, "tenderness_grade": 2}]}, again["version"])[1]
    assert kept["findings"][0]["spot"] == spot
    gone = call("PATCH", path, {"findings": [{**silent, "spot": None}]}, kept["version"])[1]
    assert gone["findings"][0]["spot"] is None
    for wrong in (
        *({**point, "spot": bad} for bad in (7, "back", [], {}, {"view": "inside", "x": 560, "y": 900})),
        *({**point, "spot": {**spot, **bad}} for bad in ({"x": 2, "y": 2}, {"x": 10**400}, {"to": 7}, {"more": 1})),
        {**point, "side": "left"},
        {**FLEXION, "spot": spot},
    ):
        assert call("PATCH", path, {"findings": [wrong]}, gone["version"])[0] == 400, wrong


def test_gait_posture_and_leg_length_have_the_words_of_the_page(call: Caller, draft: SessionNote) -> None:
    path = f"notes/{draft.pk}/"
    rows = [
        {"kind": "gait", "code": "short-on-right"},
        {"kind": "gait", "code": "", "comment": "Faster than last time"},
        {"kind": "posture", "code": "level"},
        {"kind": "leg_length", "code": "leg-length-measure", "side": "left", "length_mm": 902},
    ]
    status, saved = call("PATCH", path, {"findings": rows}, draft.version)
    assert (status, {row["code"] for row in saved["findings"]}) == (200, {row["code"] for row in rows})
    assert call("PATCH", path, {"findings": saved["findings"]}, saved["version"])[0] == 200
    for wrong in (
        {"kind": "gait", "code": "level"},
        {"kind": "gait", "code": ""},
        {"kind": "posture", "code": "wings"},
        {"kind": "leg_length", "code": "hip-flexion", "length_mm": 902},
        {"kind": "palpation", "code": "", "comment": "x"},
    ):
        assert call("PATCH", path, {"findings": [wrong]}, saved["version"])[0] == 400, wrong

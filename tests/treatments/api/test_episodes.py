"""Episodes, hypotheses, scores and exercises through the API."""

from typing import Any

import pytest

from clinic.people.models import Client, Location, User
from intake.models import Condition, Exercise, PainDrawing
from tests import factories
from tests.treatments.api.conftest import Caller
from treatments.models import Adherence, Episode, Hypothesis, Prescription, SessionNote
from treatments.services import open_episode, prescribe


@pytest.fixture
def opening(client_record: Client, condition: Condition, location: Location) -> dict[str, Any]:
    return {
        "client": str(client_record.pk),
        "condition": str(condition.pk),
        "location": str(location.pk),
        "side": "right",
        "onset_on": "2026-03-01",
        "planned_sessions": 6,
    }


def test_an_episode_is_opened_closed_and_opened_again(call: Caller, opening: dict[str, Any]) -> None:
    status, episode = call("POST", "episodes/", opening)
    assert (status, episode["side"], episode["planned_sessions"]) == (201, "right", 6)
    assert call("POST", "episodes/", opening)[1]["code"] == "episode-open"
    path = f"episodes/{episode['id']}/"
    assert call("POST", f"{path}close/", {"reason": "bored"})[0] == 400
    status, closed = call("POST", f"{path}close/", {"reason": "discharged"})
    assert (status, closed["close_reason"]) == (200, "discharged")
    assert call("POST", f"{path}close/", {"reason": "discharged"})[1]["code"] == "episode-closed"
    assert [row["id"] for row in call("GET", "episodes/?state=closed")[1]["results"]] == [episode["id"]]
    assert call("GET", "episodes/?state=open")[1]["results"] == []
    status, again = call("POST", f"{path}reopen/")
    assert (status, again["closed_at"]) == (200, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client": "x"},
        {"side": "upside"},
        {"onset_on": "2999-01-01"},
        {"onset_on": "0001-01-01"},
        {"planned_sessions": 900},
        {"planned_sessions": -1},
        {"mechanism": "x" * 201},
        {"opened_at": "2020-01-01T00:00:00Z"},
        {"therapist": "x"},
        {"closed_at": None},
    ],
    ids=repr,
)
def test_an_impossible_episode_is_not_opened(call: Caller, opening: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert call("POST", "episodes/", opening | wrong)[0] == 400
    assert not Episode.objects.exists()


def test_a_hypothesis_is_stated_and_stays(call: Caller, episode: Episode, condition: Condition) -> None:
    body = {"episode": str(episode.pk), "condition": str(condition.pk), "confidence_percent": 70, "reason": "Palpation"}
    status, stated = call("POST", "hypotheses/", body)
    assert (status, stated["confidence_percent"]) == (201, 70)
    for wrong in ({"confidence_percent": 101}, {"condition": "x"}, {"stated_by": "x"}, {"note": None}):
        assert call("POST", "hypotheses/", body | wrong)[0] == 400
    assert [row["id"] for row in call("GET", f"hypotheses/?episode={episode.pk}")[1]["results"]] == [stated["id"]]
    assert call("GET", "hypotheses/")[0] == 400
    for verb in ("PUT", "PATCH", "DELETE"):
        assert call(verb, f"hypotheses/{stated['id']}/", {"confidence_percent": 1})[0] == 405
    assert Hypothesis.objects.get().confidence_percent == 70


def test_an_episode_is_changed_while_it_is_open(call: Caller, episode: Episode) -> None:
    path = f"episodes/{episode.pk}/"
    status, changed = call("PATCH", path, {"mechanism": "Fell on ice", "reassess_at_session": 4})
    assert (status, changed["mechanism"], changed["side"]) == (200, "Fell on ice", "right")
    for wrong in (
        {"client": "x"},
        {"opened_at": "x"},
        {"reassess_at_session": 900},
        {"side": None},
        {"closed_at": None},
    ):
        assert call("PATCH", path, wrong)[0] == 400
    assert call("PATCH", path, {"icd10cm_code": "Z99"})[1]["code"] == "unknown-code"
    call("POST", f"{path}close/", {"reason": "gap"})
    assert call("PATCH", path, {"mechanism": "x"})[1]["code"] == "episode-closed"


def test_goals_are_named_aimed_and_dropped(call: Caller, episode: Episode) -> None:
    status, goal = call("POST", "goals/", {"episode": str(episode.pk), "activity": "Climb stairs"})
    assert (status, goal["target_rating"], goal["ratings"]) == (201, None, [])
    assert call("POST", "goals/", {"episode": str(episode.pk), "activity": "climb  stairs"})[1]["code"] == "goal-there"
    assert call("PATCH", f"goals/{goal['id']}/", {"target_rating": 9})[1]["target_rating"] == 9
    for wrong in ({}, {"target_rating": 11}, {"activity": "Run"}):
        assert call("PATCH", f"goals/{goal['id']}/", wrong)[0] == 400
    assert call("DELETE", f"goals/{goal['id']}/")[0] == 204
    assert call("GET", f"goals/?episode={episode.pk}")[1][0]["dropped_at"]
    assert call("POST", f"episodes/{episode.pk}/adopt-goals/")[1]["code"] == "no-activities"


def test_a_letter_is_written_for_good(call: Caller, episode: Episode) -> None:
    body = {"episode": str(episode.pk), "to_name": "Dr Ash", "body": "Please see him.", "urgency": "soon"}
    status, letter = call("POST", "referrals/", body)
    assert (status, letter["urgency"]) == (201, "soon")
    for wrong in ({"urgency": "now"}, {"body": ""}, {"body": "x" * 20_001}, {"to_name": None}, {"written_by": "x"}):
        assert call("POST", "referrals/", body | wrong)[0] == 400
    for verb in ("PUT", "PATCH", "DELETE"):
        assert call(verb, f"referrals/{letter['id']}/", {"body": "Other"})[0] == 405
    assert call("GET", f"referrals/{letter['id']}/")[1]["body"] == "Please see him."
    pdf = call.browser.get(f"/api/v1/referrals/{letter['id']}/pdf/")
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_snippet_is_ones_own_or_everybodys(call: Caller, other_therapist: User) -> None:
    status, own = call("POST", "snippets/", {"shortcut": "lbp", "title": "Low back", "text": "Low back pain, {side}."})
    assert (status, own["owner"] is not None) == (201, True)
    assert call("POST", "snippets/", {"shortcut": "LBP", "title": "x", "text": "x"})[1]["code"] == "shortcut-taken"
    assert call("POST", "snippets/", {"shortcut": "l b p", "title": "x", "text": "x"})[0] == 400
    assert call("PATCH", f"snippets/{own['id']}/", {"title": "Back"})[1]["text"] == own["text"]
    call.be(other_therapist)
    assert call("GET", "snippets/")[1]["results"] == []
    assert call("DELETE", f"snippets/{own['id']}/")[0] == call("PATCH", f"snippets/{own['id']}/", {})[0] == 404


def test_an_exercise_is_given_anew_stopped_and_resumed(call: Caller, episode: Episode, exercise: Exercise) -> None:
    body = {"episode": str(episode.pk), "exercise": str(exercise.pk), "sets": 3, "reps": 12, "side": "each"}
    first = call("POST", "prescriptions/", body)[1]
    status, second = call("POST", "prescriptions/", {**body, "reps": 15})
    assert (status, second["reps"]) == (201, 15)
    assert call("GET", f"prescriptions/{first['id']}/")[1]["stopped_at"]
    current = call("GET", f"prescriptions/?episode={episode.pk}&state=current")[1]["results"]
    assert [row["id"] for row in current] == [second["id"]]
    assert call("POST", f"prescriptions/{second['id']}/stop/")[1]["stopped_at"]
    assert call("POST", f"prescriptions/{second['id']}/resume/")[1]["stopped_at"] is None
    assert call("POST", f"prescriptions/{first['id']}/resume/")[1]["code"] == "prescribed-anew"
    assert call("PATCH", f"prescriptions/{second['id']}/", {"reps": 1})[0] == 405
    for wrong in ({"sets": 0}, {"reps": 10**9}, {"side": "top"}, {"instructions": "x" * 301}, {"minutes": 900}):
        assert call("POST", "prescriptions/", body | wrong)[0] == 400


def test_what_was_done_at_home_is_read(call: Caller, episode: Episode, exercise: Exercise, therapist: User) -> None:
    given = prescribe(episode=episode, exercise=exercise, by=therapist, times_per_week=7)
    Adherence.objects.create(prescription=given, done_on=given.prescribed_at.date(), pain_after=3)
    status, found = call("GET", f"prescriptions/{given.pk}/adherence/")
    assert (status, found["done"], found["last_pain"], len(found["days"])) == (200, 1, 3, 28)


def test_a_note_of_somebody_else_gives_no_exercise(
    call: Caller, draft: SessionNote, exercise: Exercise, therapist: User, location: Location, condition: Condition
) -> None:
    twin = factories.ClientFactory(number=7004, locations=[location])
    theirs = open_episode(client=twin, condition=condition, side="left", location=location, by=therapist)
    body = {"episode": str(theirs.pk), "exercise": str(exercise.pk), "note": str(draft.pk)}
    assert call("POST", "prescriptions/", body)[0] == 400
    assert not Prescription.objects.exists()


def test_the_library_and_the_scores_are_read(call: Caller, signed: SessionNote) -> None:
    rows = call("GET", "exercises/")[1]["results"]
    assert rows[0]["evidence"]
    assert call("GET", f"exercises/{rows[0]['id']}/")[1]["label"] == rows[0]["label"]
    scores = call("GET", f"scores/?episode={signed.episode_id}")[1]["results"]
    assert [(row["measure"], row["value"], row["note"]) for row in scores] == [("nprs", "4.000", str(signed.pk))]


def test_the_front_desk_and_people_elsewhere_see_nothing_of_it(
    call: Caller, episode: Episode, front_desk: User, stranger: User, owner: User, opening: dict[str, Any]
) -> None:
    call.be(front_desk)
    for path in ("episodes/", f"episodes/{episode.pk}/", f"hypotheses/?episode={episode.pk}", "notes/", "exercises/"):
        assert call("GET", path)[0] == 403
    call.be(stranger)
    assert call("GET", "episodes/")[1]["results"] == []
    assert call("GET", f"episodes/{episode.pk}/")[0] == call("POST", f"episodes/{episode.pk}/reopen/")[0] == 404
    assert call("GET", f"scores/?episode={episode.pk}")[0] == 400
    assert call("POST", "episodes/", opening | {"side": "left"})[0] == 400
    call.be(owner)
    assert call("POST", f"episodes/{episode.pk}/close/", {"reason": "gap"})[0] == 403


def test_what_stands_before_a_session_is_read(
    call: Caller, signed: SessionNote, drawing: PainDrawing, front_desk: User, stranger: User
) -> None:
    path = f"sessions/{signed.appointment_id}/before/"
    status, found = call("GET", path)
    assert (status, found["episode"]["id"], found["note"]) == (200, str(signed.episode_id), str(signed.pk))
    assert [(mark["region"], mark["intensity"]) for mark in found["marks"]] == [("lateral-hip", 4)]
    assert [course["measure"] for course in found["courses"]] == ["nprs"]
    for somebody, refused in ((front_desk, 403), (stranger, 404)):
        call.be(somebody)
        assert call("GET", path)[0] == refused

"""Notes through the API: the services of the pages, and nothing that they would refuse."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.audit.models import Event
from clinic.core import clock
from clinic.people.models import Client, Room, TherapistProfile, User
from intake.models import Structure, Technique
from scheduling.models import Appointment
from tests import factories
from tests.intake.naughty import NAUGHTY
from tests.treatments.api.conftest import Caller
from tests.treatments.browsing import PIN, give_pin
from tests.treatments.conftest import book
from treatments.models import Addendum, Episode, SessionNote
from treatments.services import add_addendum, add_goal, open_episode, open_note, sign_note

NOBODYS = "00000000-0000-4000-8000-000000000000"
FLEXION = {"kind": "range_of_motion", "code": "hip-flexion", "side": "right", "angle_degrees": 112}


def rows_of(note: SessionNote) -> Any:
    """All that a signature stands for."""
    row = SessionNote.objects.filter(pk=note.pk).values().get()
    return row, [list(rows.values()) for rows in (note.findings.all(), note.techniques.all(), note.files.all())]


def test_a_note_is_begun_once_for_a_session(call: Caller, appointment: Appointment, episode: Episode) -> None:
    status, note = call("POST", "notes/", {"appointment": str(appointment.pk)})
    assert (status, note["status"], note["version"], note["episode"]) == (201, "draft", 1, str(episode.pk))
    assert call("POST", "notes/", {"appointment": str(appointment.pk)})[1]["id"] == note["id"]
    assert SessionNote.objects.count() == 1
    for body in ({}, {"appointment": str(uuid.uuid4())}, {"appointment": "x"}, {"appointment": None}, [], "x"):
        assert call("POST", "notes/", body)[0] == 400


def test_a_draft_is_saved_over_the_version_that_was_seen(
    call: Caller, draft: SessionNote, technique: Technique, structure: Structure
) -> None:
    path = f"notes/{draft.pk}/"
    done = {"technique": str(technique.pk), "structure": str(structure.pk), "duration_minutes": 6, "response": "eased"}
    body = {"plan": "Walk\r\nevery day", "pain_now": 2, "findings": [FLEXION], "techniques": [done]}
    assert call("PATCH", path, body)[0] == 428
    status, saved = call("PATCH", path, body, draft.version)
    assert (status, saved["version"], saved["plan"]) == (200, draft.version + 1, "Walk\nevery day")
    assert (saved["findings"][0]["angle_degrees"], saved["techniques"][0]["duration_minutes"]) == (112, 6)
    assert saved["subjective"] == draft.subjective  # not named: it stays
    status, stale = call("PATCH", path, {"plan": "Rest"}, draft.version)
    assert (status, stale["details"]["yours"], stale["details"]["theirs"]) == (
        412,
        {"plan": "Rest"},
        {"plan": "Walk\nevery day"},
    )
    assert call("PATCH", path, body, draft.version)[0] == 200  # an answer that was lost costs no merge
    answer = call.browser.get(f"/api/v1/{path}")
    assert answer["ETag"] == f'"{saved["version"]}"'


@pytest.mark.parametrize(
    "body",
    [
        {"pain_now": 11},
        {"pain_average": "a lot"},
        {"pain_average": True},
        {"plan": 7},
        {"plan": None},
        {"plan": "x" * 20_001},
        {"plan": "\x00"},
        {"episode": "not one"},
        {"episode": {"id": 1}},
        {"findings": "none"},
        {"findings": [7]},
        {"findings": [FLEXION, FLEXION]},
        {"findings": [FLEXION] * 81},
        {"findings": [{**FLEXION, "angle_degrees": 720}]},
        {"findings": [{**FLEXION, "code": "wings"}]},
        {"findings": [{**FLEXION, "kind": "aura"}]},
        {"findings": [{**FLEXION, "seal": "x"}]},
        {"findings": [{"kind": "strength", "code": "hip-flexion", "strength_grade": 6}]},
        {"techniques": [{"technique": "{technique}", "duration_minutes": -5}]},
        {"techniques": [{"technique": "{technique}", "duration_minutes": 900}]},
        {"techniques": [{"technique": "{technique}", "pressure_grade": 9}]},
        {"techniques": [{"technique": NOBODYS}]},
        {"techniques": [{"technique": "{technique}", "structure": NOBODYS}]},
        {"techniques": {"0": {}}},
        {"seal": "0" * 64},
        {"status": "signed"},
        {"signed_at": "2026-01-01T00:00:00Z"},
        {"signed_by": "{technique}"},
        {"version": 9},
        {"client": "{technique}"},
        {"copied_sections": {}},
        {"client_answers": []},
        ["plan"],
        "plan",
    ],
    ids=repr,
)
def test_what_no_note_can_hold_is_refused_and_changes_nothing(
    call: Caller, draft: SessionNote, technique: Technique, body: Any
) -> None:
    def filled(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: filled(value) for name, value in part.items()}
        if isinstance(part, list):
            return [filled(value) for value in part]
        return str(technique.pk) if part == "{technique}" else part

    before = rows_of(draft)
    status, said = call("PATCH", f"notes/{draft.pk}/", filled(body), draft.version)
    assert (status, {"code", "message"} <= said.keys()) == (400, True)
    assert rows_of(draft) == before


def test_naughty_text_comes_back_as_it_was_typed(call: Caller, draft: SessionNote) -> None:
    text = "\n".join(NAUGHTY).replace("\x00", "").encode("utf-8", "ignore").decode()[:19_000]
    status, saved = call("PATCH", f"notes/{draft.pk}/", {"objective": text}, draft.version)
    assert (status, saved["objective"]) == (200, text.replace("\r\n", "\n"))


def test_a_foreign_or_closed_episode_is_refused(
    call: Caller, draft: SessionNote, therapist: User, location: Any
) -> None:
    twin = factories.ClientFactory(number=7004, locations=[location])
    assert draft.episode is not None
    foreign = open_episode(client=twin, condition=draft.episode.condition, side="left", location=location, by=therapist)
    status, said = call("PATCH", f"notes/{draft.pk}/", {"episode": str(foreign.pk)}, draft.version)
    assert (status, list(said["details"]["fields"])) == (400, ["episode"])


def test_only_its_therapist_writes_a_note(
    call: Caller, draft: SessionNote, appointment: Appointment, other_therapist: User, owner: User, front_desk: User
) -> None:
    path = f"notes/{draft.pk}/"
    for somebody, reading, writing in ((other_therapist, 200, 403), (owner, 200, 403), (front_desk, 403, 403)):
        call.be(somebody)
        assert call("GET", path)[0] == call("GET", f"{path}verification/")[0] == reading
        for verb, more, body in (
            ("PATCH", "", {"plan": "x"}),
            ("POST", "copy-forward/", {"section": "plan"}),
            ("POST", "keep-copied/", {"section": "plan"}),
        ):
            assert call(verb, path + more, body, draft.version)[0] == writing
        assert call("POST", "notes/", {"appointment": str(appointment.pk)})[0] == 403


def test_somebody_elsewhere_finds_no_note(call: Caller, draft: SessionNote, stranger: User) -> None:
    call.be(stranger)
    assert call("GET", "notes/")[1]["results"] == []
    for verb, more in (("GET", ""), ("PATCH", ""), ("GET", "addenda/"), ("POST", "addenda/"), ("GET", "verification/")):
        assert call(verb, f"notes/{draft.pk}/{more}", {"text": "x"} if verb != "GET" else None, 1)[0] == 404
    assert call("GET", f"notes/?client={draft.client_id}")[0] == 400


def test_a_signed_note_stays_whatever_is_sent(call: Caller, signed: SessionNote) -> None:
    before = rows_of(signed)
    path = f"notes/{signed.pk}/"
    for verb, more, body in (
        ("PATCH", "", {"plan": "Something else"}),
        ("PATCH", "", {"findings": [FLEXION]}),
        ("PATCH", "", {"status": "draft"}),
        ("PUT", "", {"plan": "Something else"}),
        ("DELETE", "", None),
        ("POST", "copy-forward/", {"section": "plan"}),
        ("POST", "keep-copied/", {"section": "plan"}),
        ("PUT", "addenda/", {"text": "x"}),
        ("DELETE", "addenda/", None),
    ):
        status, _said = call(verb, path + more, body, signed.version)
        assert status in (400, 405, 409), (verb, more, status)
    status, reopened = call("POST", "notes/", {"appointment": str(signed.appointment_id)})
    assert (status, reopened["status"]) == (201, "signed")
    assert rows_of(signed) == before


def test_an_addendum_is_added_once_for_its_key(call: Caller, signed: SessionNote, draft: SessionNote) -> None:
    path, key = f"notes/{signed.pk}/addenda/", str(uuid.uuid4())
    first = call("POST", path, {"text": "The client rang."}, key=key)
    assert (first[0], first[1]["number"], bool(first[1]["seal"])) == (201, 1, True)
    assert call("POST", path, {"text": "The client rang."}, key=key) == first
    assert [row["text"] for row in call("GET", path)[1]] == ["The client rang."]
    for body in ({}, {"text": ""}, {"text": None}, {"text": ["x"]}, {"text": "x", "author": "me"}):
        assert call("POST", path, body)[0] == 400
    assert Addendum.objects.count() == 1


def test_a_draft_takes_no_addendum(call: Caller, draft: SessionNote) -> None:
    assert call("POST", f"notes/{draft.pk}/addenda/", {"text": "x"})[1]["code"] == "note-unsigned"


def test_a_section_is_carried_forward_and_kept(
    call: Caller, signed: SessionNote, client_record: Client, therapist: User, room: Room
) -> None:
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(minutes=30))
    note = open_note(appointment=later, by=therapist)
    path = f"notes/{note.pk}/"
    assert call("POST", f"{path}copy-forward/", {"section": "plan"})[0] == 428
    status, copied = call("POST", f"{path}copy-forward/", {"section": "plan"}, note.version)
    assert (status, copied["plan"], list(copied["copied_sections"])) == (200, signed.plan, ["plan"])
    assert call("POST", f"{path}keep-copied/", {"section": "plan"}, note.version)[0] in (200, 412)
    status, kept = call("POST", f"{path}keep-copied/", {"section": "plan"}, copied["version"])
    assert kept["copied_sections"] == {}
    assert call("POST", f"{path}copy-forward/", {"section": "seal"}, kept["version"])[0] == 400


def test_a_note_says_whether_it_is_what_was_signed(call: Caller, signed: SessionNote) -> None:
    status, found = call("GET", f"notes/{signed.pk}/verification/")
    assert (status, found["is_intact"], found["files_are_intact"], found["seal"]) == (200, True, True, signed.seal)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as a superuser may: no trigger fires
        cursor.execute("UPDATE treatments_sessionnote SET plan = 'Forged'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert call("GET", f"notes/{signed.pk}/verification/")[1]["is_intact"] is False


def test_a_note_on_paper_is_the_file_of_the_page_and_recorded(
    call: Caller, signed: SessionNote, therapist: User, front_desk: User, stranger: User
) -> None:
    path = f"/api/v1/notes/{signed.pk}/pdf/"
    answer = call.browser.get(path)
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer["Content-Disposition"] == 'attachment; filename="session-note.pdf"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("no-store", "nosniff")
    printed = Event.objects.get(action="note.printed")
    assert (printed.actor_id, printed.object_id) == (therapist.pk, str(signed.pk))
    for somebody, status in ((front_desk, 403), (stranger, 404)):
        call.be(somebody)
        assert call.browser.get(path).status_code == status
    assert Event.objects.filter(action="note.printed").count() == 1


def test_notes_are_found_by_what_they_are_about(call: Caller, signed: SessionNote, therapist: User) -> None:
    add_addendum(note=signed, by=therapist, text="x")
    held = signed.appointment.during.lower
    for query, count in (
        (f"client={signed.client_id}&status=signed&therapist={therapist.pk}&episode={signed.episode_id}", 1),
        ("status=draft", 0),
        (f"from={held.isoformat().replace('+00:00', 'Z')}", 1),
        (f"until={held.isoformat().replace('+00:00', 'Z')}", 0),
    ):
        assert len(call("GET", f"notes/?{query}")[1]["results"]) == count, query
    row = call("GET", "notes/")[1]["results"][0]
    assert "plan" not in row
    for wrong in ("from=2026-01-01T10:00", "status=lost", "client=x", "plan=x", "cursor=x", "client="):
        assert call("GET", f"notes/?{wrong}")[0] in (400, 404), wrong


def test_thirty_notes_take_as_many_queries_as_three(
    call: Caller, client_record: Client, therapist: User, room: Room, episode: Episode
) -> None:
    def write(count: int, first: int) -> None:
        for number in range(first, first + count):
            starts_at = clock.now() - dt.timedelta(days=number)
            appointment = book(client=client_record, therapist=therapist, room=room, starts_at=starts_at)
            SessionNote.objects.create(
                appointment=appointment, client=client_record, therapist=therapist, episode=episode
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert call("GET", "notes/")[0] == call("GET", f"episodes/?client={client_record.pk}")[0] == 200
        return len(captured)

    write(3, 1)
    queries()
    few = queries()
    write(27, 4)
    assert queries() == few


def test_a_draft_holds_what_changed_the_plan_and_the_rated_goals(
    call: Caller, draft: SessionNote, therapist: User, technique: Technique
) -> None:
    assert draft.episode is not None
    goal = add_goal(episode=draft.episode, activity="Climb stairs", by=therapist)
    body = {
        "changes": {"sleep": "better", "Gardening": "worse"},
        "aggravators": ["Stairs", "stairs ", "long drives"],
        "next_techniques": [technique.code],
        "visit_every_days": 14,
        "goal_ratings": {str(goal.pk): 4},
    }
    status, saved = call("PATCH", f"notes/{draft.pk}/", body, draft.version)
    assert (status, saved["aggravators"], saved["goal_ratings"]) == (200, ["Stairs", "long drives"], {str(goal.pk): 4})
    for wrong in (
        {"changes": {"sleep": "lost"}},
        {"changes": {"x" * 121: "same"}},
        {"changes": ["sleep"]},
        {"aggravators": ["x" * 121]},
        {"easers": [{}]},
        {"next_techniques": ["wings"]},
        {"advice": ["wings"]},
        {"visit_every_days": 900},
        {"goal_ratings": {str(goal.pk): 11}},
        {"goal_ratings": {NOBODYS: 4}},
        {"other_episode": NOBODYS},
    ):
        assert call("PATCH", f"notes/{draft.pk}/", wrong, saved["version"])[0] == 400, wrong
    other = call("PATCH", f"notes/{draft.pk}/", {"other_episode": str(draft.episode_id)}, saved["version"])
    assert (other[0], other[1]["code"]) == (422, "same-episode")


def test_nobody_signs_without_saying_who_they_are(call: Caller, draft: SessionNote, therapist: User) -> None:
    path = f"notes/{draft.pk}/sign/"
    assert call("POST", path, {"pin": PIN})[0] == 428
    assert call("POST", path, {}, draft.version)[1]["code"] == "reauthenticate"
    assert call("POST", path, {"pin": PIN}, draft.version)[1]["code"] == "no-pin"
    give_pin(therapist)
    assert call("POST", path, {"pin": "0000"}, draft.version)[1]["code"] == "wrong-pin"
    for wrong in ({"pin": 2580}, {"pin": "9" * 99}, {"seal": "x"}, {"pin": PIN, "signed_by": str(therapist.pk)}):
        assert call("POST", path, wrong, draft.version)[0] == 400
    assert call("POST", path, {"pin": PIN}, 99)[0] == 412
    assert not SessionNote.objects.signed().exists()
    status, signed = call("POST", path, {"pin": PIN}, draft.version)
    assert (status, signed["status"], signed["signed_by"], len(signed["seal"])) == (
        200,
        "signed",
        str(therapist.pk),
        64,
    )
    assert call("POST", path, {"pin": PIN}, signed["version"])[1]["code"] == "note-signed"


def test_only_the_supervisor_co_signs(call: Caller, draft: SessionNote, therapist: User, other_therapist: User) -> None:
    TherapistProfile.objects.update_or_create(user=therapist, defaults={"supervisor": other_therapist})
    sign_note(note=draft, by=therapist, version=draft.version)
    path = f"notes/{draft.pk}/co-sign/"
    give_pin(therapist)
    assert call("POST", path, {"pin": PIN})[0] == 403
    call.be(other_therapist)
    assert call("POST", path, {"remark": "Agreed."})[1]["code"] == "reauthenticate"
    give_pin(other_therapist)
    status, said = call("POST", path, {"pin": PIN, "remark": "Agreed."})
    assert (status, said["remark"], said["signed_by"]) == (201, "Agreed.", str(other_therapist.pk))
    assert call("GET", f"notes/{draft.pk}/")[1]["co_signature"]["seal"] == said["seal"]
    assert call("POST", path, {"pin": PIN})[1]["code"] == "co-signed"


def test_a_template_is_kept_from_a_note_and_fills_what_is_empty(
    call: Caller, draft: SessionNote, client_record: Client, therapist: User, room: Room
) -> None:
    status, kept = call("POST", f"notes/{draft.pk}/keep-as-template/", {"name": "Tendon, settling"})
    assert (status, kept["content"]["texts"]["plan"]) == (201, draft.plan)
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(minutes=30))
    note = open_note(appointment=later, by=therapist)
    status, filled = call("POST", f"notes/{note.pk}/use-template/", {"template": kept["id"]}, note.version)
    assert (status, filled["plan"]) == (200, draft.plan)
    assert call("DELETE", f"note-templates/{kept['id']}/")[0] == 204
    assert call("POST", f"notes/{note.pk}/import-answers/", None, filled["version"])[1]["code"] == "no-answers"

"""Two devices write one note: what can be joined is, what cannot is kept beside it until its author has chosen."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser

from clinic.core.errors import Refused
from clinic.people.models import User
from tests.treatments.browsing import MANAGEMENT, url
from treatments.models import SessionNote, SetAside
from treatments.services import save_draft, set_aside, sign_note


@pytest.fixture
def elsewhere(draft: SessionNote, therapist: User) -> SessionNote:
    """Saved on the tablet after the desk had opened it."""
    return save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "From the tablet."})


def sent(browser: Browser, note: SessionNote, *, version: int, base: dict[str, Any], **fields: Any) -> Any:
    """The script's request: the parts that changed, and what they were typed over."""
    body = {**fields, "parts": ",".join({name.partition("-")[0] for name in fields}), "device": "desk"}
    body["base"] = urlencode(base)
    return browser.post(url("note-draft", note.pk), body, headers={"If-Match": str(version)})


def test_what_the_other_device_did_not_touch_is_saved_over_an_old_version(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote
) -> None:
    answer = sent(signed_in, draft, version=draft.version, base={"assessment": draft.assessment}, assessment="Mine.")
    assert (answer.status_code, answer.json()["is_merged"]) == (200, True)
    note = SessionNote.objects.get(pk=draft.pk)
    assert (note.plan, note.assessment) == ("From the tablet.", "Mine.")
    assert not SetAside.objects.exists()


def test_what_both_changed_is_kept_beside_the_note_and_grows_there(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote
) -> None:
    for text in ("From the desk", "From the desk, and more."):
        answer = sent(signed_in, draft, version=draft.version, base={"plan": draft.plan}, plan=text, pain_now="\0")
        assert answer.status_code == 412
    details = answer.json()["details"]
    assert (details["is_set_aside"], details["parts"]) == (True, ["Plan"])
    kept = SetAside.objects.get()
    assert kept.content["form"]["plan"] == ["From the desk, and more."]
    assert kept.content["theirs"] == {"plan": "From the tablet."}
    assert SessionNote.objects.get(pk=draft.pk).plan == "From the tablet."


def test_what_comes_in_late_does_not_replace_what_was_typed_after_it(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote
) -> None:
    for at, text in (("1795000002000", "The last word."), ("1795000001000", "The last"), ("soon", "Nonsense")):
        form = {"plan": text, "parts": "plan", "base": "plan=", "device": "desk", "at": at}
        signed_in.post(url("note-draft", draft.pk), form, headers={"If-Match": str(draft.version)})
    assert SetAside.objects.get().content["form"]["plan"] == ["The last word."]


def test_a_row_added_elsewhere_survives_an_autosave_of_another_part(signed_in: Browser, draft: SessionNote) -> None:
    rows = {name: value for name, value in MANAGEMENT.items() if name.startswith("points-")}
    first = sent(signed_in, draft, version=draft.version, base={}, **{"rom-hip-flexion-right": "110"})
    point = {**rows, "points-0-code": "piriformis", "points-0-side": "right"}
    sent(signed_in, draft, version=first.json()["version"], base={}, **point)
    assert {row.kind for row in draft.findings.all()} == {"range_of_motion", "trigger_point"}


def test_signing_waits_until_both_texts_are_merged(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote, therapist: User
) -> None:
    sent(signed_in, draft, version=draft.version, base={"plan": draft.plan}, plan="From the desk.")
    with pytest.raises(Refused, match="not merged yet"):
        sign_note(note=elsewhere, by=therapist, version=elsewhere.version)
    page = signed_in.get(url("note-merge", draft.pk)).content.decode()
    assert "From the tablet." in page
    assert "From the desk." in page
    choice = {"version": elsewhere.version, "take-plan": "both", "text-plan": "Both.", "action": "merge"}
    assert signed_in.post(url("note-merge", draft.pk), choice).status_code == 302
    note = SessionNote.objects.get(pk=draft.pk)
    assert note.plan == "Both."
    assert SetAside.objects.get().settled_at
    assert sign_note(note=note, by=therapist, version=note.version).is_signed


@pytest.mark.parametrize(("take", "stands"), [("theirs", "From the tablet."), ("yours", "From the desk.")])
def test_either_text_can_stand_and_parts_changed_by_one_alone_are_not_asked(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote, take: str, stands: str
) -> None:
    base = {"plan": draft.plan, "assessment": draft.assessment}
    sent(signed_in, draft, version=draft.version, base=base, plan="From the desk.", assessment="Mine alone.")
    page = signed_in.get(url("note-merge", draft.pk)).content.decode()
    assert "take-plan" in page
    assert "take-assessment" not in page
    signed_in.post(url("note-merge", draft.pk), {"version": elsewhere.version, "take-plan": take, "action": "merge"})
    note = SessionNote.objects.get(pk=draft.pk)
    assert (note.plan, note.assessment) == (stands, "Mine alone.")


def test_a_note_saved_once_more_while_somebody_chose_is_shown_again(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote
) -> None:
    sent(signed_in, draft, version=draft.version, base={"plan": draft.plan}, plan="From the desk.")
    answer = signed_in.post(url("note-merge", draft.pk), {"version": draft.version, "take-plan": "yours"})
    assert answer.status_code == 412
    assert SetAside.objects.get().settled_at is None


def test_text_typed_after_the_note_was_signed_elsewhere_becomes_an_addendum(
    signed_in: Browser, draft: SessionNote, signed: SessionNote
) -> None:
    answer = sent(signed_in, draft, version=draft.version, base={"plan": draft.plan}, plan="One thing more.")
    assert (answer.status_code, answer.json()["code"]) == (409, "note-signed")
    assert "One thing more." in signed_in.get(url("note-merge", draft.pk)).content.decode()
    signed_in.post(url("note-merge", draft.pk), {"text-addendum": "One thing more.", "action": "merge"})
    assert signed.addenda.get().text == "One thing more."
    assert not SetAside.objects.filter(settled_at=None).exists()


def test_what_arrives_late_and_stands_in_the_signed_note_already_is_not_kept_twice(
    signed_in: Browser, signed: SessionNote
) -> None:
    answer = sent(signed_in, signed, version=signed.version - 1, base={"plan": ""}, plan=signed.plan)
    assert answer.json()["details"]["is_set_aside"] is False
    assert not SetAside.objects.exists()


def test_rows_of_both_are_joined_and_a_box_nobody_can_read_is_shown_as_typed(
    signed_in: Browser, draft: SessionNote, therapist: User
) -> None:
    old = draft.version
    sent(signed_in, draft, version=old, base={}, **{"rom-hip-flexion-right": "110"})
    rom = {"rom-hip-flexion-left": "95", "rom-hip-extension-left": "12"}
    sent(signed_in, draft, version=old, base={"rom-hip-flexion-left": ""}, **rom, pain_now="720")
    page = signed_in.get(url("note-merge", draft.pk)).content.decode()
    assert "pain now: 720" in page
    version = SessionNote.objects.get(pk=draft.pk).version
    signed_in.post(url("note-merge", draft.pk), {"version": version, "take-findings": "both", "action": "merge"})
    assert {(row.side, row.angle_degrees) for row in draft.findings.all()} == {
        ("right", 110),
        ("left", 95),
        ("left", 12),
    }


def test_texts_of_two_devices_and_of_two_people_do_not_mix(draft: SessionNote, therapist: User, owner: User) -> None:
    for device in ("desk", "desk", "phone", "", ""):
        set_aside(note=draft, by=therapist, over_version=1, device=device, content={})
    assert SetAside.objects.count() == 4


@pytest.mark.parametrize("version", ["", "nonsense", "-1", "99999999999"])
def test_nonsense_from_a_merge_page_is_refused_and_nothing_is_settled(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote, version: str
) -> None:
    sent(signed_in, draft, version=draft.version, base={"plan": draft.plan}, plan="From the desk.")
    body = {"version": version, "take-plan": "nonsense", "text": "nobody", "action": "merge"}
    assert signed_in.post(url("note-merge", draft.pk), body).status_code == 412
    assert SetAside.objects.filter(settled_at=None).count() == 1


def test_a_page_is_told_when_the_note_has_parts_it_does_not_show(
    signed_in: Browser, draft: SessionNote, elsewhere: SessionNote
) -> None:
    same = sent(signed_in, draft, version=draft.version, base={"plan": draft.plan}, plan="From the tablet.")
    assert (same.json()["version"], same.json()["is_merged"]) == (elsewhere.version, True)
    first = sent(signed_in, draft, version=elsewhere.version, base={"plan": elsewhere.plan}, plan="On.")
    assert first.json()["is_merged"] is False

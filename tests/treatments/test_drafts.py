"""A draft keeps what was typed, whoever else typed too."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core import clock
from clinic.core.errors import Refused, StaleVersion
from clinic.people.models import Client, Location, Room, User
from intake.models import Condition, Technique
from scheduling.models import Appointment
from tests import factories
from tests.treatments.conftest import book
from treatments.models import Episode, SessionNote
from treatments.rows import FindingRow, TechniqueRow
from treatments.services import copy_forward, keep_copied, open_episode, open_note, previous_note, save_draft, sign_note

FLEXION = FindingRow(kind="range_of_motion", code="hip-flexion", side="right", angle_degrees=112)


@pytest.fixture
def next_draft(signed: SessionNote, client_record: Client, therapist: User, room: Room) -> SessionNote:
    """The note of a visit after the signed one."""
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(minutes=30))
    return open_note(appointment=later, by=therapist)


def test_a_new_note_takes_the_only_open_episode(appointment: Appointment, episode: Episode, therapist: User) -> None:
    assert open_note(appointment=appointment, by=therapist).episode == episode


def test_a_new_note_asks_which_episode_when_two_are_open(
    appointment: Appointment, episode: Episode, therapist: User, location: Location
) -> None:
    other = Condition.objects.get(code="sciatica")
    open_episode(client=episode.client, condition=other, side="left", location=location, by=therapist)
    assert open_note(appointment=appointment, by=therapist).episode is None


def test_saving_counts_the_version_up(draft: SessionNote, therapist: User) -> None:
    saved = save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "Walk"})
    assert saved.version == draft.version + 1
    assert SessionNote.objects.get(pk=draft.pk).plan == "Walk"


def test_a_stale_version_keeps_both_texts(draft: SessionNote, therapist: User) -> None:
    save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "From the tablet"})
    with pytest.raises(StaleVersion) as stale:
        save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "From the desk"})
    assert stale.value.details["yours"] == {"plan": "From the desk"}
    assert stale.value.details["theirs"] == {"plan": "From the tablet"}
    assert stale.value.details["version"] == draft.version + 1
    assert SessionNote.objects.get(pk=draft.pk).plan == "From the tablet"


def test_the_same_text_sent_twice_is_no_conflict(draft: SessionNote, therapist: User) -> None:
    first = save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "Walk"})
    again = save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "Walk"})
    assert again.version == first.version


def test_findings_and_techniques_are_kept_in_their_order(
    draft: SessionNote, therapist: User, technique: Technique
) -> None:
    point = FindingRow(kind="trigger_point", code="piriformis", side="right", tenderness_grade=1)
    rows = [TechniqueRow(technique.pk, duration_minutes=6), TechniqueRow(technique.pk, duration_minutes=4)]
    save_draft(
        note=draft, by=therapist, version=draft.version, changes={"findings": [FLEXION, point], "techniques": rows}
    )
    assert [FindingRow.of(row) for row in draft.findings.all()] == [FLEXION, point]
    assert [TechniqueRow.of(row) for row in draft.techniques.all()] == rows


def test_rows_that_did_not_change_are_not_written_again(draft: SessionNote, therapist: User) -> None:
    save_draft(note=draft, by=therapist, version=draft.version, changes={"findings": [FLEXION]})
    (before,) = draft.findings.values_list("pk", flat=True)
    saved = save_draft(
        note=draft, by=therapist, version=draft.version + 1, changes={"findings": [FLEXION], "plan": "Walk"}
    )
    assert list(saved.findings.values_list("pk", flat=True)) == [before]


def test_an_episode_of_somebody_else_is_refused(
    draft: SessionNote, therapist: User, condition: Condition, location: Location
) -> None:
    somebody = factories.ClientFactory(locations=[location])
    foreign = open_episode(client=somebody, condition=condition, side="left", location=location, by=therapist)
    with pytest.raises(Refused):
        save_draft(note=draft, by=therapist, version=draft.version, changes={"episode": foreign})


def test_what_is_copied_forward_stays_marked_until_it_is_touched(
    next_draft: SessionNote, signed: SessionNote, therapist: User
) -> None:
    note = copy_forward(note=next_draft, by=therapist, version=next_draft.version, section="plan")
    assert note.plan == signed.plan
    assert note.copied_sections == {"plan": str(signed.pk)}
    note = save_draft(note=note, by=therapist, version=note.version, changes={"subjective": "Better"})
    assert "plan" in note.copied_sections
    note = save_draft(note=note, by=therapist, version=note.version, changes={"plan": "Walk more"})
    assert note.copied_sections == {}


def test_what_is_still_true_loses_its_mark_and_keeps_its_text(
    next_draft: SessionNote, signed: SessionNote, therapist: User
) -> None:
    note = copy_forward(note=next_draft, by=therapist, version=next_draft.version, section="plan")
    note = keep_copied(note=note, by=therapist, version=note.version, section="plan")
    assert (note.plan, note.copied_sections) == (signed.plan, {})


def test_copying_adds_to_what_is_written_and_never_replaces_it(
    next_draft: SessionNote, signed: SessionNote, therapist: User
) -> None:
    note = save_draft(note=next_draft, by=therapist, version=next_draft.version, changes={"plan": "Swim."})
    note = copy_forward(note=note, by=therapist, version=note.version, section="plan")
    assert note.plan == f"Swim.\n{signed.plan}"
    with pytest.raises(Refused):
        copy_forward(note=note, by=therapist, version=note.version, section="plan")


def test_everything_is_copied_at_once_but_what_was_measured(
    draft: SessionNote, client_record: Client, therapist: User, room: Room, technique: Technique
) -> None:
    point = FindingRow(kind="trigger_point", code="piriformis", side="right", tenderness_grade=1)
    changes: Any = {"findings": [FLEXION, point], "techniques": [TechniqueRow(technique.pk)]}
    draft = save_draft(note=draft, by=therapist, version=draft.version, changes=changes)
    source = sign_note(note=draft, by=therapist, version=draft.version)
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() - dt.timedelta(minutes=30))
    note = open_note(appointment=later, by=therapist)
    note = copy_forward(note=note, by=therapist, version=note.version, section="everything")
    assert set(note.copied_sections) == {"subjective", "assessment", "plan", "techniques", "points"}
    assert (note.plan, note.techniques.count()) == (source.plan, 1)
    assert [row.kind for row in note.findings.all()] == ["trigger_point"]
    with pytest.raises(Refused):
        copy_forward(note=note, by=therapist, version=note.version, section="everything")


def test_nothing_is_copied_where_there_was_no_visit_before(draft: SessionNote, therapist: User) -> None:
    with pytest.raises(Refused):
        copy_forward(note=draft, by=therapist, version=draft.version, section="plan")


def test_the_previous_note_is_the_latest_one_before_this_session(next_draft: SessionNote, signed: SessionNote) -> None:
    assert previous_note(next_draft) == signed
    assert previous_note(signed) is None


def test_saving_a_draft_takes_few_queries(draft: SessionNote, therapist: User) -> None:
    changes = {"plan": "Walk", "findings": [FLEXION], "techniques": []}
    with CaptureQueriesContext(connection) as queries:
        save_draft(note=draft, by=therapist, version=draft.version, changes=changes)  # type: ignore[arg-type]
    assert len(queries) <= 14, "\n".join(q["sql"] for q in queries)

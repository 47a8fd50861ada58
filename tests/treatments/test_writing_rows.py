"""A draft's rows are written as far as they differ, and carried forward by part."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.core.errors import Refused
from clinic.people.models import User
from treatments.models import SessionNote
from treatments.rows import FindingRow
from treatments.services import copy_forward, save_draft

FLEXION = FindingRow(kind="range_of_motion", code="hip-flexion", side="right", angle_degrees=112)
OTHER = FindingRow(kind="range_of_motion", code="hip-flexion", side="left", angle_degrees=118)
POINT = FindingRow(kind="trigger_point", code="piriformis", side="right", tenderness_grade=2, spot={"view": "back"})
TWIN = FindingRow(kind="trigger_point", code="piriformis", side="right", tenderness_grade=3)


def saved(note: SessionNote, therapist: User, rows: list[FindingRow]) -> dict[str, object]:
    """Identities by what is stored, after a save."""
    note.refresh_from_db()
    save_draft(note=note, by=therapist, version=note.version, changes={"findings": rows})
    stored = note.findings.order_by("position").all()
    assert [FindingRow.of(row) for row in stored] == rows
    return {repr(FindingRow.of(row)): row.pk for row in stored}


def test_a_value_typed_anew_keeps_its_row_and_leaves_the_others_alone(draft: SessionNote, therapist: User) -> None:
    before = saved(draft, therapist, [FLEXION, OTHER, POINT])
    better = FindingRow(kind="range_of_motion", code="hip-flexion", side="right", angle_degrees=120)
    after = saved(draft, therapist, [better, OTHER, POINT])
    assert after[repr(better)] == before[repr(FLEXION)]
    assert after[repr(POINT)] == before[repr(POINT)]


def test_rows_are_added_before_taken_away_and_put_in_another_order(draft: SessionNote, therapist: User) -> None:
    saved(draft, therapist, [OTHER, TWIN])
    saved(draft, therapist, [FLEXION, OTHER, POINT, TWIN])
    saved(draft, therapist, [TWIN, POINT, POINT, OTHER])
    saved(draft, therapist, [])


def test_two_rows_that_change_places_do_not_collide(draft: SessionNote, therapist: User) -> None:
    saved(draft, therapist, [FLEXION, OTHER])
    turned = [
        FindingRow(kind="range_of_motion", code="hip-flexion", side="left", angle_degrees=112),
        FindingRow(kind="range_of_motion", code="hip-flexion", side="right", angle_degrees=118),
    ]
    saved(draft, therapist, turned)


def test_typing_one_value_writes_one_row(draft: SessionNote, therapist: User) -> None:
    saved(draft, therapist, [FLEXION, OTHER, POINT])
    better = FindingRow(kind="range_of_motion", code="hip-flexion", side="right", angle_degrees=120)
    draft.refresh_from_db()
    with CaptureQueriesContext(connection) as queries:
        save_draft(note=draft, by=therapist, version=draft.version, changes={"findings": [better, OTHER, POINT]})
    written = [q["sql"] for q in queries if "treatments_finding" in q["sql"] and not q["sql"].startswith("SELECT")]
    assert len(written) == 1
    assert written[0].startswith("UPDATE")


def test_what_was_found_last_time_is_carried_by_part_and_marked_until_that_part_is_touched(
    found_before: SessionNote, draft: SessionNote, therapist: User
) -> None:
    copied = copy_forward(note=draft, by=therapist, version=draft.version, section="points")
    assert [FindingRow.of(row) for row in copied.findings.all()] == [POINT]
    assert copied.copied_sections == {"points": str(found_before.pk)}
    with pytest.raises(Refused):
        copy_forward(note=copied, by=therapist, version=copied.version, section="points")
    measured = save_draft(note=copied, by=therapist, version=copied.version, changes={"findings": [OTHER, POINT]})
    assert "points" in measured.copied_sections
    copied = copy_forward(note=measured, by=therapist, version=measured.version, section="rom")
    assert [(row.side, row.angle_degrees) for row in copied.findings.filter(kind="range_of_motion")] == [
        ("left", 118),
        ("right", 112),
    ]
    touched = save_draft(note=copied, by=therapist, version=copied.version, changes={"findings": [OTHER, FLEXION]})
    assert touched.copied_sections == {"rom": str(found_before.pk)}

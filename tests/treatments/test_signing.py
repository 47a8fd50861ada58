"""A signed note is for good."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.audit.models import Event
from clinic.core import clock
from clinic.core.errors import Conflict, DomainError, Missing, NotAllowed, Refused, StaleVersion
from clinic.people.models import Client, Room, User
from intake.models import Questionnaire, RedFlag, RedFlagRule, Response, Structure, Technique
from scheduling.models import Appointment
from tests.treatments.conftest import WRITTEN, book
from treatments import seal_forms
from treatments.models import Addendum, Finding, SessionNote, TechniqueApplied
from treatments.outcomes.models import Score
from treatments.rows import FindingRow, TechniqueRow
from treatments.seal import is_intact
from treatments.services import add_addendum, copy_forward, keep_copied, open_note, save_draft, sign_note

FINDING = FindingRow(kind="trigger_point", code="gluteus-medius", side="right", tenderness_grade=2)


def refused_by_the_database(act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


@pytest.fixture
def signed_with_rows(draft: SessionNote, therapist: User, technique: Technique, structure: Structure) -> SessionNote:
    rows = {"findings": [FINDING], "techniques": [TechniqueRow(technique.pk, structure.pk, "right", 6, 2, "eased")]}
    note = save_draft(note=draft, by=therapist, version=draft.version, changes=rows)
    return sign_note(note=note, by=therapist, version=note.version)


def test_signing_seals_the_note_and_records_its_average_pain(signed: SessionNote, therapist: User) -> None:
    assert signed.is_signed
    assert signed.signed_by == therapist
    assert is_intact(SessionNote.objects.get(pk=signed.pk))
    score = Score.objects.get(episode=signed.episode)
    assert (score.measure.code, score.value, score.note_id) == ("nprs", 4, signed.pk)
    assert score.recorded_at == signed.appointment.during.lower


def test_signing_leaves_an_audit_event_with_the_seal_and_no_health_fact(signed: SessionNote) -> None:
    event = Event.objects.get(action="note.signed")
    assert event.client_id == signed.client_id
    parts = event.changes.pop("parts")
    assert event.changes == {"version": signed.version, "seal": signed.seal, "number": 1}
    assert set(parts) == {*seal_forms.NOTE, *seal_forms.ROWS, "files", "pain drawing"}
    assert not any(WRITTEN["plan"] in value or len(value) != 16 for value in parts.values())


def test_a_seal_no_longer_fits_once_anything_it_stands_for_differs(signed_with_rows: SessionNote) -> None:
    note = SessionNote.objects.get(pk=signed_with_rows.pk)
    assert is_intact(note)
    note.plan += " "
    assert not is_intact(note)
    note = SessionNote.objects.prefetch_related("findings", "techniques").get(pk=note.pk)
    note.findings.all()[0].tenderness_grade = 3
    assert not is_intact(note)


def test_the_database_refuses_to_change_a_signed_note(signed: SessionNote) -> None:
    one = SessionNote.objects.filter(pk=signed.pk)
    refused_by_the_database(lambda: one.update(plan="Nothing"))
    refused_by_the_database(lambda: one.update(status="draft"))
    refused_by_the_database(lambda: signed.save())
    refused_by_the_database(lambda: SessionNote.objects.all().update(version=99))


def test_the_database_refuses_to_delete_a_signed_note(signed: SessionNote) -> None:
    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM outcomes_score")
            cursor.execute("DELETE FROM treatments_sessionnote WHERE id = %s", [signed.pk])

    refused_by_the_database(delete)
    with pytest.raises(DatabaseError), transaction.atomic():
        SessionNote.objects.filter(pk=signed.pk)._raw_delete("default")


def test_the_database_refuses_to_touch_the_rows_of_a_signed_note(signed_with_rows: SessionNote) -> None:
    note = signed_with_rows
    refused_by_the_database(lambda: Finding.objects.filter(note=note).update(tenderness_grade=0))
    refused_by_the_database(lambda: Finding.objects.filter(note=note).delete())
    refused_by_the_database(lambda: Finding.objects.create(note=note, **FINDING.values()))
    refused_by_the_database(lambda: TechniqueApplied.objects.filter(note=note).update(duration_minutes=60))
    refused_by_the_database(lambda: TechniqueApplied.objects.filter(note=note).delete())
    refused_by_the_database(lambda: TechniqueApplied.objects.bulk_create([TechniqueApplied(note=note)]))


def test_a_finding_cannot_be_moved_from_a_draft_into_a_signed_note(
    signed: SessionNote, client_record: Client, therapist: User, room: Room
) -> None:
    later = book(client=client_record, therapist=therapist, room=room, starts_at=clock.now() + dt.timedelta(days=1))
    draft = open_note(appointment=later, by=therapist)
    Finding.objects.create(note=draft, **FINDING.values())
    refused_by_the_database(lambda: Finding.objects.filter(note=draft).update(note=signed))


def test_no_service_changes_a_signed_note(signed: SessionNote, therapist: User) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: save_draft(note=signed, by=therapist, version=signed.version, changes={"plan": "Other"}),
        lambda: sign_note(note=signed, by=therapist, version=signed.version),
        lambda: copy_forward(note=signed, by=therapist, version=signed.version, section="plan"),
        lambda: keep_copied(note=signed, by=therapist, version=signed.version, section="plan"),
    ]
    for attempt in attempts:
        with pytest.raises(Conflict):
            attempt()
    assert SessionNote.objects.get(pk=signed.pk).plan == WRITTEN["plan"]


def test_an_addendum_follows_a_signed_note_and_stays(signed: SessionNote, other_therapist: User) -> None:
    addendum = add_addendum(note=signed, by=other_therapist, text=" She rang: slept well. ")
    assert addendum.text == "She rang: slept well."
    refused_by_the_database(lambda: Addendum.objects.update(text="Nothing"))
    refused_by_the_database(lambda: Addendum.objects.all().delete())
    assert is_intact(SessionNote.objects.get(pk=signed.pk))


def test_a_draft_takes_no_addendum(draft: SessionNote, therapist: User) -> None:
    with pytest.raises(Refused):
        add_addendum(note=draft, by=therapist, text="More")


@pytest.mark.parametrize(
    ("without", "code"),
    [("pain_average", "pain"), ("episode", "episode"), ("texts", "text")],
)
def test_an_incomplete_note_is_not_signed_and_says_what_is_missing(
    draft: SessionNote, therapist: User, without: str, code: str
) -> None:
    blank = {"subjective": "", "assessment": "", "plan": ""} if without == "texts" else {without: None}
    note = save_draft(note=draft, by=therapist, version=draft.version, changes=blank)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refusal:
        sign_note(note=note, by=therapist, version=note.version)
    assert refusal.value.details == {"missing": [code]}
    assert not Score.objects.exists()


def test_a_pain_of_zero_is_a_score(draft: SessionNote, therapist: User) -> None:
    note = save_draft(note=draft, by=therapist, version=draft.version, changes={"pain_average": 0})
    assert sign_note(note=note, by=therapist, version=note.version).is_signed


def test_an_unacknowledged_emergency_flag_stops_signing(draft: SessionNote, therapist: User) -> None:
    response = Response.objects.create(questionnaire=Questionnaire.objects.latest("before-visit"), client=draft.client)
    flag = RedFlag.objects.create(
        client=draft.client,
        response=response,
        rule=RedFlagRule.objects.get(code="ces-saddle"),
        answer="yes",
        urgency="emergency",
        raised_at=clock.now(),
    )
    with pytest.raises(Refused) as refusal:
        sign_note(note=draft, by=therapist, version=draft.version)
    assert refusal.value.details == {"missing": ["emergency-flag"]}
    flag.acknowledged_at, flag.acknowledged_by, flag.action_taken = clock.now(), therapist, "Sent to hospital."
    flag.save()
    assert sign_note(note=draft, by=therapist, version=draft.version).is_signed


def test_a_stale_version_is_not_signed(draft: SessionNote, therapist: User) -> None:
    save_draft(note=draft, by=therapist, version=draft.version, changes={"plan": "From the other tablet"})
    with pytest.raises(StaleVersion):
        sign_note(note=draft, by=therapist, version=draft.version)


def test_nobody_else_signs_or_writes(
    draft: SessionNote, other_therapist: User, owner: User, front_desk: User, stranger: User
) -> None:
    expected: list[tuple[User, type[DomainError]]] = [
        (other_therapist, NotAllowed),
        (owner, NotAllowed),
        (front_desk, NotAllowed),
        (stranger, Missing),
    ]
    for user, error in expected:
        with pytest.raises(error):
            sign_note(note=draft, by=user, version=draft.version)
        with pytest.raises(error):
            save_draft(note=draft, by=user, version=draft.version, changes={"plan": "Mine"})
    assert not SessionNote.objects.get(pk=draft.pk).is_signed


def test_nobody_else_begins_a_note(
    appointment: Appointment, other_therapist: User, owner: User, front_desk: User, stranger: User
) -> None:
    for user, error in (
        (other_therapist, NotAllowed),
        (owner, NotAllowed),
        (front_desk, NotAllowed),
        (stranger, Missing),
    ):
        with pytest.raises(error):
            open_note(appointment=appointment, by=user)
    assert not SessionNote.objects.exists()


def test_a_session_has_one_note(appointment: Appointment, therapist: User) -> None:
    assert open_note(appointment=appointment, by=therapist) == open_note(appointment=appointment, by=therapist)


def test_a_session_that_was_cancelled_takes_no_note(appointment: Appointment, therapist: User) -> None:
    appointment.status = "cancelled"
    appointment.save()
    with pytest.raises(Refused):
        open_note(appointment=appointment, by=therapist)


def test_a_begun_note_goes_with_the_session_to_another_therapist(
    draft: SessionNote, other_therapist: User, therapist: User
) -> None:
    draft.appointment.therapist = other_therapist
    draft.appointment.save()
    note = open_note(appointment=draft.appointment, by=other_therapist)
    assert (note, note.therapist) == (draft, other_therapist)
    with pytest.raises(NotAllowed):
        sign_note(note=note, by=therapist, version=note.version)

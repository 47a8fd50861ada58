"""Sealing, and what a tampered trail looks like."""

import random
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from clinic.audit import seals, services
from clinic.audit.models import Event, Seal
from clinic.audit.verify import verify


def write(count: int) -> list[int]:
    return [services.record(None, "client.changed", changes={"n": n}).pk for n in range(count)]


def tamper(sql: str, *params: object) -> None:
    """As a superuser who has switched the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, params)
        assert cursor.rowcount == 1
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def sealed(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Three seals over twelve events."""
    monkeypatch.setattr(seals, "BATCH_SIZE", 5)
    ids = write(12)
    assert seals.seal_pending().is_settled
    return ids


def test_an_untouched_trail_passes(sealed: list[int]) -> None:
    verdict = verify()
    assert verdict.passed
    assert verdict.sealed_events >= 12


def test_a_trail_without_events_passes(db: None) -> None:
    assert verify().passed
    assert seals.seal_pending().seals == 0


def test_the_database_refuses_to_change_or_delete_an_event(sealed: list[int]) -> None:
    for change in (
        lambda: Event.objects.filter(pk=sealed[0]).update(action="x"),
        lambda: Event.objects.filter(pk=sealed[0]).delete(),
        lambda: Seal.objects.update(digest="x"),
        lambda: Seal.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2020-01-01"),
        ("actor_id", "00000000-0000-0000-0000-000000000001"),
        ("actor_display", "somebody else"),
        ("action", "client.read"),
        ("object_type", "people.user"),
        ("object_id", "7"),
        ("client_id", "00000000-0000-0000-0000-000000000001"),
        ("request_id", "other"),
        ("address", "192.0.2.1"),
        ("changes", "{}"),
    ],
)
def test_an_altered_column_names_its_row(sealed: list[int], column: str, value: str) -> None:
    tamper(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, sealed[6])  # noqa: S608
    assert verify().problem == f"event {sealed[6]} was altered"


def test_a_removed_event_is_named(sealed: list[int]) -> None:
    tamper("DELETE FROM audit_event WHERE id = %s", sealed[4])
    assert verify().problem == f"event {sealed[4]} was removed"


def test_an_event_inserted_with_an_old_id_is_named(db: None) -> None:
    ids = write(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))")
        skipped = cursor.fetchone()[0]
    write(2)
    seals.seal_pending()
    assert verify().passed, "an id that no row has is not a removal"
    for forged in (skipped, ids[0] - 100_000):
        with transaction.atomic():
            Event.objects.create(
                id=forged, at=Event.objects.get(pk=ids[0]).at, actor_display="x", action="client.changed"
            )
            assert verify().problem == f"event {forged} was inserted after seal 1"
            transaction.set_rollback(True)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_removed_seal_is_named_the_last_one_too(sealed: list[int], number: int) -> None:
    assert Seal.objects.count() == 3
    tamper("DELETE FROM audit_seal WHERE number = %s", number)
    assert verify().problem == f"seal {number} was removed"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sealed_at", "2020-01-01"),
        ("first_event_id", 0),
        ("event_macs", "[]"),
        ("digest", "0" * 64),
    ],
)
def test_an_altered_seal_is_named(sealed: list[int], column: str, value: object) -> None:
    tamper(f"UPDATE audit_seal SET {column} = %s WHERE number = 2", value)  # noqa: S608
    assert verify().problem == "seal 2 was altered, or sealed with another key"


def test_a_trail_rewritten_with_another_key_does_not_pass(sealed: list[int], settings: object) -> None:
    settings.AUDIT_KEY = "another key, another key, another key"  # type: ignore[attr-defined]
    assert verify().problem == "seal 1 was altered, or sealed with another key"


def test_a_head_kept_elsewhere_shows_a_tail_cut_off_whole(sealed: list[int]) -> None:
    head = verify().head
    assert verify(expected_head=head).passed
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_event WHERE id > (SELECT last_event_id FROM audit_seal WHERE number = 2)")
        cursor.execute("DELETE FROM audit_event WHERE action = 'audit.sealed' AND object_id = '3'")
        cursor.execute("DELETE FROM audit_seal WHERE number = 3")
        cursor.execute("SET session_replication_role = origin")
    assert verify(expected_head=head).problem == "seal 3 with the digest you kept is not there"


def test_an_idle_practice_gets_no_further_seals(sealed: list[int]) -> None:
    assert seals.seal_pending().seals == 0
    write(1)
    assert seals.seal_pending().seals == 1
    assert seals.seal_pending().seals == 0


def test_every_one_of_many_tamperings_is_found(sealed: list[int]) -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(60):
        event = chance.choice(sealed)
        with transaction.atomic():
            if chance.random() < 0.3:
                tamper("DELETE FROM audit_event WHERE id = %s", event)
            else:
                tamper("UPDATE audit_event SET actor_display = actor_display || 'x' WHERE id = %s", event)
            assert f"event {event} was" in verify().problem
            transaction.set_rollback(True)
    assert verify().passed


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_waited_for() -> None:
    """A writer has drawn an id below the boundary and not committed: the sealer gives up rather than seal past it."""
    drawn, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                services.record(None, "client.changed")
                drawn.set()
                go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert drawn.wait(10)
    write(1)
    assert not seals.seal_pending(patience_seconds=0.2).is_settled
    assert not Seal.objects.exists()
    go_on.set()
    thread.join()
    assert seals.seal_pending() == seals.Sealed(events=2, seals=1, is_settled=True)
    assert verify().passed


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain() -> None:
    write(50)

    def seal() -> None:
        seals.seal_pending()
        connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seals.seal_pending()
    assert verify().passed
    assert verify().sealed_events >= 50


def test_the_command_names_the_altered_row_and_fails(sealed: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    assert "The audit trail holds." in capsys.readouterr().out
    tamper("UPDATE audit_event SET action = 'x' WHERE id = %s", sealed[2])
    with pytest.raises(CommandError, match=f"event {sealed[2]} was altered"):
        call_command("verify_audit")


def test_the_seal_command_prints_the_head_to_keep(sealed: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    write(1)
    call_command("seal_audit")
    assert verify().head in capsys.readouterr().out

"""The production role cannot rewrite the record, whatever triggers say."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from clinic.audit import services
from clinic.people.models import Client

ROLE = "palpate_app_of_the_test"


@pytest.fixture
def role(db: None) -> str:
    """A role made inside the test's transaction, so that it goes with it."""
    call_command("grant_app_role", ROLE)
    return ROLE


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_app_role_writes_events_and_clients(role: str, client_record: Client) -> None:
    with acting_as(role):
        services.record(None, "client.changed", client_record)
        client_record.save()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
        "DELETE FROM people_client",
        "UPDATE treatments_addendum SET text = 'x'",
        "DELETE FROM treatments_addendum",
        "DELETE FROM treatments_sessionnote",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "DROP TABLE audit_event",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_the_app_role_cannot(role: str, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        acting_as(role),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_granting_again_changes_nothing(role: str) -> None:
    call_command("grant_app_role", role)


def test_the_owner_of_the_tables_is_refused(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        me = cursor.fetchone()[0]
    with pytest.raises(CommandError, match="a role of its own"):
        call_command("grant_app_role", me)

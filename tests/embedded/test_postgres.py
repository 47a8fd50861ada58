"""The embedded PostgreSQL: nothing is ever lost, and what is wrong is said."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from clinic.core.embedded import postgres
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.postgres import Postgres
from clinic.core.embedded.supervisor import Supervisor
from tests.embedded.conftest import wait_until


@pytest.fixture
def server(data: Path) -> Postgres:
    return postgres.embedded(data, "päss/wörd", logs=data / "logs", durable=False)


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*")}


def test_what_was_written_is_there_after_a_restart(server: Postgres, data: Path) -> None:
    server.prepare()
    with Supervisor(data / "run") as supervisor:
        supervisor.start(server.command(), server.ready)
        server.ensure_database()
        with server.connect("palpate") as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert not server.ready()
    server.prepare()
    with Supervisor(data / "run") as supervisor:
        supervisor.start(server.command(), server.ready)
        server.ensure_database()
        with server.connect("palpate") as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_committed_rows_survive_a_kill(server: Postgres, supervisor: Supervisor) -> None:
    server = replace(server, durable=True)
    server.prepare()
    child = supervisor.start(server.command(), server.ready)
    with server.connect() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first = child.pid
    os.kill(first, signal.SIGKILL)
    supervisor.watch(until=lambda: child.pid != first and server.ready())
    with server.connect() as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_the_application_signs_in_by_its_address_and_is_no_superuser(server: Postgres, supervisor: Supervisor) -> None:
    server.prepare()
    supervisor.start(server.command(), server.ready)
    server.ensure_database()
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user").fetchone()
    assert row == ("palpate", False)


def test_a_wrong_password_is_refused(server: Postgres, supervisor: Supervisor) -> None:
    server.prepare()
    supervisor.start(server.command(), server.ready)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(server.sockets), user="palpate_admin", password="wrong", dbname="postgres")


def test_names_with_accents_are_lowered_and_sorted_as_text(server: Postgres, supervisor: Supervisor) -> None:
    server.prepare()
    supervisor.start(server.command(), server.ready)
    with server.connect() as connection:
        assert connection.execute("SELECT lower('ÉLODIE ŁUKASZ')").fetchone() == ("élodie łukasz",)


def test_an_error_in_the_log_carries_no_row(server: Postgres, supervisor: Supervisor) -> None:
    server.prepare()
    supervisor.start(server.command(), server.ready)
    with server.connect() as connection:
        connection.execute("CREATE TABLE client (name text UNIQUE)")
        connection.execute("INSERT INTO client VALUES ('Ada Secret')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO client VALUES (%s)", ["Ada Secret"])
    log = (server.logs / "postgresql.log").read_text()
    assert "duplicate key" in log
    assert "Secret" not in log


def test_a_folder_of_another_version_is_refused_and_left_as_it_is(server: Postgres) -> None:
    server.prepare()
    (server.cluster / "PG_VERSION").write_text("13\n")
    before = snapshot(server.cluster)
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 13, and this is PostgreSQL"):
        server.prepare()
    assert snapshot(server.cluster) == before


def test_a_folder_that_is_no_cluster_is_refused_and_left_as_it_is(server: Postgres) -> None:
    server.cluster.mkdir()
    (server.cluster / "thesis.txt").write_text("years of work")
    with pytest.raises(EmbeddedError, match="not a PostgreSQL data folder"):
        server.prepare()
    assert (server.cluster / "thesis.txt").read_text() == "years of work"


def test_a_cluster_that_was_never_finished_is_made_again(server: Postgres, supervisor: Supervisor) -> None:
    draft = server.home / "postgres.new"
    draft.mkdir()
    (draft / "PG_VERSION").write_text("18\n")
    server.prepare()
    supervisor.start(server.command(), server.ready)
    assert not draft.exists()


@pytest.mark.parametrize("whose", ["a process that is gone", "another program", "nonsense"])
def test_a_pid_file_left_by_a_crash_does_not_stop_the_start(
    whose: str, server: Postgres, supervisor: Supervisor
) -> None:
    server.prepare()
    pid = {"a process that is gone": "4194303", "another program": str(os.getpid()), "nonsense": "?"}[whose]
    (server.cluster / "postmaster.pid").write_text(f"{pid}\n{server.cluster}\n{int(time.time())}\n5432\n")
    server.prepare()
    supervisor.start(server.command(), server.ready)


def test_a_server_that_already_runs_on_the_folder_is_left_alone(server: Postgres, supervisor: Supervisor) -> None:
    server.prepare()
    child = supervisor.start(server.command(), server.ready)
    with pytest.raises(EmbeddedError, match=f"process {child.pid}.* already runs"):
        server.prepare()
    assert server.ready()


def test_a_server_that_cannot_start_tells_why(server: Postgres, supervisor: Supervisor) -> None:
    server.prepare()
    (server.cluster / "postgresql.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(EmbeddedError, match=r"postgresql ended while starting(.|\n)*shared_buffers"):
        supervisor.start(server.command(), server.ready)


def test_a_stop_does_not_wait_for_clients(server: Postgres, data: Path) -> None:
    server.prepare()
    with Supervisor(data / "run") as supervisor:
        supervisor.start(server.command(), server.ready)
        lingering = server.connect()
        began_at = time.monotonic()
    assert time.monotonic() - began_at < 5
    wait_until(lambda: not (server.cluster / "postmaster.pid").exists())
    lingering.close()

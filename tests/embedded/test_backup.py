"""Backup and restore: what goes in comes out, and nothing is overwritten by accident."""

import json
import os
import stat
import tarfile
from pathlib import Path

import psycopg
import pytest

from clinic.core.embedded import backup, folder, keys, places, postgres
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.postgres import Postgres
from clinic.core.embedded.supervisor import Supervisor


@pytest.fixture(autouse=True)
def _no_database_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)


def server_of(data: Path) -> Postgres:
    return postgres.embedded(data, keys.of(data)[keys.DATABASE_PASSWORD], logs=data / "logs", durable=False)


@pytest.fixture
def clinic(data: Path) -> Path:
    """A data folder with one row, one upload and its keys."""
    made = data / "clinic"
    folder.open_folder(made, empty=True)
    server = server_of(made)
    server.prepare()
    with Supervisor(made / "run") as supervisor:
        supervisor.start(server.command(), server.ready)
        server.ensure_database()
        with server.connect("palpate") as connection:
            connection.execute("CREATE TABLE note AS SELECT 'ünïcode' AS text")
            connection.execute("GRANT SELECT ON note TO palpate")
    (made / "media/scans").mkdir(parents=True)
    (made / "media/scans/one.png").write_bytes(b"\x89PNG")
    return made


def notes(data: Path) -> list[tuple[str]]:
    with backup.database_of(data) as url, psycopg.connect(url) as connection:
        return connection.execute("SELECT text FROM note").fetchall()


def test_a_backup_restored_into_a_new_folder_holds_everything(clinic: Path, data: Path) -> None:
    made = backup.make(clinic, data / "kept.tar")
    there = data / "there"
    backup.restore(made, there, replace=False)
    assert notes(there) == [("ünïcode",)]
    assert (there / "media/scans/one.png").read_bytes() == b"\x89PNG"
    assert folder.open_folder(there, empty=False) == folder.REAL
    assert {name: keys.of(there)[name] for name in keys.NAMES} == {name: keys.of(clinic)[name] for name in keys.NAMES}


def test_a_backup_is_for_its_owners_eyes_and_names_no_password(clinic: Path, data: Path) -> None:
    made = backup.make(clinic, data / "kept.tar")
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    with tarfile.open(made) as archive:
        kept = archive.extractfile("keys.json")
        assert kept is not None
        assert keys.DATABASE_PASSWORD not in json.loads(kept.read())


def test_a_backup_is_made_while_the_clinic_runs(clinic: Path, data: Path) -> None:
    server = server_of(clinic)
    server.prepare()
    with places.sole_use(clinic), Supervisor(clinic / "run") as supervisor:
        supervisor.start(server.command(), server.ready)
        (clinic / "running.json").write_text(json.dumps({"DATABASE_OWNER_URL": server.url(postgres.OWNER)}))
        made = backup.make(clinic, data / "kept.tar")
        assert server.ready()
        with pytest.raises(EmbeddedError, match="A clinic runs on"):
            backup.restore(made, clinic, replace=True)
    assert made.stat().st_size > 1000


def test_a_restore_overwrites_only_when_told_to(clinic: Path, data: Path) -> None:
    made = backup.make(clinic, data / "kept.tar")
    with backup.database_of(clinic) as url, psycopg.connect(url) as connection:
        connection.execute("UPDATE note SET text = 'later'")
    with pytest.raises(EmbeddedError, match="Add --replace"):
        backup.restore(made, clinic, replace=False)
    assert notes(clinic) == [("later",)]
    backup.restore(made, clinic, replace=True)
    assert notes(clinic) == [("ünïcode",)]


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\0" * 1024])
def test_a_file_that_is_no_backup_changes_nothing(content: bytes, clinic: Path, data: Path) -> None:
    (data / "other.tar").write_bytes(content)
    with pytest.raises(EmbeddedError, match="is not a backup"):
        backup.restore(data / "other.tar", clinic, replace=True)
    assert notes(clinic) == [("ünïcode",)]


@pytest.mark.parametrize("name", ["../outside", "/outside", "media/../../outside", "media/link", "strange"])
def test_a_file_in_a_backup_that_leads_elsewhere_is_refused(name: str, data: Path) -> None:
    with tarfile.open(data / "evil.tar", "w") as archive:
        member = tarfile.TarInfo(name)
        if name == "media/link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(member)
    with pytest.raises(EmbeddedError, match="is not a backup"):
        backup.restore(data / "evil.tar", data / "there", replace=False)
    assert list((data / "there").iterdir()) == []
    assert not (data / "outside").exists()


def test_an_earlier_backup_is_not_overwritten(clinic: Path, data: Path) -> None:
    (data / "kept.tar").write_text("earlier")
    with pytest.raises(EmbeddedError, match="there already"):
        backup.make(clinic, data / "kept.tar")
    assert (data / "kept.tar").read_text() == "earlier"


def test_a_failed_backup_leaves_no_half_file(clinic: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "out").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"postgres://nobody@/nothing?host={data}")
    with pytest.raises(EmbeddedError, match="pg_dump failed"):
        backup.make(clinic, data / "out/kept.tar")
    assert os.listdir(data / "out") == []


def test_a_folder_without_a_clinic_is_not_backed_up(data: Path) -> None:
    with pytest.raises(EmbeddedError, match="holds no clinic"):
        backup.make(data, data / "kept.tar")

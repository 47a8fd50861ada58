"""`bin/backup` and `bin/restore`: the database, uploaded files and keys of one clinic in one file.

The database is the one in DATABASE_OWNER_URL or DATABASE_URL, else the data folder's own, running or not.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from clinic.core.embedded import binaries, folder, keys, places, postgres
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import ROOT
from clinic.core.embedded.postgres import DATABASE, OWNER
from clinic.core.embedded.supervisor import Supervisor

DUMP, MEDIA, KEYS, TOLD = "database.dump", "media", "keys.json", "backup.json"
FORMAT = "1"


def elsewhere() -> str:
    """The address of a database that is not the data folder's; empty when there is none."""
    return os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL") or ""


@contextmanager
def database_of(data: Path) -> Iterator[str]:
    """The data folder's own database, started for the purpose unless it runs."""
    if places.in_use(data):
        url = places.read_json(data / "running.json").get("DATABASE_OWNER_URL")
        if not url:
            raise EmbeddedError(f"The clinic on {data} is just starting, or its database is elsewhere. Try again.")
        yield url
        return
    with places.sole_use(data), Supervisor(data / "run") as supervisor:
        server = postgres.embedded(data, keys.of(data)[keys.DATABASE_PASSWORD], logs=data / "logs")
        server.prepare()
        supervisor.start(server.command(), server.ready, seconds=60)
        server.ensure_database()
        yield server.url(OWNER, DATABASE)


def run(program: str, *arguments: str, url: str = "") -> None:
    """Run a PostgreSQL program; the list of processes never shows the password. Raises EmbeddedError."""
    target = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    env = {**os.environ, "PGPASSWORD": target.pop("password", "")}
    where = [f"--dbname={make_conninfo('', **target)}"] if url else []
    argv = [str(binaries.postgresql(None) / program), *where, *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise EmbeddedError(f"{program} failed:\n{done.stderr.rstrip()}")


def make(data: Path, target: Path | None) -> Path:
    """Write a backup, whole or not at all, readable by its owner only; gives its path."""
    if not elsewhere() and not (data / folder.MARK).exists():
        raise EmbeddedError(f"{data} holds no clinic. Name its folder with --data, or set DATABASE_URL.")
    target = (target or Path(f"palpate-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar")).resolve()
    if target.exists():
        raise EmbeddedError(f"{target} is there already.")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with tempfile.TemporaryDirectory(prefix="palpate-backup-", dir=target.parent) as kept:
        work = Path(kept)
        with nullcontext(elsewhere()) if elsewhere() else database_of(data) as url:
            run("pg_dump", "--format=custom", f"--file={work / DUMP}", url=url)
        told = {"format": FORMAT, "made_at": datetime.now(UTC).isoformat(), **places.read_json(data / folder.MARK)}
        (work / TOLD).write_text(json.dumps(told, indent=1))
        (work / KEYS).write_text(json.dumps({} if elsewhere() else {name: keys.of(data)[name] for name in keys.NAMES}))
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                for name in (TOLD, KEYS, DUMP):
                    archive.add(work / name, name)
                if (data / MEDIA).is_dir():
                    archive.add(data / MEDIA, MEDIA)
            file.flush()
            os.fsync(file.fileno())
    draft.replace(target)
    return target


def restore(source: Path, data: Path, *, replace: bool) -> None:
    """Bring a backup back. Raises EmbeddedError, before anything is changed, when it cannot or may not."""
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise EmbeddedError(f"{source} is not a backup of Palpate.")
    if data.is_dir() and places.in_use(data):
        raise EmbeddedError(f"A clinic runs on {data}. Stop it first.")
    if not replace and (elsewhere() or (data / folder.MARK).exists()):
        holder = "The database in DATABASE_URL" if elsewhere() else data
        raise EmbeddedError(f"{holder} may hold a clinic. Add --replace to overwrite it.")
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as kept:
        work = Path(kept)
        with tarfile.open(source) as archive:
            _unpack(archive, work)
        told = places.read_json(work / TOLD)
        if told.get("format") != FORMAT or not (work / DUMP).exists():
            raise EmbeddedError(f"{source} is not a backup of Palpate, or one of a later version.")
        run("pg_restore", "--list", f"--file={os.devnull}", str(work / DUMP))
        _put_back(work, data, told)


def _unpack(archive: tarfile.TarFile, work: Path) -> None:
    """Write out what a backup of ours can hold; links, devices and paths that lead elsewhere are no part of it."""
    for member in archive:
        parts = PurePosixPath(member.name).parts
        ours = parts and parts[0] in (TOLD, KEYS, DUMP, MEDIA) and ".." not in parts
        if not ours or not (member.isfile() or member.isdir()):
            raise EmbeddedError(f"{archive.name!r} is not a backup of Palpate: it holds {member.name!r}.")
        target = work.joinpath(*parts)
        content = archive.extractfile(member)
        (target.parent if content else target).mkdir(mode=0o700, parents=True, exist_ok=True)
        if content:
            with target.open("xb") as file:
                shutil.copyfileobj(content, file)


def _put_back(work: Path, data: Path, told: dict[str, str]) -> None:
    if not elsewhere():
        places.write_private(data / folder.MARK, json.dumps({"holds": told.get("holds", folder.REAL)}))
        given = places.read_json(work / KEYS)
        password = keys.of(data)[keys.DATABASE_PASSWORD]
        places.write_private(data / "secrets.json", json.dumps({**given, keys.DATABASE_PASSWORD: password}, indent=1))
    with nullcontext(elsewhere()) if elsewhere() else database_of(data) as url:
        # Whose tables they are, and who may do what, is settled here, not where the backup was made.
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
        run("pg_restore", *options, str(work / DUMP), url=url)
    if (work / MEDIA).is_dir():
        earlier = data / f".media-{secrets.token_hex(4)}"
        if (data / MEDIA).exists():
            (data / MEDIA).rename(earlier)
        (work / MEDIA).rename(data / MEDIA)
        shutil.rmtree(earlier, ignore_errors=True)
    shutil.rmtree(data / "stamps", ignore_errors=True)  # the next start migrates


def main() -> int:
    """The two commands; gives the exit code."""
    parser = argparse.ArgumentParser(prog="bin/backup or bin/restore", description=__doc__)
    parser.add_argument("command", choices=["make", "restore"], help=argparse.SUPPRESS)
    parser.add_argument(
        "file", type=Path, nargs="?", help="the backup (default when making one: palpate-TIME.tar here)"
    )
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="the clinic's data folder (default: var/)")
    parser.add_argument("--replace", action="store_true", help="restore: overwrite what is there")
    chosen = parser.parse_args()
    data = chosen.data.expanduser().resolve()
    try:
        if chosen.command == "make":
            made = make(data, chosen.file)
            print(f"{made} ({made.stat().st_size / 1e6:.1f} MB). It holds health data and keys: keep it locked away.")
        elif chosen.file is None:
            parser.error("name the backup to restore")
        else:
            restore(chosen.file, data, replace=chosen.replace)
            print(f"{chosen.file} is back. Start Palpate, or migrate and grant_app_role where the database is yours.")
    except EmbeddedError as error:
        print(f"bin/{'backup' if chosen.command == 'make' else 'restore'}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""An embedded PostgreSQL for one data folder: reached through a private Unix socket only."""

import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from clinic.core.embedded import binaries, places, records
from clinic.core.embedded.accounts import Account, unprivileged
from clinic.core.embedded.children import Command
from clinic.core.embedded.errors import EmbeddedError

OWNER, APP = "palpate_admin", "palpate"
DATABASE = "palpate"
BUILTIN_LOCALE_SINCE = 17
# A log line never carries a row: no statement, no parameter, no "Key (name)=(…)" detail.
QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_parameter_max_length_on_error": "0"}
# For tests: a crash of the machine may lose everything.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass(frozen=True)
class Postgres:
    """Where a cluster lives, and how to run and reach it."""

    home: Path
    sockets: Path
    binaries: Path
    account: Account | None
    password: str
    logs: Path
    durable: bool = True

    @property
    def cluster(self) -> Path:
        """The data folder proper."""
        return self.home / "postgres"

    def prepare(self) -> None:
        """Make the cluster on first use, check it on later ones. Raises EmbeddedError and then has changed nothing."""
        if self.cluster.exists():
            self._check_version()
            self._check_pid_file()
        else:
            self._initialise()

    def _check_version(self) -> None:
        mark = self.cluster / "PG_VERSION"
        if not mark.exists():
            raise EmbeddedError(
                f"{self.cluster} is not a PostgreSQL data folder. Move it away, or choose another --data."
            )
        made_by, ours = mark.read_text().strip(), binaries.major_version(self.binaries)
        if made_by != str(ours):
            raise EmbeddedError(
                f"{self.cluster} was made by PostgreSQL {made_by}, and this is PostgreSQL {ours}. Nothing was changed. "
                f"Make a backup with the earlier version of Palpate (bin/backup), move the folder away, start, and "
                f"bring the backup in with bin/restore."
            )

    def _check_pid_file(self) -> None:
        """Remove a dead server's pid file: after a restart of the machine its id may be somebody else's."""
        path = self.cluster / "postmaster.pid"
        try:
            pid = int(path.read_text().split("\n")[0])
        except (FileNotFoundError, ValueError):
            path.unlink(missing_ok=True)
            return
        if records.command_line(pid).find(str(self.cluster)) < 0:
            path.unlink(missing_ok=True)
            return
        raise EmbeddedError(f"A PostgreSQL server (process {pid}) already runs on {self.cluster}. Stop it first.")

    def _initialise(self) -> None:
        draft = self.home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        places.private_folder(draft, self.account)
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if binaries.major_version(self.binaries) >= BUILTIN_LOCALE_SINCE
            else ["--locale=C.UTF-8"]
        )
        password = self.sockets / "password"
        places.write_private(password, self.password)
        if self.account:
            shutil.chown(password, self.account.uid, self.account.gid)
        try:
            self._run(
                "initdb", "--pgdata", str(draft), "--username", OWNER, "--encoding=UTF8", "--auth=scram-sha-256",
                "--pwfile", str(password), *locale, *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            password.unlink()
        draft.rename(self.cluster)

    def _run(self, program: str, *arguments: str) -> None:
        account = self.account
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        if done.returncode:
            raise EmbeddedError(f"{program} failed:\n{done.stdout}{done.stderr}".rstrip())

    def command(self) -> Command:
        """The server, in the foreground."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **QUIET,
            **({} if self.durable else FORGETFUL),
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Command(
            name="postgresql",
            argv=(str(self.binaries / "postgres"), "-D", str(self.cluster), *options),
            log=self.logs / "postgresql.log",
            account=self.account,
            stop_signal=signal.SIGINT,  # "fast": SIGTERM would wait for every client to leave
            stop_seconds=30,
            stage=0,
        )

    def url(self, user: str = APP, database: str = DATABASE) -> str:
        """The address for DATABASE_URL."""
        return f"postgres://{user}:{quote(self.password, safe='')}@/{database}?host={quote(str(self.sockets), safe='')}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection as the cluster's owner."""
        return psycopg.connect(
            host=str(self.sockets),
            user=OWNER,
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def ready(self) -> bool:
        """Whether the server answers."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self) -> None:
        """Make the application's role and database on first use."""
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(APP), sql.Literal(self.password))
                )
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def embedded(data: Path, password: str, *, logs: Path, durable: bool = True) -> Postgres:
    """The cluster of a data folder."""
    account = unprivileged()
    return Postgres(
        home=places.server_home(data, account),
        sockets=places.socket_folder(data, "db", account),
        binaries=binaries.postgresql(account),
        account=account,
        password=password,
        logs=logs,
        durable=durable,
    )

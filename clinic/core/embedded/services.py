"""The servers an environment lacks: each of DATABASE_URL, REDIS_URL and EMAIL_URL that is set is used as it is."""

import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clinic.core.embedded import places, postgres, valkey
from clinic.core.embedded.children import Command
from clinic.core.embedded.options import ROOT
from clinic.core.embedded.postgres import OWNER
from clinic.core.embedded.supervisor import Supervisor

ADDRESSES = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")


@dataclass
class Services:
    """Starts what is missing under a supervisor and collects the addresses."""

    supervisor: Supervisor
    data: Path
    given: Mapping[str, str]
    database_password: str
    durable: bool = True

    def __post_init__(self) -> None:
        self.env = {name: self.given[name] for name in ADDRESSES if self.given.get(name)}
        self._logs = self.data / "logs"

    def start(self) -> dict[str, str]:
        """Start all that is missing; gives the three addresses, and DATABASE_OWNER_URL for an embedded database."""
        if "DATABASE_URL" not in self.env:
            self._start_database()
        elif self.given.get("DATABASE_OWNER_URL"):
            self.env["DATABASE_OWNER_URL"] = self.given["DATABASE_OWNER_URL"]
        if "REDIS_URL" not in self.env:
            self._start_broker()
        if "EMAIL_URL" not in self.env:
            self._start_mailbox()
        return self.env

    def _start_database(self) -> None:
        database = postgres.embedded(self.data, self.database_password, logs=self._logs, durable=self.durable)
        database.prepare()
        self.supervisor.start(database.command(), database.ready, seconds=60)
        database.ensure_database()
        self.env["DATABASE_URL"] = database.url()
        self.env["DATABASE_OWNER_URL"] = database.url(OWNER)

    def _start_broker(self) -> None:
        broker = valkey.embedded(self.data, logs=self._logs, durable=self.durable)
        broker.prepare()
        self.supervisor.start(broker.command(), broker.ready)
        self.env["REDIS_URL"] = broker.url

    def _start_mailbox(self) -> None:
        # The supervisor keeps the socket: no port is lost, and no mail is refused, while the mailbox restarts.
        listener = socket.create_server(("127.0.0.1", 0))
        number = self.supervisor.keep(listener)
        folder = str(self.data / "mailbox")
        argv = (sys.executable, "-m", "clinic.core.embedded.mailbox", folder, "--fd", str(number))
        log = self._logs / "mailbox.log"
        self.supervisor.start(Command("mailbox", argv, log, cwd=ROOT, pass_fds=(number,), stage=1))
        self.env["EMAIL_URL"] = f"smtp://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def temporary(given: Mapping[str, str] = os.environ, *, durable: bool = False) -> Iterator[dict[str, str]]:
    """Servers for tests and benchmarks, forgotten at the end; the database role is the cluster's owner.

    Unless `durable`, the database does not wait for the disk: faster, and of no use for measuring.
    """
    # Short and for everybody to pass through: PostgreSQL may run as another account.
    data = Path(tempfile.mkdtemp(prefix="palpate-tmp-", dir=places.SOCKET_ROOT))
    data.chmod(0o711)
    try:
        with Supervisor(data / "run") as supervisor:
            env = Services(supervisor, data, given, secrets.token_urlsafe(16), durable=durable).start()
            if "DATABASE_OWNER_URL" in env and "DATABASE_URL" not in given:
                env["DATABASE_URL"] = env["DATABASE_OWNER_URL"]
            yield env
    finally:
        shutil.rmtree(data, ignore_errors=True)
        places.remove_sockets(data)

"""An embedded Valkey, the broker between web, beat and worker: reached through a private Unix socket only."""

import socket
from dataclasses import dataclass
from pathlib import Path

from clinic.core.embedded import binaries, places
from clinic.core.embedded.children import Command
from clinic.core.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class Valkey:
    """Where a broker keeps its queue, and how to run and reach it."""

    home: Path
    sockets: Path
    server: Path
    logs: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        """The socket it listens on."""
        return self.sockets / "valkey"

    @property
    def url(self) -> str:
        """The address for REDIS_URL."""
        return f"redis+socket://{self.socket}"

    def prepare(self) -> None:
        """Make the data folder; refuse to take over a living server's socket. Raises EmbeddedError."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.ready():
            raise EmbeddedError(f"Another server already answers at {self.socket}. Stop it first.")

    def command(self) -> Command:
        """The server, in the foreground."""
        keep = ("--appendonly", "yes") if self.durable else ("--appendonly", "no", "--save", "")
        argv = (
            str(self.server), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.home), "--maxmemory-policy", "noeviction", "--daemonize", "no", *keep,
        )  # fmt: skip
        return Command("valkey", argv, self.logs / "valkey.log", stage=0)

    def ready(self) -> bool:
        """Whether the server answers."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def embedded(data: Path, *, logs: Path, durable: bool = True) -> Valkey:
    """The broker of a data folder."""
    return Valkey(
        home=data / "valkey",
        sockets=places.socket_folder(data, "broker"),
        server=binaries.valkey(),
        logs=logs,
        durable=durable,
    )

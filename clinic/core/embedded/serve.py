"""`bin/serve`: a whole clinic on one machine, under one supervisor."""

import argparse
import errno
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from urllib.request import ProxyHandler, build_opener

from clinic.core.embedded import folder, keys, places
from clinic.core.embedded.children import Command, await_ready
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import FIRST_PORT, ROOT, parse
from clinic.core.embedded.prepare import Preparation
from clinic.core.embedded.services import Services
from clinic.core.embedded.supervisor import Supervisor

PORTS_TRIED = 100
READY_SECONDS = 60
DEMO_PASSWORD = "palpate-demo"  # noqa: S105 - printed on purpose, and valid in demo mode only
DEMO_SIGN_INS = ("owner@example.org", "therapist@example.org", "frontdesk@example.org")


def listen(port: int | None, first: int = FIRST_PORT) -> socket.socket:
    """A socket on the port asked for, else on the first free one. Raises EmbeddedError when there is none."""
    for tried in [port] if port is not None else range(first, first + PORTS_TRIED):
        try:
            return socket.create_server(("127.0.0.1", tried), backlog=512)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise EmbeddedError(f"Cannot listen on port {tried}: {error.strerror}.") from error
    if port is not None:
        raise EmbeddedError(f"Port {port} is taken. Choose another with --port, or leave --port out.")
    raise EmbeddedError(f"No free port from {first} to {first + PORTS_TRIED - 1}. Choose one with --port.")


def clinic_commands(env: dict[str, str], logs: Path, listener: int, data: Path) -> list[Command]:
    """Web server, worker and beat."""
    programs = Path(sys.executable).parent
    celery = (str(programs / "celery"), "--app", "clinic", "--skip-checks")
    web = (
        str(programs / "gunicorn"), "clinic.wsgi:application", "--bind", f"fd://{listener}", "--workers", "2",
        "--threads", "4", "--preload", "--no-control-socket", "--graceful-timeout", "5", "--timeout", "60",
    )  # fmt: skip
    worker = (*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")
    beat = (*celery, "beat", "--schedule", str(data / "beat-schedule"), "--loglevel", "WARNING", "--pidfile=")
    return [
        Command("web", web, logs / "web.log", env, cwd=ROOT, pass_fds=(listener,), stage=3),
        Command("worker", worker, logs / "worker.log", env, cwd=ROOT, stage=2),
        Command("beat", beat, logs / "beat.log", env, cwd=ROOT, stage=2),
    ]


def is_healthy(port: int) -> bool:
    """Whether the clinic says that all its parts work."""
    try:
        with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def serve(chosen: argparse.Namespace, say: Callable[[str], None]) -> None:
    """Start everything and watch it until a signal comes."""
    data: Path = chosen.data.expanduser().resolve()
    if chosen.reset and os.environ.get("DATABASE_URL"):
        raise EmbeddedError("--reset removes the data in the data folder, but DATABASE_URL names a database elsewhere.")
    if chosen.reset and data.is_dir():
        with places.sole_use(data):
            folder.reset(data)
    holds = folder.open_folder(data, empty=chosen.empty)
    with places.sole_use(data), places.sockets_of(data), Supervisor(data / "run", say) as supervisor:
        listener = listen(chosen.port)
        number = supervisor.keep(listener)
        port = listener.getsockname()[1]
        address = f"http://localhost:{port}"
        demo = holds == folder.DEMO
        say("Starting the servers …")
        kept = keys.of(data)
        services = Services(supervisor, data, os.environ, kept[keys.DATABASE_PASSWORD]).start()
        env = environment(data, services, kept, address, demo=demo)
        embedded = not os.environ.get("DATABASE_URL")
        Preparation(data, env, say, demo=demo, database_is_embedded=embedded).run()
        app = {name: value for name, value in (os.environ | env).items() if name != "DATABASE_OWNER_URL"}
        started = [supervisor.start(command) for command in clinic_commands(app, data / "logs", number, data)]
        for child in started:
            await_ready(child, lambda: is_healthy(port), READY_SECONDS)
        places.write_private(data / "running.json", json.dumps({**services, "address": address}))
        try:
            say(greeting(address, data, demo=demo, mail_is_kept="EMAIL_URL" not in os.environ))
            supervisor.watch()
            say("Stopping …")
        finally:
            (data / "running.json").unlink(missing_ok=True)


def environment(
    data: Path, services: dict[str, str], kept: dict[str, str], address: str, *, demo: bool
) -> dict[str, str]:
    """The settings of this clinic; what the caller has set wins."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        "PALPATE_DATA": str(data),
        "PALPATE_DEMO": "1" if demo else "0",
        "BASE_URL": address,
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SECURE": "0",  # plain HTTP, on this machine only
        "PALPATE_RUN": secrets.token_hex(4),
        **{name: kept[name] for name in keys.NAMES},
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS kills workers that fork without it
    }
    given = {name: os.environ[name] for name in ours if os.environ.get(name)}
    return ours | given | services | {"PALPATE_DEMO": ours["PALPATE_DEMO"], "PALPATE_DATA": str(data)}


def greeting(address: str, data: Path, *, demo: bool, mail_is_kept: bool) -> str:
    """What the reader needs now."""
    lines = ["", f"Palpate is ready: {address}"]
    if demo:
        lines += ["", f"Sign in, password {DEMO_PASSWORD}:", *(f"  {name}" for name in DEMO_SIGN_INS)]
    else:
        lines += ["Set up your practice there."]
    if mail_is_kept:
        where = f"{address}/mailbox/" if demo else f"{data}/mailbox (set EMAIL_URL to send it)"
        lines += ["", f"Mail is kept, not sent: {where}"]
    return "\n".join([*lines, "", f"Data and logs: {data}", "Ctrl-C stops everything.", ""])


def main() -> int:
    """Run until a signal comes; gives the exit code."""
    began_at = time.monotonic()

    def say(text: str) -> None:
        with suppress(OSError):  # the terminal may be gone
            print(text, flush=True)

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, leave)
    try:
        serve(parse(), say)
    except EmbeddedError as error:
        print(f"bin/serve: {error}", file=sys.stderr)
        return 1
    say(f"Stopped after {time.monotonic() - began_at:.0f} s. Nothing is left running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

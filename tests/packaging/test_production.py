"""The commands and settings of docker-compose.yml, run here without Docker: one start of production."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

from clinic.core.embedded import postgres, valkey
from clinic.core.embedded.children import Command
from clinic.core.embedded.options import ROOT
from clinic.core.embedded.postgres import OWNER, Postgres
from clinic.core.embedded.serve import listen
from clinic.core.embedded.supervisor import Supervisor
from tests.embedded.conftest import data_folder, wait_until
from tests.packaging.compose import FILLED_IN, services

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

KEYS = ("SECRET_KEY", "AUDIT_KEY", "LINK_KEY", "FIELD_KEY")
UNFIT = ("", "short")
# In one process: each would take a second to begin.
READ_WITHOUT_KEYS = f"""
import os, runpy
from django.core.exceptions import ImproperlyConfigured
given = dict(os.environ)
for name in {KEYS}:
    for value in {UNFIT}:
        os.environ.update(given | {{name: value}})
        try:
            runpy.run_module("clinic.settings")
        except ImproperlyConfigured as error:
            print(str(error)[:len("Set " + name)])
"""


@dataclass(frozen=True)
class Production:
    """Servers made ready by the very scripts of the compose file, and the settings to reach them."""

    data: Path
    database: Postgres
    broker: str
    supervisor: Supervisor

    def environment(self, name: str) -> dict[str, str]:
        """A service's settings; only the addresses of its servers are ours."""
        env: dict[str, str] = dict(services()[name]["environment"])
        role, password = env["DATABASE_URL"].removeprefix("postgres://").split("@")[0].split(":")
        env["DATABASE_URL"] = f"postgres://{role}:{password}@/palpate?host={quote(str(self.database.sockets))}"
        env["REDIS_URL"] = self.broker
        return env | {
            "PATH": PATH,
            "PALPATE_DATA": str(self.data / "files"),
            "DJANGO_SETTINGS_MODULE": "clinic.settings",
        }

    def run(self, argv: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)

    def start(self, name: str, argv: list[str], pass_fds: tuple[int, ...] = ()) -> None:
        """Start a service."""
        log = self.data / f"logs/{name}.log"
        self.supervisor.start(Command(name, tuple(argv), log, self.environment(name), cwd=ROOT, pass_fds=pass_fds))


@pytest.fixture
def production() -> Iterator[Production]:
    with data_folder() as data:
        database = postgres.embedded(data, "superuser", logs=data / "logs", durable=False)
        broker = valkey.embedded(data, logs=data / "logs", durable=False)
        database.prepare()
        broker.prepare()
        with Supervisor(data / "run") as supervisor:
            supervisor.start(database.command(), database.ready)
            supervisor.start(broker.command(), broker.ready)
            yield Production(data, database, broker.url, supervisor)


def test_production_from_an_empty_database_to_a_healthy_clinic(production: Production) -> None:
    make_roles(production)
    migrate(production)
    settings_are_fit_for_deployment(production)
    web_worker_and_beat_are_well(production)
    backups_come_and_go_back(production)


def make_roles(production: Production) -> None:
    """Run what the database's container runs when it is first made."""
    env = {name: str(value) for name, value in services()["postgres"]["environment"].items()}
    env |= {"POSTGRES_USER": OWNER, "PGPASSWORD": "superuser", "PGHOST": str(production.database.sockets)}
    env["PATH"] = f"{production.database.binaries}{os.pathsep}{PATH}"
    done = production.run(["sh", ".docker/postgres-roles"], env)
    assert done.returncode == 0, done.stderr


def migrate(production: Production) -> None:
    """The one-shot service: migrations by the owner, who is no superuser, and rights for the application."""
    command: list[str] = services()["migrate"]["command"]
    done = production.run(command, production.environment("migrate"))
    assert done.returncode == 0, done.stdout + done.stderr


def settings_are_fit_for_deployment(production: Production) -> None:
    env = production.environment("web")
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = production.run(check, env)
    assert done.returncode == 0, done.stderr
    refused = production.run([sys.executable, "-c", READ_WITHOUT_KEYS], env)
    assert refused.stdout.splitlines() == [f"Set {name}" for name in KEYS for _value in UNFIT]


def web_worker_and_beat_are_well(production: Production) -> None:
    collected = production.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput"], production.environment("web")
    )
    assert collected.returncode == 0, collected.stderr
    listener = listen(None, first=8700)
    port = listener.getsockname()[1]
    web: list[str] = services()["web"]["command"]
    web = [f"--bind=fd://{listener.fileno()}" if part.startswith("--bind") else part for part in web]
    production.start("web", web, (production.supervisor.keep(listener),))
    production.start("worker", services()["worker"]["command"])
    schedule = f"--schedule={production.data / 'beat-schedule'}"
    beat = [schedule if part.startswith("--schedule") else part for part in services()["beat"]["command"]]
    production.start("beat", beat)
    wait_until(lambda: ask(port, "/healthz").status == 200, seconds=60)
    for name in ("web", "worker", "beat"):
        probe = [part.replace(":8000", f":{port}") for part in services()[name]["healthcheck"]["test"][1:]]
        env = production.environment(name)
        wait_until(lambda: production.run(probe, env).returncode == 0, seconds=30)  # noqa: B023 - used at once
    it_speaks_https_only(port)


def ask(port: int, path: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": FILLED_IN["DOMAIN"], **headers})
    return connection.getresponse()


def it_speaks_https_only(port: int) -> None:
    plain = ask(port, "/accounts/login/")
    assert plain.status == 301
    assert plain.headers["Location"] == "https://clinic.example.org/accounts/login/"
    page = ask(port, "/accounts/login/", **{"X-Forwarded-Proto": "https"})
    assert page.status == 200
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    cookies = page.headers.get_all("Set-Cookie") or []
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)
    assert ask(port, "/accounts/login/", Host="evil.example.org").status == 400
    health = json.loads(ask(port, "/healthz").read())
    assert health == dict.fromkeys(("status", "database", "broker", "worker", "beat"), "ok")


def backups_come_and_go_back(production: Production) -> None:
    kept = production.data / "backups"
    kept.mkdir()
    upload = production.data / "files/media/scan.png"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"\x89PNG")
    env = production.environment("backup") | {"BACKUPS": str(kept)}
    env["PATH"] = f"{production.database.binaries}{os.pathsep}{PATH}"
    script = ["sh", ".docker/backup"]
    assert production.run([*script, "healthy"], env).returncode != 0
    old = kept / "palpate-20200101-000000.dump"
    old.touch()
    os.utime(old, (time.time() - 40 * 86400,) * 2)
    done = production.run([*script, "once"], env)
    assert done.returncode == 0, done.stderr
    assert not old.exists()
    assert production.run([*script, "healthy"], env).returncode == 0
    upload.unlink()
    (dump,) = kept.glob("*.dump")
    restored = production.run([*script, "restore", dump.stem], env)
    assert restored.returncode == 0, restored.stderr
    assert upload.read_bytes() == b"\x89PNG"
    migrate(production)  # as the next start does: it hands the rights out again

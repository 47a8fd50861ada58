"""`bin/serve` as a whole: ready, kept alive, stopped without a trace."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from clinic.core.embedded import keys, places, records, running, serve
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import ROOT, parse
from tests.embedded.conftest import wait_until

GIVEN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "PALPATE_DEMO",
    "PALPATE_DATA",
    "BASE_URL",
    "DJANGO_SETTINGS_MODULE",
)
STARTING_SECONDS = 180  # a cold start on a busy machine


@contextmanager
def serving(data: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """bin/serve without its set-up, in the environment of a fresh machine; killed at the end, whatever happened."""
    env = {name: value for name, value in os.environ.items() if name not in GIVEN}
    argv = [sys.executable, "-m", "clinic.core.embedded.serve", "--data", str(data), *options]
    process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_until(process: "subprocess.Popen[str]", word: str) -> str:
    """What it says, up to a line with the word."""
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if word in line:
            return said
    raise AssertionError(f"it ended without saying {word!r}:\n{said}")


def health(port: int) -> dict[str, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    answer: dict[str, str] = json.loads(connection.getresponse().read())
    return answer


def test_a_clinic_starts_survives_kills_and_stops_without_a_trace(data: Path) -> None:
    home = data / "clinic"
    with serving(home, "--empty") as process:
        said = read_until(process, "Ctrl-C")
        assert "palpate-demo" not in said
        port = int(said.split("http://localhost:")[1].split("\n")[0])
        assert health(port) == dict.fromkeys(("status", "database", "broker", "worker", "beat"), "ok")
        started = {record.name: record for record in records.read(home / "run")}
        assert set(started) == {"postgresql", "valkey", "mailbox", "web", "worker", "beat"}
        another_on_the_same_folder_is_refused(home, port)
        manage_py_speaks_to_this_clinic(home)
        for record in started.values():
            os.kill(record.pid, signal.SIGKILL)
        wait_until(lambda: all_replaced(home, started) and is_well(port), seconds=STARTING_SECONDS)
        last = records.read(home / "run")
        process.send_signal(signal.SIGTERM)
        assert "Nothing is left running" in process.communicate(timeout=60)[0]
        assert process.returncode == 0
    assert not any(records.is_running(record) for record in last)
    assert records.read(home / "run") == []
    with pytest.raises(ConnectionRefusedError):
        health(port)
    a_second_start_has_nothing_to_prepare(home)


def all_replaced(home: Path, started: dict[str, records.Record]) -> bool:
    now = {record.name: record for record in records.read(home / "run")}
    return set(now) == set(started) and all(now[name].pid != started[name].pid for name in now)


def is_well(port: int) -> bool:
    try:
        return health(port)["status"] == "ok"
    except (OSError, ValueError):
        return False


def another_on_the_same_folder_is_refused(home: Path, port: int) -> None:
    with serving(home) as second:
        said = second.communicate(timeout=30)[0]
    assert second.returncode == 1
    assert f"already runs on {home} at http://localhost:{port}" in said


def manage_py_speaks_to_this_clinic(home: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in (*GIVEN, *keys.NAMES)}
    verify = [sys.executable, "manage.py", "verify_audit"]
    done = subprocess.run(verify, cwd=ROOT, env=env | {"PALPATE_DATA": str(home)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "The audit trail holds." in done.stdout


def a_second_start_has_nothing_to_prepare(home: Path) -> None:
    with serving(home) as process:
        said = read_until(process, "Ctrl-C")
        assert "Updating" not in said
        assert "Collecting" not in said
        assert "palpate-demo" not in said  # a real practice never turns into the demo
        supervisor = process.pid
        left = records.read(home / "run")
        os.kill(supervisor, signal.SIGKILL)
        wait_until(lambda: not any(records.is_running(record) for record in left), seconds=30)


def test_the_first_free_port_is_taken_when_none_is_asked_for() -> None:
    with serve.listen(None, first=8800) as one, serve.listen(None, first=8800) as two:
        assert one.getsockname()[1] < two.getsockname()[1]


def test_a_port_asked_for_and_taken_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"Port {port} is taken"):
            serve.listen(port)


def test_reset_does_not_touch_a_database_elsewhere(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/db")
    with pytest.raises(EmbeddedError, match="DATABASE_URL names a database elsewhere"):
        serve.serve(parse(["--reset", "--data", str(data)]), print)


def test_what_is_set_outside_wins_except_the_kind_of_practice(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "clinic.example.org")
    monkeypatch.setenv("PALPATE_DEMO", "1")
    kept = dict.fromkeys((*keys.NAMES, "DATABASE_PASSWORD"), "k" * 40)
    env = serve.environment(data, {"DATABASE_URL": "postgres://here/db"}, kept, "http://localhost:8000", demo=False)
    assert env["ALLOWED_HOSTS"] == "clinic.example.org"
    assert env["PALPATE_DEMO"] == "0"
    assert env["DATABASE_URL"] == "postgres://here/db"
    assert "DATABASE_PASSWORD" not in env


def test_manage_py_takes_the_environments_clinic_before_the_one_that_runs(data: Path) -> None:
    running_here = {"DATABASE_URL": "postgres://here/db", "address": "http://localhost:8000"}
    places.write_private(data / "running.json", json.dumps(running_here))
    here = running.settings_of({"PALPATE_DATA": str(data)})
    assert here["DATABASE_URL"] == "postgres://here/db"
    assert here["SECRET_KEY"] == keys.of(data)["SECRET_KEY"]
    assert running.settings_of({"PALPATE_DATA": str(data), "DATABASE_URL": "postgres://elsewhere/db"}) == {}
    assert running.settings_of({"PALPATE_DATA": str(data), "SECRET_KEY": "k" * 40}) == {}


def test_manage_py_is_left_alone_where_no_clinic_runs(data: Path) -> None:
    assert running.settings_of({"PALPATE_DATA": str(data)}) == {}


def test_the_greeting_tells_the_demo_sign_ins_and_only_the_demo(data: Path) -> None:
    demo = serve.greeting("http://localhost:8000", data, demo=True, mail_is_kept=True)
    assert all(name in demo for name in (*serve.DEMO_SIGN_INS, serve.DEMO_PASSWORD, "http://localhost:8000/mailbox/"))
    real = serve.greeting("http://localhost:8000", data, demo=False, mail_is_kept=True)
    assert serve.DEMO_PASSWORD not in real
    assert f"{data}/mailbox" in real

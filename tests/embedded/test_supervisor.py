"""The supervisor: what ends starts again, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clinic.core.embedded import records
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import ROOT
from clinic.core.embedded.supervisor import LONGEST_PAUSE_SECONDS, Supervisor, pause_before_restart
from tests.embedded.conftest import script, wait_until

FOREVER = "import time; time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('ready', 'w'); time.sleep(600)"
PARENT = """
import os, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open("draft", "w").write(str(grandchild.pid)); os.rename("draft", "grandchild"); time.sleep(600)
"""
SUPERVISE = """
import sys, pathlib
from clinic.core.embedded.supervisor import Supervisor
from tests.embedded.conftest import script
data = pathlib.Path(sys.argv[1])
with Supervisor(data / "run") as supervisor:
    for name in ("one", "two"):
        supervisor.start(script(data, "import time; time.sleep(600)", name))
    (data / "ready").touch()
    supervisor.watch()
(data / "orderly").touch()
"""


def test_a_killed_child_starts_again(data: Path, supervisor: Supervisor, said: list[str]) -> None:
    child = supervisor.start(script(data, FOREVER))
    first = child.pid
    os.kill(first, signal.SIGKILL)
    supervisor.watch(until=lambda: child.running() and child.pid != first)
    assert said == [f"child ended unexpectedly; starting it again in 0.25 s (log: {child.command.log})"]


def test_a_child_that_keeps_ending_is_started_ever_more_rarely(
    data: Path, supervisor: Supervisor, said: list[str]
) -> None:
    supervisor.start(script(data, "raise SystemExit(1)"))
    supervisor.watch(until=lambda: len(said) == 3)
    assert [line.split("again in ")[1].split(" (")[0] for line in said] == ["0.25 s", "0.5 s", "1 s"]
    assert pause_before_restart(50) == LONGEST_PAUSE_SECONDS


def test_a_killed_guard_starts_again(data: Path, supervisor: Supervisor) -> None:
    guard = supervisor.guard_pid
    os.kill(guard, signal.SIGKILL)
    supervisor.watch(until=lambda: supervisor.guard_pid not in (0, guard))


def test_the_end_stops_every_child_even_a_stubborn_one(data: Path) -> None:
    with Supervisor(data / "run") as supervisor:
        child = supervisor.start(script(data, STUBBORN, cwd=data, stop_seconds=0.5), (data / "ready").exists)
        began_at = time.monotonic()
    assert not records.birth(child.pid)
    assert 0.4 < time.monotonic() - began_at < 5
    assert records.read(data / "run") == []


def test_what_a_child_started_ends_with_it(data: Path) -> None:
    with Supervisor(data / "run") as supervisor:
        child = supervisor.start(script(data, PARENT, cwd=data), (data / "grandchild").exists)
        first, grandchild = child.pid, int((data / "grandchild").read_text())
        assert records.birth(grandchild)
        os.kill(first, signal.SIGKILL)
        supervisor.watch(until=lambda: child.pid != first)
        wait_until(lambda: not records.birth(grandchild))


def test_higher_stages_stop_first(data: Path) -> None:
    code = "import signal, sys, time\ndef end(*_):\n    open('order', 'a').write(NAME); sys.exit()\n"
    code += "signal.signal(signal.SIGTERM, end); open(NAME, 'w'); time.sleep(600)"
    with Supervisor(data / "run") as supervisor:
        for name, stage in (("database", 0), ("web", 3), ("worker", 2)):
            command = script(data, code.replace("NAME", repr(name)), name, cwd=data, stage=stage)
            supervisor.start(command, (data / name).exists)
    assert (data / "order").read_text() == "webworkerdatabase"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_in_order(number: signal.Signals, data: Path) -> None:
    supervising = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(data)], cwd=ROOT)
    wait_until((data / "ready").exists)
    left = records.read(data / "run")
    supervising.send_signal(number)
    assert supervising.wait(timeout=10) == 0
    assert (data / "orderly").exists()
    assert len(left) == 2
    assert not any(records.is_running(record) for record in left)


def test_asking_twice_is_as_orderly_as_asking_once(data: Path) -> None:
    supervising = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(data)], cwd=ROOT)
    wait_until((data / "ready").exists)
    supervising.send_signal(signal.SIGINT)
    supervising.send_signal(signal.SIGTERM)
    assert supervising.wait(timeout=10) == 0
    assert (data / "orderly").exists()


def test_a_killed_supervisor_leaves_nothing_behind(data: Path) -> None:
    supervising = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(data)], cwd=ROOT)
    wait_until((data / "ready").exists)
    left = records.read(data / "run")
    supervising.kill()
    supervising.wait()
    wait_until(lambda: not any(records.is_running(record) for record in left))
    wait_until(lambda: records.read(data / "run") == [])


def test_the_next_start_stops_what_a_killed_supervisor_and_guard_left_behind(data: Path) -> None:
    orphan = subprocess.Popen([sys.executable, "-c", FOREVER], start_new_session=True)
    (data / "run").mkdir()
    mark = records.birth(orphan.pid)
    records.write(data / "run", records.Record("web", orphan.pid, mark, signal.SIGTERM, 5, 3))
    said: list[str] = []
    with Supervisor(data / "run", said.append):
        assert orphan.wait(timeout=5) == -signal.SIGTERM
    assert said == ["Stopped what an earlier run left behind: web."]


def test_a_process_that_only_inherited_an_id_is_left_alone(data: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", FOREVER], start_new_session=True)
    try:
        (data / "run").mkdir()
        records.write(data / "run", records.Record("web", other.pid, "an earlier birth", signal.SIGTERM, 5, 3))
        with Supervisor(data / "run"):
            assert other.poll() is None
        assert records.read(data / "run") == []
    finally:
        other.kill()
        other.wait()


def test_a_torn_record_is_forgotten(data: Path) -> None:
    (data / "run").mkdir()
    (data / "run/web.json").write_text('{"name": "web"')
    with Supervisor(data / "run"):
        assert list((data / "run").iterdir()) == []


def test_a_program_that_is_not_there_is_a_clear_error(data: Path, supervisor: Supervisor) -> None:
    command = script(data, "")
    with pytest.raises(EmbeddedError, match=r"child cannot be started: .*no-such-program"):
        supervisor.start(type(command)("child", ("/no-such-program",), command.log))


def test_a_child_that_never_answers_is_a_clear_error(data: Path, supervisor: Supervisor) -> None:
    with pytest.raises(EmbeddedError, match=r"child did not answer within 0 seconds(.|\n)*"):
        supervisor.start(script(data, FOREVER), lambda: False, seconds=0.2)


def test_a_long_log_is_turned_over(data: Path, supervisor: Supervisor) -> None:
    command = script(data, FOREVER)
    command.log.parent.mkdir()
    command.log.write_bytes(b"x" * 5_000_001)
    supervisor.start(command)
    assert command.log.stat().st_size == 0
    assert command.log.with_suffix(".old.log").stat().st_size == 5_000_001

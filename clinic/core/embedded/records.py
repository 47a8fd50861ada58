"""Which processes run for a data folder, on disk: whoever comes later can stop them, and nobody else's."""

import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Record:
    """A process that leads a group of its own, and how it is asked to stop."""

    name: str
    pid: int
    birth: str
    stop_signal: int
    stop_seconds: float
    stage: int


def birth(pid: int) -> str:
    """A mark that tells a process from a later one with the same id; empty when there is no such process."""
    if PROC.joinpath("self").exists():
        try:
            after_name = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        state, started = after_name[0], after_name[19]
        return "" if state in "ZX" else f"{_boot()}:{started}"
    told = subprocess.run(
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, started = told.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def _boot() -> str:
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def write(folder: Path, record: Record) -> None:
    """Remember a process."""
    draft = folder / f".{record.name}"
    draft.write_text(json.dumps(asdict(record)))
    draft.replace(folder / f"{record.name}.json")


def forget(folder: Path, name: str) -> None:
    """Forget a process that has ended."""
    (folder / f"{name}.json").unlink(missing_ok=True)


def read(folder: Path) -> list[Record]:
    """Every process remembered; a torn file counts as none."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            found.append(Record(**json.loads(path.read_text())))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            path.unlink(missing_ok=True)
    return found


def is_running(record: Record) -> bool:
    """Whether this very process runs, not another one that got its id."""
    return bool(record.birth) and birth(record.pid) == record.birth


def kill_group(pid: int) -> None:
    """End at once all that is left of a group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return


def stop_all(folder: Path) -> list[str]:
    """Stop every recorded process that still runs, the highest stage first; gives their names."""
    left = read(folder)
    stopped = [record.name for record in left if is_running(record)]
    for stage in sorted({record.stage for record in left}, reverse=True):
        _stop([record for record in left if record.stage == stage])
    for record in left:
        if record in read(folder):  # a new supervisor may have written its own by now
            forget(folder, record.name)
    return stopped


def _stop(stage: list[Record]) -> None:
    running = [record for record in stage if is_running(record)]
    for record in running:
        _send(record)
    deadline = time.monotonic() + max((record.stop_seconds for record in running), default=0)
    while any(is_running(record) for record in running) and time.monotonic() < deadline:
        time.sleep(0.05)
    for record in stage:
        if record in running or _leaderless_group(record):
            kill_group(record.pid)


def _send(record: Record) -> None:
    try:
        os.kill(record.pid, record.stop_signal)
    except ProcessLookupError:
        return


def _leaderless_group(record: Record) -> bool:
    """The leader is gone since this boot and its id was not given away, so the group can only be ours."""
    same_boot = PROC.joinpath("self").exists() and record.birth.startswith(_boot())
    return same_boot and not birth(record.pid)


def command_line(pid: int) -> str:
    """A process's command line; empty when there is no such process."""
    if PROC.joinpath("self").exists():
        try:
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    told = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout

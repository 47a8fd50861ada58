"""Child processes, each in a group of its own and recorded on disk, so that none is left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clinic.core.embedded import records
from clinic.core.embedded.accounts import Account
from clinic.core.embedded.errors import EmbeddedError

LOG_BYTES = 5_000_000


def _nothing() -> None:
    return


@dataclass(frozen=True)
class Command:
    """A server to run: what, as whom, and how it is asked to stop."""

    name: str
    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] | None = None
    account: Account | None = None
    cwd: Path = Path("/")
    pass_fds: tuple[int, ...] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    stage: int = 0  # the highest stage is stopped first
    before_start: Callable[[], None] = _nothing


class Child:
    """One command, while it runs and between its runs."""

    def __init__(self, command: Command, run: Path) -> None:
        self.command = command
        self.started_at = 0.0
        self._run = run
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id; 0 before the first start."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start the command and record it. Raises EmbeddedError when it cannot be run at all."""
        command = self.command
        command.before_start()
        _turn_over(command.log)
        account = command.account
        with command.log.open("ab") as log:
            try:
                self._process = subprocess.Popen(
                    command.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=command.env,
                    cwd=command.cwd,
                    pass_fds=command.pass_fds,
                    start_new_session=True,
                    umask=0o077,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                )
            except OSError as error:
                raise EmbeddedError(f"{command.name} cannot be started: {error}") from error
        self.started_at = time.monotonic()
        self._record(self._process.pid)

    def _record(self, pid: int) -> None:
        command = self.command
        record = records.Record(
            command.name, pid, records.birth(pid), command.stop_signal, command.stop_seconds, command.stage
        )
        records.write(self._run, record)

    def running(self) -> bool:
        """Whether the command runs."""
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the command its stop signal."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(self.command.stop_signal)

    def wait_until_stopped(self, seconds: float) -> None:
        """Wait for the end; after so many seconds, kill."""
        if self._process:
            try:
                self._process.wait(timeout=max(seconds, 0))
            except subprocess.TimeoutExpired:
                records.kill_group(self._process.pid)
                self._process.wait()
            self.clear_up()

    def clear_up(self) -> None:
        """After the command ended: end what it left in its group, and forget it."""
        if self._process:
            records.kill_group(self._process.pid)
        records.forget(self._run, self.command.name)

    def last_words(self, lines: int = 12) -> str:
        """The end of the command's log."""
        try:
            return "\n".join(self.command.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return ""


def stop(children: Iterable[Child]) -> None:
    """Stop children, the highest stage first."""
    children = list(children)
    for stage in sorted({child.command.stage for child in children}, reverse=True):
        together = [child for child in children if child.command.stage == stage]
        for child in together:
            child.ask_to_stop()
        asked_at = time.monotonic()
        for child in together:
            child.wait_until_stopped(asked_at + child.command.stop_seconds - time.monotonic())


def await_ready(child: Child, ready: Callable[[], bool], seconds: float) -> None:
    """Wait until a child answers. Raises EmbeddedError, with the end of its log, when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        ended = not child.running()
        if ended or time.monotonic() > deadline:
            what = "ended while starting" if ended else f"did not answer within {seconds:.0f} seconds"
            raise EmbeddedError(f"{child.command.name} {what}. The end of {child.command.log}:\n{child.last_words()}")
        time.sleep(0.05)


def _turn_over(log: Path) -> None:
    """Keep a log from growing for ever: one old part is kept."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        os.replace(log, log.with_suffix(".old.log"))

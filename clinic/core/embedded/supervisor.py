"""Runs a set of children, starts again what ends, and stops them all in order."""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from clinic.core.embedded import children, records
from clinic.core.embedded.children import Child, Command
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import ROOT

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 20.0  # a child that ran this long starts again without a long pause
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def pause_before_restart(times: int) -> float:
    """Seconds to wait before a child is started again after so many ends in a row."""
    return float(min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** min(times, 10)))


class Supervisor:
    """Starts children, watches them, stops them. Use as a context: what runs at its end is stopped."""

    def __init__(self, run: Path, say: Callable[[str], None] = print) -> None:
        self._run = run
        self._say = say
        self.children: list[Child] = []
        self._ends: dict[str, int] = {}
        self._restart_at: dict[str, float] = {}
        self._guard: subprocess.Popen[bytes] | None = None
        self._sockets: list[socket.socket] = []
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._woken, False)
        self._is_asked_to_stop = False

    @property
    def guard_pid(self) -> int:
        """The guard's process id; 0 when there is none."""
        return self._guard.pid if self._guard else 0

    def __enter__(self) -> "Supervisor":
        self._run.mkdir(mode=0o700, parents=True, exist_ok=True)
        left = records.stop_all(self._run)
        if left:
            self._say(f"Stopped what an earlier run left behind: {', '.join(left)}.")
        self._start_guard()
        return self

    def __exit__(self, *_: object) -> None:
        # Stopping takes seconds at most; asking again does not make it faster, only less orderly.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in STOPPING}
        try:
            children.stop(self.children)
        finally:
            self._end_guard()
            for number, handler in before.items():
                signal.signal(number, handler)
            for listener in self._sockets:
                listener.close()
            os.close(self._wake)
            os.close(self._woken)

    def keep(self, listener: socket.socket) -> int:
        """Hold a listening socket until the end, so that a child can be handed it again and again; gives its number."""
        self._sockets.append(listener)
        return listener.fileno()

    def start(self, command: Command, ready: Callable[[], bool] | None = None, seconds: float = 30) -> Child:
        """Start a child and, given a way to ask it, wait until it answers. Raises EmbeddedError."""
        child = Child(command, self._run)
        self.children.append(child)
        child.start()
        if ready:
            children.await_ready(child, ready, seconds)
        return child

    def watch(self, until: Callable[[], bool] | None = None) -> None:
        """Start again whatever ends, until a signal asks for the end or `until` answers true."""
        with self._signals():
            while not self._is_asked_to_stop and not (until and until()):
                self.look_after()
                self._sleep()

    def look_after(self) -> None:
        """One round: notice the children that ended, start those whose pause is over."""
        if self._guard and self._guard.poll() is not None:
            self._end_guard()
            self._start_guard()
        for child in self.children:
            if child.running():
                continue
            name = child.command.name
            if name not in self._restart_at:
                self._note_end(child)
            elif time.monotonic() >= self._restart_at[name]:
                self._start_again(child)

    def _note_end(self, child: Child) -> None:
        name = child.command.name
        child.clear_up()
        steady = time.monotonic() - child.started_at > STEADY_SECONDS
        self._ends[name] = 0 if steady else self._ends.get(name, -1) + 1
        pause = pause_before_restart(self._ends[name])
        self._restart_at[name] = time.monotonic() + pause
        self._say(f"{name} ended unexpectedly; starting it again in {pause:.2g} s (log: {child.command.log})")

    def _start_again(self, child: Child) -> None:
        try:
            child.start()
        except EmbeddedError as error:
            self._say(str(error))
            self._ends[child.command.name] += 1
            self._restart_at[child.command.name] = time.monotonic() + pause_before_restart(
                self._ends[child.command.name]
            )
            return
        del self._restart_at[child.command.name]

    def _sleep(self) -> None:
        pauses = [at - time.monotonic() for at in self._restart_at.values()]
        readable, _, _ = select.select([self._wake], [], [], max(0.0, min([1.0, *pauses])))
        if readable:
            os.read(self._wake, 512)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self._is_asked_to_stop = True

        def notice(number: int, frame: FrameType | None) -> None:
            return

        before = {number: signal.signal(number, stop) for number in STOPPING}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, notice)
        woken = signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in before.items():
                stays_deaf = self._is_asked_to_stop and number in STOPPING  # until __exit__ has stopped the children
                signal.signal(number, signal.SIG_IGN if stays_deaf else handler)

    def _start_guard(self) -> None:
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "clinic.core.embedded.guard", str(self._run)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            start_new_session=True,
        )

    def _end_guard(self) -> None:
        if self._guard and self._guard.stdin:
            with suppress(BrokenPipeError):
                self._guard.stdin.close()
            self._guard.wait()
        self._guard = None

"""Runs a program as one step: says what is going on, and shows the program's words only if it fails."""

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

SAY_EVERY_SECONDS = 10
LINES_SHOWN = 30


class SetupError(Exception):
    """A step failed; the message holds the end of what it said."""


def run_step(title: str, argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
    """Run a step to its end. Raises SetupError."""
    print(f"{title} …", flush=True)
    began_at = time.monotonic()
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env, cwd=cwd
            )
        except OSError as error:
            raise SetupError(f"{title}: {error}") from error
        _wait(process, began_at)
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace").splitlines()
            raise SetupError("\n".join([f"{title} (exit code {process.returncode})", *said[-LINES_SHOWN:]]))
    print(f"  done in {time.monotonic() - began_at:.0f} s", flush=True)


def _wait(process: "subprocess.Popen[bytes]", began_at: float) -> None:
    try:
        while True:
            try:
                process.wait(timeout=SAY_EVERY_SECONDS)
            except subprocess.TimeoutExpired:
                print(f"  still at it, {time.monotonic() - began_at:.0f} s", flush=True)
            else:
                return
    except BaseException:
        process.kill()
        process.wait()
        raise


def output_of(argv: Sequence[str]) -> str:
    """What a program prints; empty when it fails or is not there."""
    try:
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""

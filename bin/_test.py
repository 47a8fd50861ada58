"""`bin/test`: every check there is, one summary at the end. Arguments are handed to pytest, and then only it runs."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

from _chromium import chromium  # noqa: E402 - the path is set just above
from _steps import SetupError  # noqa: E402

from clinic.core.embedded.errors import EmbeddedError  # noqa: E402
from clinic.core.embedded.services import temporary  # noqa: E402

PYTHON = sys.executable
PROGRAMS = Path(PYTHON).parent
BROWSER_TESTS = "tests/browser"
TEMPLATE = "palpate_test_template"
NO_TESTS_COLLECTED = 5


@dataclass
class Check:
    """One program to run, and how to read its count of tests."""

    name: str
    argv: list[str]
    tally: Path | None = None  # JUnit XML or TAP, written by the program
    ok: bool = False
    seconds: float = 0.0
    passed: int = 0
    failed: int = 0

    def run(self, env: Mapping[str, str]) -> None:
        """Run to the end, showing what the program says."""
        print(f"\n── {self.name}", flush=True)
        began_at = time.monotonic()
        code = subprocess.run(self.argv, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
        self.seconds = time.monotonic() - began_at
        if self.tally:
            self.passed, self.failed = count(self.tally)
        self.ok = code == 0 or (code == NO_TESTS_COLLECTED and self.name.startswith("pytest") and not self.failed)


def count(tally: Path) -> tuple[int, int]:
    """Tests passed and failed; an error while collecting counts as a failed test."""
    if not tally.exists():
        return 0, 0
    if tally.suffix == ".tap":
        found = dict(re.findall(r"^# (pass|fail|cancelled) (\d+)$", tally.read_text(), re.MULTILINE))
        return int(found.get("pass", 0)), int(found.get("fail", 0)) + int(found.get("cancelled", 0))
    cases = list(ElementTree.parse(tally).getroot().iter("testcase"))  # noqa: S314 - pytest wrote it a moment ago
    failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    return len(cases) - failed - skipped, failed


def pytest(name: str, folder: Path, *arguments: str) -> Check:
    """A run of pytest that leaves its count behind."""
    tally = folder / f"{name.replace(' ', '-')}.xml"
    return Check(name, [PYTHON, "-m", "pytest", f"--junit-xml={tally}", *arguments], tally)


def everything(folder: Path) -> Iterator[Check]:
    """All checks, the quick ones first."""
    yield Check("ruff check", [str(PROGRAMS / "ruff"), "check", "."])
    yield Check("ruff format", [str(PROGRAMS / "ruff"), "format", "--check", "."])
    yield Check("mypy", [str(PROGRAMS / "mypy")])
    yield Check("mypy bin", [str(PROGRAMS / "mypy"), *sorted(str(path) for path in (ROOT / "bin").glob("_*.py"))])
    yield Check("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"])
    yield Check("database", [PYTHON, "-m", "tests.template", "make"])
    tally = folder / "node.tap"
    reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"]
    reporters += ["--test-reporter=tap", f"--test-reporter-destination={tally}"]
    scripts = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").rglob("*.test.mjs"))
    yield Check("node", ["node", "--test", *reporters, *scripts], tally)
    # One worker more than there are cores: some tests wait for whole clinics to start and stop.
    yield pytest("pytest", folder, "-q", "-n", "3", f"--ignore={BROWSER_TESTS}")
    yield pytest("pytest browser", folder, "-q", "-n", "2", BROWSER_TESTS)


def run_all(checks: list[Check], env: Mapping[str, str]) -> None:
    """One after another; the types, which keep one core busy for most of a minute, beside the other quick ones."""
    beside = [check for check in checks if check.name == "mypy"]
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(check.run, env) for check in beside]
        for check in checks:
            if check.tally and check.name != "node":  # tests want the machine for themselves
                wait(waiting)
            if check not in beside:
                check.run(env)


def environment(services: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What every check runs with."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    return {
        **inherited,
        **services,
        "PATH": path,
        "MYPYPATH": str(ROOT / "bin"),
        "PALPATE_DEMO": "1",
        "PALPATE_DATA": str(folder / "data"),
        "CHROMIUM_PATH": chromium(),
    }


@contextmanager
def template(env: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment in which the database that tests copy has a name; it does not outlive the run."""
    named = {**env, "TEST_TEMPLATE": TEMPLATE}
    try:
        yield named
    finally:
        drop = [PYTHON, "-m", "tests.template", "drop"]
        subprocess.run(drop, cwd=ROOT, env=named, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def summary(checks: list[Check], seconds: float) -> bool:
    """Print how each check ended; tells whether all went well."""
    print(f"\n── Summary after {seconds:.0f} s")
    for check in checks:
        tests = f"{check.passed} passed, {check.failed} failed" if check.tally else ""
        print(f"{'ok' if check.ok else 'FAILED':<8}{check.name:<18}{check.seconds:>6.1f} s  {tests}".rstrip())
    passed, failed = sum(check.passed for check in checks), sum(check.failed for check in checks)
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return all(check.ok for check in checks)


def main(arguments: list[str]) -> int:
    """Run the checks; gives the exit code."""
    began_at = time.monotonic()

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    with tempfile.TemporaryDirectory(prefix="palpate-test-") as kept:
        folder = Path(kept)
        try:
            with temporary() as services:
                env = environment(services, folder)
                if arguments:
                    checks = [pytest("pytest", folder, *arguments)]
                    run_all(checks, env)
                else:
                    checks = list(everything(folder))
                    with template(env) as with_template:
                        run_all(checks, with_template)
        except (SetupError, EmbeddedError) as error:
            print(f"bin/test: {error}\n\n0 passed, 1 failed", file=sys.stderr)
            return 1
    return 0 if summary(checks, time.monotonic() - began_at) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

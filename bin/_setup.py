"""Makes the checkout ready to run: a Python environment and the front-end packages. Standard library only.

    python3 bin/_setup.py local|dev

Each step is left out when nothing changed since it was last done. Two set-ups in one checkout wait for each other.
"""

import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _steps import SetupError, output_of, run_step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
INSTALLED = VENV / "palpate-installed.json"
OLDEST_NODE = 20
# What uv must be told that pip reads from its own configuration.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}


@contextmanager
def alone() -> Iterator[None]:
    """Wait for any other set-up of this checkout; the lock ends with the process, however it ends."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this checkout is at work; waiting for it …", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def digest(*paths: Path) -> str:
    """A fingerprint of files; an absent one counts as empty."""
    contents = [path.read_bytes() if path.exists() else b"" for path in paths]
    return hashlib.sha256(b"\0".join(hashlib.sha256(content).digest() for content in contents)).hexdigest()


def requirements(kind: str) -> Path:
    """The lock file of a kind of environment."""
    return ROOT / f"requirements-{kind}.txt"


def fingerprint(kind: str) -> str:
    """Changes when the lock file or the environment's Python does."""
    return digest(requirements(kind), VENV / "pyvenv.cfg")


def installed() -> dict[str, str]:
    """What was installed last: its kind and fingerprint."""
    try:
        kept = json.loads(INSTALLED.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return kept if isinstance(kept, dict) else {}


def works(python: Path) -> bool:
    """Whether an environment's Python still runs; the one it was made from may be gone."""
    return python.exists() and output_of([str(python), "-c", "import pip, sys; print(*sys.version_info[:2])"]) != ""


def make_environment() -> None:
    """Make .venv, unless a working one is there."""
    if not INSTALLED.exists() and not works(PYTHON):
        problem = _try_venv()
        if problem and shutil.which("uv"):
            run_step("Making a Python environment", ["uv", "venv", "--seed", "--clear", str(VENV)])
        elif problem and os.geteuid() == 0 and shutil.which("apt-get"):
            version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            run_step("Reading Debian's package list", ["apt-get", "update", "-q"])
            run_step(f"Installing {version}", ["apt-get", "install", "-q", "-y", "--no-install-recommends", version])
            problem = _try_venv()
        if not works(PYTHON):
            raise SetupError(
                f"This Python ({sys.executable}) cannot make environments. On Debian and Ubuntu install the package "
                f"python3-venv; elsewhere install Python from python.org.\n{problem}"
            )


def _try_venv() -> str:
    """Try with this very Python; gives what went wrong, or nothing."""
    try:
        run_step("Making a Python environment", [sys.executable, "-m", "venv", "--clear", str(VENV)])
    except SetupError as error:
        return str(error)
    return ""


def install_packages(kind: str) -> None:
    """Install what the lock file names, each file checked against its hash."""
    before = installed()
    kind = "dev" if before.get("kind") == "dev" else kind  # an environment for tests also serves
    if before == {"kind": kind, "fingerprint": fingerprint(kind)} and PYTHON.exists():
        return
    INSTALLED.unlink(missing_ok=True)
    make_environment()
    _install(requirements(kind))
    INSTALLED.write_text(json.dumps({"kind": kind, "fingerprint": fingerprint(kind)}))


def _install(lock: Path) -> None:
    title = f"Installing Python packages ({lock.read_text().count('==')})"
    uv = find_uv()
    if uv:
        arguments = ["pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
        try:
            run_step(title, [uv, *arguments], env=uv_environment())
        except SetupError:
            print("  uv could not; pip takes over, which takes longer", flush=True)
        else:
            return
    run_step(title, [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", str(lock)])


def find_uv() -> str:
    """The fast installer: the machine's, or one from pip; empty when there is none."""
    found = shutil.which("uv", path=f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if found:
        return found
    try:
        pip_install = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", str(ROOT / "bin/uv.txt")]
        run_step("Fetching the installer", pip_install)
    except SetupError:
        return ""
    return str(VENV / "bin/uv")


def uv_environment() -> dict[str, str]:
    """This environment, with pip's own settings in uv's words; what is set for uv itself wins."""
    told = dict[str, str]()
    lines = output_of([str(PYTHON), "-m", "pip", "config", "list"]).splitlines()
    for line in sorted(lines, key=lambda line: line.startswith(":env:")):  # the environment outranks the files
        setting, _, value = line.partition("=")
        name = UV_NAMES.get(setting.partition(".")[2])
        if name:
            told[name] = " ".join(value.strip().strip("'\"").split("\\n")).strip()
    told.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")  # as pip does; the hashes make it safe
    return told | dict(os.environ)


def find_npm() -> str:
    """The machine's npm if its Node is recent enough, else one from pip."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    version = output_of([node, "--version"]).strip().lstrip("v") if node and npm else ""
    if npm and version and int(version.split(".")[0]) >= OLDEST_NODE:
        return npm
    pip_install = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "-r", str(ROOT / "bin/node.txt")]
    run_step("Fetching Node", pip_install)
    return str(VENV / "bin/npm")


def install_front_end(folder: Path, title: str) -> None:
    """Install what package-lock.json names into node_modules."""
    stamp = folder / "node_modules/.palpate-installed"
    lock = digest(folder / "package-lock.json", folder / "package.json")
    if stamp.exists() and stamp.read_text() == lock:
        return
    npm = find_npm()
    environment = {**os.environ, "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    run_step(title, [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], env=environment, cwd=folder)
    stamp.write_text(lock)


def main() -> int:
    """Set up for serving (local) or for testing (dev); gives the exit code."""
    kind = sys.argv[1]
    try:
        with alone():
            install_packages(kind)
            install_front_end(ROOT, "Installing front-end packages")
    except SetupError as error:
        print(f"\nSet-up failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

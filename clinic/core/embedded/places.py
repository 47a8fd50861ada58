"""Where servers keep their files: a data folder for one clinic, short private folders for sockets."""

import fcntl
import hashlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clinic.core.embedded.accounts import Account, owner_uid, reaches
from clinic.core.embedded.errors import EmbeddedError

# A Unix socket's path holds about 100 characters, and checkouts can lie deep: sockets live here.
SOCKET_ROOT = Path("/tmp").resolve()  # noqa: S108 - each folder in it is made private and checked below
# Files for another account, when root's own folders are closed to it.
SYSTEM_HOME = Path("/var/lib/palpate" if sys.platform.startswith("linux") else "/usr/local/var/palpate")


def short_name(folder: Path) -> str:
    """A short name that two data folders, or two users, never share."""
    return hashlib.sha256(f"{os.geteuid()}:{folder.resolve()}".encode()).hexdigest()[:10]


def private_folder(folder: Path, account: Account | None = None) -> Path:
    """Make a folder that only the account can enter; refuses one that somebody else prepared."""
    try:
        folder.mkdir(mode=0o700, parents=False)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner_uid(account):
            raise EmbeddedError(f"{folder} belongs to somebody else. Remove it, then start again.") from None
        folder.chmod(0o700)
    return folder


def socket_folder(data: Path, server: str, account: Account | None = None) -> Path:
    """The private folder for one server's socket."""
    return private_folder(SOCKET_ROOT / f"palpate-{short_name(data)}-{server}", account)


def server_home(data: Path, account: Account | None) -> Path:
    """The folder that holds a server's data: in the data folder, or where the account can reach it."""
    if reaches(account, data):
        return data
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    home = SYSTEM_HOME / short_name(data)
    home.mkdir(mode=0o755, exist_ok=True)
    if not reaches(account, home):
        raise EmbeddedError(f"PostgreSQL cannot reach {data} nor {home}. Choose another folder with --data.")
    (home / "belongs-to").write_text(f"{data}\n")
    return home


def reachable_copy(tree: Path, beside: tuple[Path, ...], version: str, account: Account | None) -> Path:
    """The tree itself, or a copy of it (and its neighbours) that the account can reach."""
    if reaches(account, tree):
        return tree
    home = SYSTEM_HOME / version
    copied = home / tree.name
    if not copied.is_dir():
        SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = SYSTEM_HOME / f"{version}.{os.getpid()}"
        for part in (tree, *beside):
            shutil.copytree(part, draft / part.name, symlinks=True)
        for folder in (draft, *(draft / part.name for part in (tree, *beside))):
            folder.chmod(0o755)
        try:
            draft.rename(home)
        except OSError:  # another checkout was faster
            shutil.rmtree(draft)
    if not reaches(account, copied):
        raise EmbeddedError(f"PostgreSQL cannot reach {copied}. Run Palpate as an ordinary user.")
    return copied


def in_use(data: Path) -> bool:
    """Whether a clinic runs on the data folder now."""
    try:
        with sole_use(data):
            return False
    except EmbeddedError:
        return True


@contextmanager
def sole_use(data: Path) -> Iterator[None]:
    """Hold the data folder for this process alone. Raises EmbeddedError when another one has it."""
    lock = os.open(data / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(_already_running(data)) from None
        yield
    finally:
        os.close(lock)


def _already_running(data: Path) -> str:
    running = read_json(data / "running.json")
    where = f" at {running['address']}" if "address" in running else ""
    return f"Palpate already runs on {data}{where}. Stop it first, or choose another folder with --data."


def read_json(path: Path) -> dict[str, str]:
    """A small JSON object from a file; an absent or torn file is empty."""
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def sockets_of(data: Path) -> Iterator[None]:
    """While a clinic runs on the data folder: its socket folders are gone afterwards, however it ended."""
    try:
        yield
    finally:
        remove_sockets(data)


def remove_sockets(data: Path) -> None:
    """Remove a data folder's socket folders."""
    for folder in SOCKET_ROOT.glob(f"palpate-{short_name(data)}-*"):
        shutil.rmtree(folder, ignore_errors=True)

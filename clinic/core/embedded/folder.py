"""One clinic's data folder: what it holds, demo or real practice, and how it is emptied."""

import json
import shutil
from pathlib import Path

from clinic.core.embedded import places
from clinic.core.embedded.accounts import unprivileged
from clinic.core.embedded.errors import EmbeddedError

DEMO, REAL = "demo", "real"
MARK = "palpate.json"
OURS = (
    "postgres", "postgres.new", "valkey", "mailbox", "media", "static", "stamps", "logs", "run",
    "beat-schedule*", "secrets.json", "running.json", MARK,
)  # fmt: skip


def open_folder(data: Path, *, empty: bool) -> str:
    """Make the folder ready and tell which practice it holds. Raises EmbeddedError when it holds something else."""
    data.parent.mkdir(parents=True, exist_ok=True)
    if data.exists() and not data.is_dir():
        raise EmbeddedError(f"{data} is not a folder.")
    data.mkdir(exist_ok=True)
    # Others may not look in; root's PostgreSQL, which runs as another account, must pass through.
    data.chmod(0o711 if unprivileged() else 0o700)
    holds = places.read_json(data / MARK).get("holds")
    if holds is None:
        strange = sorted(path.name for path in data.iterdir() if not any(path.match(ours) for ours in (*OURS, "lock")))
        if strange:
            raise EmbeddedError(
                f"{data} holds other files ({', '.join(strange[:3])}). Choose an empty folder with --data."
            )
        holds = REAL if empty else DEMO
        places.write_private(data / MARK, json.dumps({"holds": holds}))
    if empty and holds == DEMO:
        raise EmbeddedError(
            f"{data} holds the demo practice. Choose another folder with --data, or add --reset to remove the demo."
        )
    return holds


def reset(data: Path) -> None:
    """Remove the demo's data. Raises EmbeddedError for a real practice, which nobody should lose to an option."""
    holds = places.read_json(data / MARK).get("holds")
    if holds == REAL:
        raise EmbeddedError(
            f"{data} holds a real practice, so --reset leaves it alone. Back it up, then remove the folder yourself."
        )
    if holds is None:
        return
    for home in {data, places.server_home(data, unprivileged())}:
        for path in [path for ours in OURS for path in home.glob(ours)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

"""What was already done to a data folder, so that a second start need not do it again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(paths: Iterable[Path], *more: str) -> str:
    """A fingerprint of the files' names and contents, and of anything else that matters."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    for text in more:
        total.update(f"\0{text}".encode())
    return total.hexdigest()


class Stamps:
    """Remembers, under a name, the fingerprint a step was last done for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_fresh(self, step: str, fingerprint: str) -> bool:
        """Whether the step was done for this very fingerprint."""
        try:
            return (self._folder / step).read_text() == fingerprint
        except FileNotFoundError:
            return False

    def put(self, step: str, fingerprint: str) -> None:
        """Remember that the step is done."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / step).write_text(fingerprint)

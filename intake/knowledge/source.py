"""The clinical knowledge as its files have it: `intake/data/knowledge/*.yaml`, read once per process."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "data" / "knowledge"
FORMS = FOLDER.parent / "forms"
BUILDERS = FOLDER.parent.parent / "ready_forms"
MEASURES = "urn:palpate:measure"
"""The system of codes of outcome measures, in forms."""
Entry = dict[str, Any]


@cache
def read(name: str) -> Any:
    """One file, parsed. Callers must not change it."""
    return yaml.load((FOLDER / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)


@cache
def wording() -> dict[str, dict[str, str]]:
    """Words for answer codes, by group of question."""
    words: dict[str, dict[str, str]] = yaml.load((FORMS / "wording.yaml").read_bytes(), Loader=yaml.CSafeLoader)
    return words


def digest() -> str:
    """Changes whenever any file does, or what builds forms from them."""
    total = hashlib.sha256()
    for path in sorted([*FOLDER.glob("*.yaml"), *FORMS.glob("*.yaml"), *BUILDERS.glob("*.py")]):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def entries(name: str) -> list[Entry]:
    """The entries of a file that is a list."""
    rows: list[Entry] = read(name)
    return rows


def by_code(name: str) -> dict[str, Entry]:
    return {row["code"]: row for row in entries(name)}

"""Nobody is ever told that a red flag is "cleared": a question finds, it does not rule out."""

import re
from pathlib import Path

import pytest

from clinic.messaging.default_wordings import DEFAULTS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("clinic", "intake", "scheduling", "treatments", "templates")
KINDS = {".html", ".py", ".yaml", ".json", ".js", ".mjs", ".txt", ".po"}
CLEARED = re.compile(r"\bcleared\b|\ball[- ]clear\b", re.IGNORECASE)
FILES = sorted(
    path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in KINDS and path.is_file()
)


def test_no_text_that_reaches_anybody_says_cleared() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in FILES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if CLEARED.search(line)
    ]
    assert found == []


def test_the_guard_finds_the_word() -> None:
    assert CLEARED.search("Cleared by the oncology team: see contraindications.")
    assert not CLEARED.search("Surgeon's clearance first; it is unclear.")


@pytest.mark.parametrize("purpose", DEFAULTS, ids=str)
def test_no_mail_says_cleared(purpose: str) -> None:
    subject, body = DEFAULTS[purpose]
    assert not CLEARED.search(f"{subject} {body}")

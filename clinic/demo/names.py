"""Invented names. Any likeness is chance; addresses are under example.org and numbers are 555-01xx."""

import unicodedata
from pathlib import Path

_DATA = Path(__file__).parent / "data"
GIVEN = tuple((_DATA / "given_names.txt").read_text().split())
FAMILY = tuple((_DATA / "family_names.txt").read_text().split())
STREETS = (
    "Alder Way",
    "Bay Road",
    "Cedar Court",
    "Dune Lane",
    "Elm Row",
    "Ferry Street",
    "Garden Terrace",
    "Hill Rise",
)


def mailbox(given: str, family: str, number: int) -> str:
    """A mail address that cannot exist."""
    plain = unicodedata.normalize("NFKD", f"{given}.{family}".lower()).encode("ascii", "ignore").decode()
    return f"{plain}.{number}@example.org"


def phone(number: int) -> str:
    """E.164, from the block that is never given out (555-0100 to 555-0199), area codes vary."""
    area = 202 + (number // 100) % 700
    return f"+1{area}5550{100 + number % 100}"

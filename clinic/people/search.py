"""What somebody typed to find a client, taken apart. Pure."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from django.utils.dates import MONTHS, MONTHS_3

from clinic.core.numbers import whole

MAX_LENGTH = 100
MAX_TERMS = 6
TRIGRAM = 3  # shorter words match from their beginning only: an index of trigrams cannot find them inside

_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_SEPARATED = re.compile(r"(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})")
_COMPACT = re.compile(r"\d{8}")
_NUMERIC = re.compile(r"[#+(]{0,2}\d[\d()./-]*")
_SPACED_DATE = re.compile(r"\b(\d{1,2})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})\b")
_APOSTROPHES = str.maketrans("", "", "'’ʼ`´\x00")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must match: a word, or digits that may be a phone number, a client number or a birth date."""

    text: str
    digits: tuple[str, ...] = ()
    dates: tuple[dt.date, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def is_word(self) -> bool:
        return not self.digits and not self.dates

    @property
    def number(self) -> int | None:
        """The client number this could be in full."""
        return whole(self.text.removeprefix("#"))


def parse(text: str, *, region: str, today: dt.date) -> list[Term]:
    """The terms of a search. `region` reads national phone numbers, `today` tells 67 from 1967."""
    text = unicodedata.normalize("NFKC", text)[:MAX_LENGTH].translate(_APOSTROPHES)
    text = "".join(each if each.isprintable() else " " for each in text)
    text, named = _take_named_dates(text, today)
    text = _SPACED_DATE.sub(r"\1\2\3\2\4", text)
    return [*named, *_terms(text.split(), region, today)][:MAX_TERMS]


def _terms(tokens: list[str], region: str, today: dt.date) -> Iterator[Term]:
    run: list[str] = []
    for token in [*tokens, ""]:
        dates = _dates(token, today)
        if token and not dates and _NUMERIC.fullmatch(token):
            run.append(token)
            continue
        if run:
            yield _digits(run, region)
            run = []
        if dates:
            yield Term(token, dates=dates, digits=(token,) if _COMPACT.fullmatch(token) else ())
        elif token:
            yield from (Term(word) for word in _words(token))


def _words(token: str) -> list[str]:
    """A hyphenated name matches written apart, too; an address is taken whole."""
    pieces = [token] if "@" in token else token.split("-")
    trimmed = [piece.strip('.,;:!?"()[]{}<>*#+/') for piece in pieces]
    return [piece for piece in trimmed if piece]


def _digits(run: list[str], region: str) -> Term:
    """Neighbouring numbers are one phone number, perhaps, written with spaces, or several things that all match."""
    text = " ".join(run)
    joined = re.sub(r"\D", "", text.replace("(0)", ""))
    candidates = [joined.lstrip("0") or joined, *_as_phone(text, region)]
    parts = tuple(re.sub(r"\D", "", token) for token in run) if len(run) > 1 else ()
    return Term(text, digits=tuple(dict.fromkeys(candidates)), parts=parts)


def _as_phone(text: str, region: str) -> list[str]:
    """The international digits of a complete phone number, whatever prefix it was dialled with."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return []
    if not phonenumbers.is_possible_number(number):
        return []
    return [phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")]


def _dates(token: str, today: dt.date) -> tuple[dt.date, ...]:
    """The days a token can mean; day and month in either order where both are possible."""
    if match := _ISO.fullmatch(token):
        found = [_date(match["y"], match["m"], match["d"], today)]
    elif match := _SEPARATED.fullmatch(token.rstrip(".")):
        found = [_date(match["y"], match["b"], match["a"], today), _date(match["y"], match["a"], match["b"], today)]
    elif _COMPACT.fullmatch(token):
        found = [
            _date(token[:4], token[4:6], token[6:], today),
            _date(token[4:], token[2:4], token[:2], today),
            _date(token[4:], token[:2], token[2:4], today),
        ]
    else:
        return ()
    return tuple(dict.fromkeys(day for day in found if day is not None and dt.date(1850, 1, 1) <= day <= today))


def _date(year: str, month: str, day: str, today: dt.date) -> dt.date | None:
    """A date, or None when there is none; two digits of a year mean the last hundred years."""
    full = int(year)
    if len(year) == 2:
        century = today.year // 100 * 100
        full += century if century + full <= today.year else century - 100
    try:
        return dt.date(full, int(month), int(day))
    except ValueError:
        return None


def _take_named_dates(text: str, today: dt.date) -> tuple[str, list[Term]]:
    """Dates with the month in letters, "4 August 1967" or "Aug 4, 1967", taken out of the text."""
    months = {str(name).lower().rstrip("."): number for names in (MONTHS, MONTHS_3) for number, name in names.items()}
    name = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
    pattern = re.compile(
        rf"\b(?:(?P<d1>\d{{1,2}})\.?\s+(?P<m1>{name})\.?|(?P<m2>{name})\.?\s+(?P<d2>\d{{1,2}})),?\s+(?P<y>\d{{4}})\b",
        re.I,
    )
    found: list[Term] = []

    def take(match: re.Match[str]) -> str:
        month = months[(match["m1"] or match["m2"]).lower()]
        day = _date(match["y"], str(month), match["d1"] or match["d2"], today)
        if day is None:
            return match[0]
        found.append(Term(match[0], dates=(day,)))
        return " "

    return pattern.sub(take, text), found


def nearest(typed: str, words: list[str], *, limit: int = 5) -> list[str]:
    """Of some similar words those that differ least from what was typed, or began to be."""
    typed = _plain(typed)
    measured = sorted((edits(typed, word[: len(typed)]) + edits(typed, word) / 100, word) for word in words)
    best = int(measured[0][0]) if measured else 0
    return [word for distance, word in measured if int(distance) == best][:limit]


def edits(one: str, other: str) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour.

    Optimal string alignment distance: Boytsov, "Indexing methods for approximate dictionary searching", ACM Journal
    of Experimental Algorithmics 16 (2011), section 2.2.
    """
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            cost = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]


def _plain(text: str) -> str:
    """Lower case without accents, nearly as the database folds names."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def resemblance(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, whatever the order of their words: the share of letters that need no edit."""
    left, right = (" ".join(sorted(_plain(name).replace("-", " ").split())) for name in (one, other))
    longest = max(len(left), len(right))
    return 1 - edits(left, right) / longest if longest else 0.0

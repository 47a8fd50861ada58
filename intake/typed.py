"""What was typed into the controls of one question, as values of its item's type; ValueError says what to do instead.

Beside its own address a question may send `address:text` (something else than the listed answers) and `address:unit`.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from re import compile as pattern
from typing import Any
from urllib.parse import urlsplit

import regex
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format, number_format, sanitize_separators
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intake.fhir import Item
from intake.fhir.values import Code, DateTime, PartialDate, Quantity, Ref, Time
from intake.record_details import is_about_the_record
from intake.record_details import read as read_detail

MOST_ANSWERS = 50
WHOLE_LIMITS = (-(2**31), 2**31 - 1)  # FHIR's integer has 32 bits
MOST_DIGITS = 18
FIRST_YEAR, LAST_YEAR = 1800, 2300  # beyond them a zone's offset cannot be reckoned everywhere
REGEX_SECONDS = 0.05
OTHER = "other"
_UNKEPT = pattern(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # what FHIR's string, and XML, leave out
_WHOLE = pattern(r"[+-]?[0-9]{1,12}")
_PART = pattern(
    r"(?P<year>[0-9]{4})(-(?P<month>0?[1-9]|1[0-2]))?|(?P<before>0?[1-9]|1[0-2])\s?[./-]\s?(?P<other>[0-9]{4})"
)
PART_OF_DATE = frozenset({"YYYY", "YYYY-MM", "MM/YYYY", "MM.YYYY"})
"""What an item of type date says as its entryFormat when a year, or a year and a month, will do."""
_TIME = pattern(r"([01][0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?")


def typed_values(item: Item, address: str, data: QueryDict) -> list[Any]:
    """The answers to one question; none when nothing was typed."""
    if item.type == "choice":
        return chosen(item, data.getlist(address))
    if item.type == "open-choice":
        return _open(item, data.getlist(address), text(data.get(f"{address}:text", ""), item.max_length))
    if item.type == "boolean":
        return [data[address] == "yes"] if data.get(address) else []
    if item.type == "quantity":
        amount = plain(data.get(address, ""))
        return [_quantity(item, amount, data.get(f"{address}:unit", ""))] if amount else []
    raws = [plain(raw) for raw in data.getlist(address)]
    raws = [raw for raw in raws if raw] if item.repeats else [raw for raw in raws[-1:] if raw]
    most = item.max_occurs or MOST_ANSWERS
    if len(raws) > most:
        raise ValueError(ngettext("Please give one answer.", "Please give at most %(n)s answers.", most) % {"n": most})
    return [_READERS[item.type](item, raw) for raw in raws]


def chosen(item: Item, tokens: list[str]) -> list[str]:
    """Tokens of listed answers; one that goes with no other gives way."""
    kept = list(dict.fromkeys(token for token in tokens if token))
    if any(item.option(token) is None for token in kept):
        raise ValueError(_("Please choose from the list."))
    if len(kept) > 1:
        if not item.repeats:
            raise ValueError(_("Please choose one."))
        kept = [token for token in kept if not item.option(token).is_exclusive]  # type: ignore[union-attr]
    if item.max_occurs and len(kept) > item.max_occurs:
        most = item.max_occurs
        raise ValueError(ngettext("Please choose one.", "Please choose at most %(n)s.", most) % {"n": most})
    return kept


def _open(item: Item, tokens: list[str], own: str) -> list[Any]:
    """Listed answers as their values, and a text of one's own."""
    listed = chosen(item, [token for token in tokens if token != OTHER])
    if not item.repeats and own and (OTHER in tokens or not listed):
        return [own]
    found: list[Any] = []
    for token in listed:
        option = item.option(token)
        found.append(option.value if option and option.value is not None else Code(token))
    return [*found, own] if own and item.repeats else found


def plain(raw: str) -> str:
    """Without signs that no document may hold, with one kind of line break and nothing empty round it."""
    return _UNKEPT.sub("", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()


def text(raw: str, most: int) -> str:
    """What was written, in plain signs. Raises ValueError when it is too long."""
    kept = plain(raw)
    if len(kept) > most:
        raise ValueError(_("Please use at most %(number)s characters.") % {"number": most})
    return kept


def _words(item: Item, raw: str) -> str:
    words = text(raw, item.max_length)
    if len(words) < item.min_length:
        raise ValueError(_("Please use at least %(number)s characters.") % {"number": item.min_length})
    if item.regex and not _fits(item.regex, words):
        shape = item.entry_format
        raise ValueError(
            _("Please write it like this: %(shape)s") % {"shape": shape} if shape else _("Please check this.")
        )
    if is_about_the_record(item):
        read_detail(item.client_field, words)
    return words


def _fits(expression: str, words: str) -> bool:
    """Whether a form's own pattern takes it. A pattern that takes too long, or is none, refuses nobody."""
    try:
        return regex.fullmatch(expression, words, timeout=REGEX_SECONDS) is not None
    except (regex.error, TimeoutError):
        return True


def _url(item: Item, raw: str) -> str:
    words = _words(item, raw)
    try:
        parts = urlsplit(words)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(sign.isspace() for sign in words):
        raise ValueError(_("Please enter an address that begins with https://"))
    return words


def number(item: Item, raw: str) -> int | Decimal:
    """A whole number or a decimal, within the item's limits."""
    plain = sanitize_separators(raw) if item.type != "integer" else raw
    if item.type == "integer" and not _WHOLE.fullmatch(plain):
        raise ValueError(_("Please enter a whole number."))
    try:
        value = int(plain) if item.type == "integer" else Decimal(plain)
    except (InvalidOperation, ValueError):
        raise ValueError(_("Please enter a number.")) from None
    if isinstance(value, Decimal) and not _is_plain(value):
        raise ValueError(_("Please enter a number."))
    if isinstance(value, int) and not WHOLE_LIMITS[0] <= value <= WHOLE_LIMITS[1]:
        raise ValueError(_("Please enter a smaller number."))
    return within(item, value)  # type: ignore[no-any-return]


def _is_plain(value: Decimal) -> bool:
    return value.is_finite() and len(value.as_tuple().digits) <= MOST_DIGITS and abs(value.adjusted()) <= MOST_DIGITS


def within(item: Item, value: Any) -> Any:
    """Raises ValueError for what lies outside the item's smallest and largest value."""
    low, high = item.min_value, item.max_value
    is_low = low is not None and _is_like(low, value) and value < low
    is_high = high is not None and _is_like(high, value) and value > high
    if not is_low and not is_high:
        return value
    if low is not None and high is not None:
        words = {"low": _said(low), "high": _said(high)}
        if isinstance(value, dt.date):
            raise ValueError(_("Please enter a date from %(low)s to %(high)s.") % words)
        raise ValueError(_("Please enter a number from %(low)s to %(high)s.") % words)
    if is_low:
        raise ValueError(_("Please enter %(low)s or more.") % {"low": _said(low)})
    raise ValueError(_("Please enter %(high)s or less.") % {"high": _said(high)})


def _is_like(limit: Any, value: Any) -> bool:
    numbers = (int, float, Decimal)
    return (isinstance(value, numbers) and isinstance(limit, numbers)) or type(limit) is type(value)


def _said(limit: Any) -> str:
    if isinstance(limit, dt.date):
        return date_format(limit, "DATE_FORMAT")
    return number_format(limit) if isinstance(limit, int | float | Decimal) else str(limit)


def _quantity(item: Item, raw: str, token: str) -> Quantity:
    amount = number(item, raw)
    units = {str(unit): unit for unit in item.unit_options}
    unit = units.get(token) or next(iter(units.values()), None)
    if token and units and token not in units:
        raise ValueError(_("Please choose from the list."))
    if unit is None:
        return Quantity(Decimal(amount), item.unit)
    return Quantity(Decimal(amount), unit.display or str(unit), unit.system, str(unit))


def _date(item: Item, raw: str) -> dt.date | PartialDate:
    """A day; where the form says that less will do, a year or a year and a month."""
    if takes_part_of_date(item) and (found := _PART.fullmatch(raw)):
        year = int(found["year"] or found["other"])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(_("Please enter a date."))
        month = found["month"] or found["before"]
        within(item, dt.date(year, int(month or 1), 1))
        return PartialDate(f"{year}-{int(month):02}" if month else str(year))
    try:
        day = dt.date.fromisoformat(raw)
    except ValueError:
        raise ValueError(_("Please enter a date.")) from None
    return within(item, day)  # type: ignore[no-any-return]


def takes_part_of_date(item: Item) -> bool:
    return item.type == "date" and item.entry_format.upper() in PART_OF_DATE


def _date_time(item: Item, raw: str) -> DateTime:
    """A wall-clock time of the place, kept with its offset."""
    at: dt.datetime | None = None
    with suppress(ValueError):
        at = dt.datetime.fromisoformat(raw)
    if at is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(_("Please enter a date and a time."))
    local = timezone.make_aware(at) if timezone.is_naive(at) else timezone.localtime(at)
    return DateTime(local.isoformat(timespec="seconds"))


def _time(item: Item, raw: str) -> Time:
    found = _TIME.fullmatch(raw)
    if not found:
        raise ValueError(_("Please enter a time."))
    return Time(raw if found[3] else f"{raw}:00")


def _reference(item: Item, raw: str) -> Ref:
    return Ref(display=_words(item, raw))


_READERS: dict[str, Callable[[Item, str], Any]] = {
    "integer": number,
    "decimal": number,
    "date": _date,
    "dateTime": _date_time,
    "time": _time,
    "string": _words,
    "text": _words,
    "url": _url,
    "reference": _reference,
}

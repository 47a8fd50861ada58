"""Answers in words: for the review page and the therapist's page before the session."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from intake import body_map
from intake.asked import Asked, asked_in
from intake.fhir import Answers, Item, Kind, Situation, addresses, enabled_items, read_response
from intake.fhir.values import Attachment, Code, DateTime, PartialDate, Quantity, Ref, Time
from intake.file_rules import pk_of
from intake.form_cache import form_of
from intake.models import Response
from intake.signatures import Drawn, drawn


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer in words; an empty answer was left out."""

    label: str
    value: str
    item: Item
    is_flagged: bool = False
    ink: Drawn | None = None
    files: tuple[tuple[uuid.UUID, Attachment], ...] = ()
    """Files that are kept here, each with its row's id."""


def answers_of(response: Response) -> Answers:
    return read_response(response.answers, form_of(response.questionnaire))


def situation_of(response: Response, today: dt.date) -> Situation:
    born_on = response.client.born_on
    age = None if born_on is None else age_on(born_on, today)
    return Situation(age=age, consents=frozenset(response.consent_texts) or None)


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Whole years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def summary(response: Response) -> list[tuple[str, str]]:
    """The answers that matter before a session, as (few words, answer); what was left out is left out."""
    answers = answers_of(response)
    items = form_of(response.questionnaire).by_link_id.values()
    pairs = ((item.summary, _summed_up(item, answers)) for item in items if item.summary)
    return [(label, value) for label, value in pairs if value]


def _summed_up(item: Item, answers: Answers) -> str:
    """An answer in words; the rows of a group one after the other, each as what and how much."""
    if not item.has_rows:
        return in_words(item, answers)
    address = addresses.encoded(item.link_id)
    prefixes = [addresses.row(address, number) for number in range(answers.rows.get(address, 0))]
    questions = [each for each in item.walk() if each.is_question]
    rows = [
        [in_words(each, answers, addresses.join(prefix, each.link_id)) for each in questions] for prefix in prefixes
    ]
    return "; ".join(": ".join(words for words in row if words) for row in rows if any(row))


def sections(response: Response, today: dt.date) -> Iterator[tuple[Item, list[Line]]]:
    """Everything that was asked, section by section."""
    answers = answers_of(response)
    form = form_of(response.questionnaire)
    enabled = enabled_items(form, answers, situation_of(response, today))
    flagged = {flag.rule.code for flag in response.red_flags.all()}
    for section in form.sections:
        lines = [
            _line(asked, answers, is_flagged=asked.item.code in flagged)
            for asked in asked_in(section, answers)
            if asked.address in enabled
        ]
        if lines:
            yield section, lines


def _line(asked: Asked, answers: Answers, *, is_flagged: bool) -> Line:
    words = in_words(asked.item, answers, asked.address)
    files = tuple((pk, value) for value in answers.all(asked.address) if (pk := pk_of(value)))
    return Line(_label(asked), words, asked.item, is_flagged, _ink(asked, answers), files)


def in_words(item: Item, answers: Answers, address: str = "") -> str:
    """An answer as a person says it; at the item's own linkId where no row is named."""
    address = address or addresses.encoded(item.link_id)
    if item.kind is Kind.PAIN_MAP:
        return body_map.spoken(answers.marks.get(address, ()))
    if item.kind is Kind.SIGNATURE:
        signature = answers.one(address)
        return (signature.name or _("Signed by hand")) if signature else ""
    return ", ".join(_word(item, value) for value in answers.all(address))


def _ink(asked: Asked, answers: Answers) -> Drawn | None:
    signature = answers.one(asked.address) if asked.item.kind is Kind.SIGNATURE else None
    return drawn(signature.strokes) if signature else None


def _label(asked: Asked) -> str:
    """The question; in a group that repeats, with the number of its row."""
    label = str(asked.item.extensions.get("heading") or asked.item.text)
    rows, _link_id = addresses.parse(asked.address)
    return f"{'.'.join(str(number + 1) for _name, number in rows)} · {label}" if rows else label


def _word(item: Item, value: Any) -> str:
    option = item.option(value) if isinstance(value, str) else None
    match value:
        case bool():
            return _("Yes") if value else _("No")
        case Code():
            return value.display or (option.display if option else str(value))
        case PartialDate() if "-" in value:
            return date_format(dt.date.fromisoformat(f"{value}-01"), "YEAR_MONTH_FORMAT")
        case PartialDate() | Time():
            return str(value)
        case DateTime():
            return date_format(timezone.localtime(value.at), "DATETIME_FORMAT") if value.at else str(value)
        case dt.date():
            return date_format(value, "DATE_FORMAT")
        case Quantity():
            return f"{number_format(value.value)} {value.unit}".strip() if value.value is not None else ""
        case Ref():
            return value.display or value.reference
        case Attachment():
            return value.title or value.url
        case int() | float() | Decimal():
            if item.kind is Kind.SCALE:
                return _on_scale(item, value)
            return f"{number_format(value)} {item.unit}".strip()
    return option.display if option else str(value)


def _on_scale(item: Item, value: Any) -> str:
    ends = {"number": number_format(value), "low": item.min_value, "high": item.max_value}
    if isinstance(item.min_value, int) and item.min_value < 0:
        ends |= {name: signed(ends[name]) for name in ("low", "high")} | {"number": signed(value)}
        return _("%(number)s on a scale from %(low)s to %(high)s") % ends
    return _("%(number)s of %(high)s") % {"number": ends["number"], "high": ends["high"] or 10}


def signed(number: Any) -> str:
    """With its sign, a real minus included."""
    words = number_format(abs(number))
    return f"+{words}" if number > 0 else f"−{words}" if number < 0 else words

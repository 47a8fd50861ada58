"""Answers in words: for the review page and the therapist's page before the session."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from intake import body_map
from intake.fhir import Answers, Item, Kind, Situation, enabled_items, read_response
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
    pairs = ((item.summary, in_words(item, answers)) for item in items if item.summary)
    return [(label, value) for label, value in pairs if value]


def sections(response: Response, today: dt.date) -> Iterator[tuple[Item, list[Line]]]:
    """Everything that was asked, section by section."""
    answers = answers_of(response)
    form = form_of(response.questionnaire)
    enabled = enabled_items(form, answers, situation_of(response, today))
    flagged = {flag.rule.code for flag in response.red_flags.all()}
    for section in form.sections:
        lines = [
            Line(_label(item), in_words(item, answers), item, item.code in flagged, _ink(item, answers))
            for item in questions(section)
            if item.link_id in enabled
        ]
        if lines:
            yield section, lines


def questions(section: Item) -> Iterator[Item]:
    """The items of a section that ask something; a pain map is one."""
    for item in section.items:
        if item.type == "group" and item.kind is not Kind.PAIN_MAP:
            yield from questions(item)
        elif item.type != "display":
            yield item


def in_words(item: Item, answers: Answers) -> str:
    """An answer as a person says it."""
    if item.kind is Kind.PAIN_MAP:
        return body_map.spoken(answers.marks.get(item.link_id, ()))
    if item.kind is Kind.SIGNATURE:
        signature = answers.one(item.link_id)
        return (signature.name or _("Signed by hand")) if signature else ""
    return ", ".join(_word(item, value) for value in answers.all(item.link_id))


def _ink(item: Item, answers: Answers) -> Drawn | None:
    signature = answers.one(item.link_id) if item.kind is Kind.SIGNATURE else None
    return drawn(signature.strokes) if signature else None


def _label(item: Item) -> str:
    return str(item.extensions.get("heading") or item.text)


def _word(item: Item, value: Any) -> str:
    if item.type == "choice":
        option = item.option(value)
        return option.display if option else str(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | float | Decimal):
        words = number_format(value)
        return _("%(number)s of 10") % {"number": words} if item.kind is Kind.SCALE else f"{words} {item.unit}".strip()
    return str(value)

"""Whether a QuestionnaireResponse can be taken in: held to what a client filling in the same form is held to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from intake.fhir.answers import Answers, read_response
from intake.fhir.comparing import holds
from intake.fhir.enabled import decide
from intake.fhir.forms import Form
from intake.fhir.items import Item, Kind
from intake.fhir.report import Problem, Report, against_schema, fatal
from intake.fhir.scope import Situation
from intake.fhir.values import VALUE_KEYS, Json, read_value


def check_response(document: Any, form: Form, situation: Situation) -> Report:
    """Every problem of a response to this form; each is fatal. Whether required answers are there is not asked here."""
    found = [*against_schema(document, "QuestionnaireResponse")]
    if not found:
        found = [*_level(document.get("item", ()), form.items)]
    if not found:
        found = [*_not_asked(form, read_response(document, form), situation)]
    return Report(tuple(found))


def _level(rows: Iterable[Json], items: Iterable[Item]) -> Iterator[Problem]:
    """Rows that stand together, against the items that may."""
    known = {item.link_id: item for item in items}
    counted: Counter[str] = Counter()
    for row in rows:
        link_id = row["linkId"]
        item = known.get(link_id)
        counted[link_id] += 1
        if item is None or item.type == "display":
            yield fatal("unknown-item", _("The form does not ask this here."), link_id)
        elif counted[link_id] > 1 and not (item.type == "group" and item.repeats):
            yield fatal("too-many", _("The form asks this once."), link_id)
        elif item.type == "group":
            yield from _group(row, item)
        else:
            yield from _question(row, item)
    for link_id, number in counted.items():
        group = known.get(link_id)
        if group is not None and group.type == "group" and group.max_occurs and number > group.max_occurs:
            yield fatal("too-many", _("The form takes %(most)s of these.") % {"most": group.max_occurs}, link_id)


def _group(row: Json, item: Item) -> Iterator[Problem]:
    if "answer" in row:
        yield fatal("wrong-type", _("This is a group; it has no answer."), item.link_id)
    yield from _level(row.get("item", ()), item.items)
    if item.kind is Kind.PAIN_MAP:
        given = {child["linkId"] for child in row.get("item", ()) if child.get("answer")}
        if f"{item.link_id}.region" not in given:
            yield fatal("missing", _("A mark does not say where it is."), item.link_id)


def _question(row: Json, item: Item) -> Iterator[Problem]:
    given = row.get("answer", ())
    if "item" in row:
        yield fatal("wrong-type", _("What is asked under a question stands under its answer."), item.link_id)
    if item.max_occurs is not None and len(given) > item.max_occurs:
        yield fatal("too-many", _("The form takes %(most)s of these.") % {"most": item.max_occurs}, item.link_id)
    if len(given) > 1 and any(read_value(answer) is None for answer in given):
        yield fatal("no-value", _("One of several answers has no value."), item.link_id)
    for answer in given:
        yield from _level(answer.get("item", ()), item.items)
        if read_value(answer) is not None:
            yield from _value(answer, item)


def _value(answer: Json, item: Item) -> Iterator[Problem]:
    key = next(key for key in answer if key.startswith("value"))
    value = read_value(answer)
    options = [option.value for option in item.options if option.value is not None]
    if item.type in {"choice", "open-choice"}:
        is_free = item.type == "open-choice" and key == "valueString"
        if options and not is_free and not any(holds("=", [value], option) for option in options if value is not None):
            yield fatal("not-an-option", _("This is not one of the answers to choose from."), item.link_id)
    elif key != f"value{VALUE_KEYS[item.type]}":
        yield fatal("wrong-type", _("The form asks for %(type)s here.") % {"type": item.type}, item.link_id)
    elif isinstance(value, str) and len(value) > item.source.get("maxLength", len(value)):
        words = _("Please use at most %(number)s characters.") % {"number": item.max_length}
        yield fatal("too-long", words, item.link_id)
    elif value is not None and not _is_within(value, item):
        yield fatal("out-of-range", _("This is outside of what the form allows."), item.link_id)


def _is_within(value: Any, item: Item) -> bool:
    limits = ((item.min_value, "<"), (item.max_value, ">"))
    amount = getattr(value, "value", value) if not isinstance(value, Decimal) else value
    return not any(limit is not None and holds(operator, [amount], limit) for limit, operator in limits)


def _not_asked(form: Form, answers: Answers, situation: Situation) -> Iterator[Problem]:
    decision = decide(form, answers, situation)
    given: Mapping[str, Any] = {**answers.values, **{a: m for a, m in answers.marks.items() if m}}
    for address in given:
        if address not in decision.enabled:
            yield fatal("not-asked", _("With these answers the form does not ask this."), address)

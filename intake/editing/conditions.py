"""When an item is asked, as rows of question, comparison and answer, and back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.fhir import Form, Item
from intake.fhir.values import VALUE_KEYS, Quantity, Ref, Value, write_value
from intake.rules import outline

Row = dict[str, Any]
MOST = 12
"""More rows than this are kept as they are: nobody writes them by hand."""
OPERATORS = (
    ("=", gettext_lazy("is")),
    ("!=", gettext_lazy("is not")),
    (">", gettext_lazy("is more than")),
    (">=", gettext_lazy("is at least")),
    ("<", gettext_lazy("is less than")),
    ("<=", gettext_lazy("is at most")),
    ("exists", gettext_lazy("was answered")),
    ("missing", gettext_lazy("was not answered")),
)
WITHOUT_ANSWER = frozenset({"exists", "missing"})
WITHOUT_ORDER = frozenset({"boolean", "choice", "open-choice", "reference", "attachment"})
_MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")


@dataclass(frozen=True, slots=True)
class When:
    """One row. `answer` as it is typed: an option by its code, a number, a date."""

    question: str
    operator: str
    answer: str = ""


def read(form: Form, item: Item) -> list[When]:
    """The item's own conditions."""
    rows = zip(item.enable_when, item.source.get("enableWhen", ()), strict=True)
    return [_row(form, c.question, c.operator, c.answer, source) for c, source in rows]


def _row(form: Form, question: str, operator: str, answer: Value | None, source: Mapping[str, Any]) -> When:
    if operator == "exists":
        return When(question, "exists" if source.get("answerBoolean", True) else "missing")
    return When(question, operator, _typed(form.by_link_id.get(question), answer))


def _typed(asked: Item | None, answer: Value | None) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, Quantity):
        return f"{answer.value} {answer.unit or answer.code}".strip()
    if isinstance(answer, Ref):
        return answer.reference or answer.display
    token = next((o.code for o in asked.options if o.value == answer), None) if asked else None
    return token or str("" if answer is None else answer)


def write(form: Form, item: Item, whens: Sequence[When], *, any_of_them: bool) -> dict[str, Any]:
    """The elements to set; a row that is as it was keeps all it held. Raises ValueError with words for people."""
    held = dict(zip(read(form, item), item.source.get("enableWhen", ()), strict=True))
    made = [held[when] if when in held else _condition(form, when) for when in whens]
    wanted = outline.conditions(made, any_of_them=any_of_them)
    return {name: value for name, value in wanted.items() if value != item.source.get(name)}


def _condition(form: Form, when: When) -> Row:
    asked = form.by_link_id.get(when.question)
    if asked is None or not asked.is_question:
        raise ValueError(_("Choose a question of this form."))
    if when.operator in WITHOUT_ANSWER:
        return {"question": when.question, "operator": "exists", "answerBoolean": when.operator == "exists"}
    if when.operator not in {"=", "!="} and asked.type in WITHOUT_ORDER:
        raise ValueError(_("These answers have no order: choose “is” or “is not”."))
    value = read_answer(asked, when.answer)
    held = write_value(asked.type, value)
    return {"question": when.question, "operator": when.operator} | {f"answer{k[5:]}": v for k, v in held.items()}


def read_answer(asked: Item, typed: str) -> Value:
    """What was typed, as an answer to the question. Raises ValueError with words for people."""
    if not typed:
        raise ValueError(_("Say which answer."))
    match asked.type:
        case "boolean":
            known = {"yes": True, "no": False, _("Yes").casefold(): True, _("No").casefold(): False}
            if typed.casefold() not in known:
                raise ValueError(_("Say yes or no."))
            return bool(known[typed.casefold()])
        case "choice" | "open-choice":
            return _chosen(asked, typed)
        case "integer":
            return _integer(typed)
        case "decimal":
            return _decimal(typed)
        case "quantity":
            amount, _space, unit = typed.partition(" ")
            return Quantity(_decimal(amount), unit.strip() or asked.unit)
        case "date" | "dateTime" | "time":
            return _moment(asked.type, typed)
        case "reference":
            return Ref(reference=typed)
        case "attachment":
            raise ValueError(_("A file can only be there or not: choose “was answered”."))
    return typed


def _chosen(asked: Item, typed: str) -> Value:
    names = {option.display.casefold(): option for option in asked.options}
    option = asked.option(typed) or names.get(typed.casefold())
    if option is not None and option.value is not None:
        return option.value
    if asked.type == "open-choice":
        return typed
    some = ", ".join(option.display for option in asked.options[:6])
    raise ValueError(_("Choose one of its answers: %(answers)s.") % {"answers": some})


def _integer(typed: str) -> int:
    number = _decimal(typed)
    if number != number.to_integral_value() or abs(number) > 2_000_000_000:
        raise ValueError(_("Say a whole number."))
    return int(number)


def _decimal(typed: str) -> Decimal:
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(typed) > 20 or abs(number.adjusted()) > 15:
        raise ValueError(_("Say a number."))
    return number


def _moment(type_: str, typed: str) -> Value:
    try:
        if type_ == "time" and parse_time(typed):
            return typed if typed.count(":") == 2 else f"{typed}:00"
        if type_ == "date" and (day := parse_date(typed)):
            return day
        if type_ == "dateTime" and _MOMENT.fullmatch(typed) and parse_date(typed[:10].ljust(10, "0")) is not None:
            return typed
    except ValueError:
        pass
    raise ValueError(_("Write the time as 14:30.") if type_ == "time" else _("Write the day as 2026-12-31."))


def may_be_asked_about(form: Form, link_id: str) -> Iterator[Item]:
    """The questions a condition of this item may name: all but itself and what stands in it."""
    inside = {each.link_id for each in form.by_link_id[link_id].walk()}
    for item in form.by_link_id.values():
        if item.is_question and item.link_id not in inside and item.type in {*VALUE_KEYS, "choice", "open-choice"}:
            yield item

"""A screen's nodes as its templates draw them: each has a template and an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.formats import localize_input

from intake import record_details as details
from intake.answers import in_words, signed
from intake.asked import Asked, Group, Node, Rows, Said, is_given
from intake.consent_texts import Wording
from intake.extras import extra_for
from intake.fhir import Answers, Item
from intake.fhir.addresses import html_id
from intake.fhir.value_sets import Option
from intake.fhir.values import Code, DateTime, Quantity, Ref, Value, same_coding
from intake.page_state import Clash
from intake.record_details import is_about_the_record
from intake.templates_of import template_of
from intake.typed import MOST_ANSWERS, takes_part_of_date

INPUT_TYPES = {"url": "url", "date": "date", "dateTime": "datetime-local", "time": "time"}


@dataclass
class Question:
    """One question as its template draws it."""

    item: Item
    address: str
    template: str
    error: str = ""
    values: list[Any] = field(default_factory=list)
    extra: Mapping[str, Any] = field(default_factory=dict)
    in_words: str = ""
    unread: Mapping[str, list[str]] = field(default_factory=dict)
    """What was typed and could not be read, by the name of its control."""
    is_shared: bool = False
    """Drawn on a device that many clients use."""
    clash: Clash | None = None
    is_question: ClassVar[bool] = True

    @property
    def id(self) -> str:
        return html_id(self.address)

    @property
    def value(self) -> Any:
        return self.values[0] if self.values else None

    @property
    def options(self) -> list[dict[str, Any]]:
        return [
            {
                "option": option,
                "is_chosen": _is_among(option, self.values),
                "language": option.language or self.item.written_in,
            }
            for option in self.item.options
        ]

    @property
    def points(self) -> list[dict[str, Any]]:
        lowest, highest = int(self.lowest), int(self.highest)
        return [
            {"number": n, "label": signed(n) if lowest < 0 else str(n), "is_chosen": n in self.values}
            for n in range(lowest, highest + 1)
        ]

    @property
    def is_pain(self) -> bool:
        """Whether its points wear the colours of pain: on other scales high is not bad."""
        return self.item.code.startswith("nprs")

    @property
    def lines(self) -> list[str]:
        """What stands in each of its boxes; one more where another answer may follow."""
        if self.address in self.unread:
            return self.unread[self.address] or [""]
        filled = [as_typed(value) for value in self.values]
        return [*filled, ""] if not filled or self.may_have_more else filled

    @property
    def first_line(self) -> str:
        return self.lines[0] if self.values or self.unread else ""

    @property
    def may_have_more(self) -> bool:
        return self.item.repeats and len(self.values) < (self.item.max_occurs or MOST_ANSWERS)

    @property
    def input_type(self) -> str:
        if is_about_the_record(self.item):
            return details.INPUT_TYPES.get(self.item.client_field, "text")
        return "text" if takes_part_of_date(self.item) else INPUT_TYPES.get(self.item.type, "text")

    @property
    def autocomplete(self) -> str:
        """What the client's own browser may fill in; on a shared one nothing about anybody."""
        if not is_about_the_record(self.item):
            return ""
        return "off" if self.is_shared else details.AUTOCOMPLETE.get(self.item.client_field, "off")

    @property
    def input_mode(self) -> str:
        return {"decimal": "decimal", "integer": "numeric"}.get(self.item.type, "")

    @property
    def signed_name(self) -> str:
        typed = self.unread.get(f"{self.address}.name")
        return typed[-1] if typed else getattr(self.value, "name", "")

    @property
    def lowest(self) -> str:
        return str(self.item.min_value if self.item.min_value is not None else 0)

    @property
    def highest(self) -> str:
        return str(self.item.max_value if self.item.max_value is not None else 10)

    @property
    def amount(self) -> str:
        if self.address in self.unread:
            return self.unread[self.address][-1]
        return as_typed(self.value.value) if isinstance(self.value, Quantity) and self.value.value is not None else ""

    @property
    def units(self) -> list[dict[str, Any]]:
        held = self.value.code if isinstance(self.value, Quantity) else ""
        units = self.item.unit_options
        return [{"token": str(u), "label": u.display or str(u), "is_chosen": str(u) == held} for u in units]

    @property
    def takes_own_words(self) -> bool:
        return self.item.type == "open-choice"

    @property
    def own_words(self) -> str:
        """What was answered beside the list."""
        if f"{self.address}:text" in self.unread:
            return self.unread[f"{self.address}:text"][-1]
        plain = (value for value in self.values if type(value) is str)
        return next((value for value in plain if not any(o.value == value for o in self.item.options)), "")


@dataclass(frozen=True)
class Text:
    item: Item
    address: str
    template: str = "intake/questions/said.html"
    is_question: ClassVar[bool] = False


@dataclass(frozen=True)
class Section:
    """A group, or one row of a group that repeats."""

    item: Item
    address: str
    blocks: list["Block"]
    template: str = "intake/questions/group.html"
    is_question: ClassVar[bool] = False
    is_heading: ClassVar[bool] = True


@dataclass(frozen=True)
class Repeated:
    item: Item
    address: str
    rows: list[Section]
    may_grow: bool
    may_shrink: bool
    clash: Clash | None = None
    template: str = "intake/questions/rows.html"
    is_question: ClassVar[bool] = False

    @property
    def id(self) -> str:
        return html_id(self.address)


Block = Question | Text | Section | Repeated


@dataclass(frozen=True)
class Drawer:
    """Makes blocks of what is asked; what is not asked, and headings over nothing, are left out."""

    answers: Answers
    enabled: set[str]
    errors: Mapping[str, str]
    wordings: Mapping[str, Wording]
    unread: Mapping[str, list[str]] = field(default_factory=dict)
    is_shared: bool = False
    clashes: Mapping[str, Clash] = field(default_factory=dict)

    def blocks(self, nodes: Iterable[Node]) -> list[Block]:
        made = (self._block(node) for node in nodes if node.address in self.enabled)
        return [block for block in made if block is not None]

    def _block(self, node: Node) -> Block | None:
        if isinstance(node, Asked):
            return self._question(node.item, node.address)
        if isinstance(node, Said):
            return Text(node.item, node.address)
        if isinstance(node, Group):
            inside = self.blocks(node.nodes)
            return Section(node.item, node.address, inside) if inside else None
        return self._rows(node) if node.rows or node.may_grow else None

    def _rows(self, node: Rows) -> Repeated:
        rows = [Section(node.item, f"{node.address}:{n}", self.blocks(row)) for n, row in enumerate(node.rows)]
        clash = self.clashes.get(node.address)
        return Repeated(node.item, node.address, rows, node.may_grow, node.may_shrink, clash)

    def _question(self, item: Item, address: str) -> Question:
        extra = extra_for(item, address, self.answers, self.wordings)
        template = f"intake/questions/{template_of(item)}.html"
        words = in_words(item, self.answers, address) if is_given(item) else ""
        error = self.errors.get(address, "")
        unread = self.unread if error else {}
        clash, values = self.clashes.get(address), self.answers.all(address)
        return Question(item, address, template, error, values, extra, words, unread, self.is_shared, clash)


def as_typed(value: Value) -> str:
    """A value as its box holds it, so that it can be read back the same."""
    if isinstance(value, DateTime):
        local = timezone.localtime(value.at) if value.at else None
        return f"{local:%Y-%m-%dT%H:%M:%S}".removesuffix(":00") if local else str(value)
    if isinstance(value, Ref):
        return value.display or value.reference
    if isinstance(value, Decimal | float):
        return str(localize_input(value))
    return str(value)


def _is_among(option: Option, values: list[Any]) -> bool:
    return any(_is_same(option, value) for value in values)


def _is_same(option: Option, value: Any) -> bool:
    if isinstance(option.value, Code) and isinstance(value, Code):
        return same_coding(option.value, value)
    if option.value is not None and type(option.value) is type(value):
        return bool(option.value == value)
    return type(value) in (str, Code) and option.code == value

"""A Questionnaire as typed items. Our own kinds are extensions, so that other tools still read the file."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from intake.fhir import extensions as ext
from intake.fhir.value_sets import Option, score_of
from intake.fhir.values import Code, Json, Value, read_value

URL = ext.OURS
REGIONS = "urn:palpate:region"
QUALITIES = "urn:palpate:quality"
TYPES = frozenset(
    {
        "group",
        "display",
        "boolean",
        "decimal",
        "integer",
        "date",
        "dateTime",
        "time",
        "string",
        "text",
        "url",
        "choice",
        "open-choice",
        "attachment",
        "reference",
        "quantity",
    }
)


class Kind(enum.StrEnum):
    """What an item is beyond its FHIR type."""

    PLAIN = ""
    PAIN_MAP = "pain-map"
    RED_FLAG = "red-flag"
    CONTRAINDICATIONS = "contraindications"
    SCALE = "scale"
    CONSENT = "consent"
    SIGNATURE = "signature"


KINDS = frozenset(Kind)


CLIENT_FIELDS = frozenset(
    {
        "preferred_name",
        "pronouns",
        "phone",
        "email",
        "address",
        "emergency_contact_name",
        "emergency_contact_phone",
    }
)
"""Details of the client's record that a line or a text may ask about."""


class Control(enum.StrEnum):
    """How an item wishes to be drawn (the R4 value set questionnaire-item-control, as far as we draw it)."""

    DEFAULT = ""
    RADIO = "radio-button"
    CHECK_BOX = "check-box"
    DROP_DOWN = "drop-down"
    AUTOCOMPLETE = "autocomplete"
    SLIDER = "slider"
    SPINNER = "spinner"
    TEXT_AREA = "text-area"
    TEXT_BOX = "text-box"
    HELP = "help"
    FLYOVER = "flyover"
    INLINE = "inline"
    PROMPT = "prompt"
    UNIT = "unit"
    LOWER = "lower"
    UPPER = "upper"
    PAGE = "page"
    HEADER = "header"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of enableWhen."""

    question: str
    operator: str
    answer: Any


@dataclass(frozen=True)
class Item:
    link_id: str
    type: str
    text: str
    source: Json
    required: bool = False
    repeats: bool = False
    options: tuple[Option, ...] = ()
    items: tuple["Item", ...] = ()
    enable_when: tuple[Condition, ...] = ()
    enable_any: bool = False
    extensions: Mapping[str, Any] = field(default_factory=dict)
    prefix: str = ""
    language: str = ""
    """What its text is in; empty when nobody says. `written_in` is the document's own."""
    written_in: str = ""

    @cached_property
    def kind(self) -> Kind:
        named = self.extensions.get("item-kind", "")
        return Kind(named) if named in KINDS else Kind.PLAIN

    @property
    def code(self) -> str:
        """The knowledge entry or the score this item is about."""
        codes = self.source.get("code", ())
        return str(next((c["code"] for c in codes if c.get("system", "").startswith("urn:palpate")), ""))

    @property
    def hint(self) -> str:
        return str(self.extensions.get("hint", ""))

    @property
    def summary(self) -> str:
        """The few words under which the answer stands on the therapist's page; empty when it does not."""
        return str(self.extensions.get("summary", ""))

    @property
    def client_field(self) -> str:
        """The detail of the client's record that this asks about."""
        return str(self.extensions.get("client-field") or "")

    @cached_property
    def control(self) -> Control:
        codes = [c.get("code") for e in ext.of(self.source, ext.CONTROL) for c in _codings(e)]
        return next((Control(code) for code in codes if code in set(Control)), Control.DEFAULT)

    @cached_property
    def unit(self) -> str:
        unit = ext.value(self.source, ext.UNIT)
        if isinstance(unit, Code):
            return unit.display or str(unit)
        return str(self.extensions.get("unit", ""))

    @cached_property
    def unit_options(self) -> tuple[Code, ...]:
        """The units a quantity may be given in; the default one first."""
        given = [read_value(e) for e in ext.of(self.source, ext.UNIT, ext.UNIT_OPTION)]
        return tuple(dict.fromkeys(unit for unit in given if isinstance(unit, Code)))

    @property
    def max_length(self) -> int:
        return int(self.source.get("maxLength", 2000))

    @cached_property
    def min_length(self) -> int:
        return _whole(ext.value(self.source, ext.MIN_LENGTH), 0)

    @cached_property
    def min_value(self) -> Value | None:
        standard = ext.value(self.source, ext.MIN_VALUE)
        return self.extensions.get("minimum") if standard is None else standard

    @cached_property
    def max_value(self) -> Value | None:
        standard = ext.value(self.source, ext.MAX_VALUE)
        return self.extensions.get("maximum") if standard is None else standard

    @cached_property
    def slider_step(self) -> int:
        return max(1, _whole(ext.value(self.source, ext.SLIDER_STEP), 1))

    @cached_property
    def regex(self) -> str:
        return str(ext.value(self.source, ext.REGEX) or "")

    @cached_property
    def entry_format(self) -> str:
        return str(ext.value(self.source, ext.ENTRY_FORMAT) or "")

    @cached_property
    def min_occurs(self) -> int:
        return _whole(ext.value(self.source, ext.MIN_OCCURS), 1 if self.required else 0)

    @cached_property
    def max_occurs(self) -> int | None:
        """How many answers or rows there may be; None without a limit."""
        if not self.repeats:
            return 1
        most = ext.value(self.source, ext.MAX_OCCURS)
        return most if type(most) is int else None

    @property
    def is_hidden(self) -> bool:
        """Never shown, though it may hold an initial or a calculated value."""
        return ext.value(self.source, ext.HIDDEN) is True

    @property
    def is_read_only(self) -> bool:
        return bool(self.source.get("readOnly", False))

    @cached_property
    def initial(self) -> tuple[Value, ...]:
        """What stands there before anything was answered."""
        given = [read_value(row) for row in self.source.get("initial", ())]
        chosen = [option.value for option in self.options if option.is_initial]
        return tuple(value for value in [*given, *chosen] if value is not None)

    @cached_property
    def calculated(self) -> str:
        return _expression(self.source, ext.CALCULATED)

    @cached_property
    def enable_when_expression(self) -> str:
        return _expression(self.source, ext.ENABLE_WHEN)

    @cached_property
    def initial_expression(self) -> str:
        return _expression(self.source, ext.INITIAL)

    @cached_property
    def variables(self) -> tuple[tuple[str, str], ...]:
        return variables_of(self.source)

    @cached_property
    def weight(self) -> Decimal | None:
        return score_of(self.source)

    @property
    def help(self) -> str:
        """What a display item below says behind a question mark."""
        return self._said_by(Control.HELP)

    @property
    def flyover(self) -> str:
        return self._said_by(Control.FLYOVER)

    def _said_by(self, control: Control) -> str:
        return next((i.text for i in self.items if i.type == "display" and i.control is control), "")

    @property
    def is_question(self) -> bool:
        return self.type not in {"group", "display"}

    @property
    def has_rows(self) -> bool:
        """A group that may be there several times. A pain map is one thing, though it repeats in its document."""
        return self.type == "group" and self.repeats and self.kind is not Kind.PAIN_MAP

    def walk(self) -> Iterator["Item"]:
        yield self
        for item in self.items:
            yield from item.walk()

    def option(self, code: str) -> Option | None:
        return self._options_by_code.get(code)

    @cached_property
    def _options_by_code(self) -> dict[str, Option]:
        return {option.code: option for option in self.options}


def _expression(source: Json, url: str) -> str:
    return next((ext.expression(e) for e in ext.of(source, url)), "")


def variables_of(source: Json) -> tuple[tuple[str, str], ...]:
    held = [(e.get("valueExpression", {}).get("name", ""), ext.expression(e)) for e in ext.of(source, ext.VARIABLE)]
    return tuple((name, text) for name, text in held if name and text)


def _codings(extension: Json) -> Sequence[Json]:
    codings: Sequence[Json] = extension.get("valueCodeableConcept", {}).get("coding", ())
    return codings


def _whole(value: Any, default: int) -> int:
    return value if type(value) is int else default

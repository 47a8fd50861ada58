"""A Questionnaire as typed items. Our own kinds are extensions, so that other tools still read the file."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

URL = "urn:palpate:fhir:"
REGIONS = "urn:palpate:region"
QUALITIES = "urn:palpate:quality"


class Kind(enum.StrEnum):
    """What an item is beyond its FHIR type."""

    PLAIN = ""
    PAIN_MAP = "pain-map"
    RED_FLAG = "red-flag"
    CONTRAINDICATIONS = "contraindications"
    SCALE = "scale"
    CONSENT = "consent"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    display: str
    hint: str = ""
    is_exclusive: bool = False


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
    source: Mapping[str, Any]
    required: bool = False
    repeats: bool = False
    options: tuple[Option, ...] = ()
    items: tuple["Item", ...] = ()
    enable_when: tuple[Condition, ...] = ()
    enable_any: bool = False
    extensions: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        return Kind(self.extensions.get("item-kind", ""))

    @property
    def code(self) -> str:
        """The knowledge entry or the score this item is about."""
        return str(next((c["code"] for c in self.source.get("code", ()) if c["system"].startswith("urn:palpate")), ""))

    @property
    def hint(self) -> str:
        return str(self.extensions.get("hint", ""))

    @property
    def unit(self) -> str:
        return str(self.extensions.get("unit", ""))

    @property
    def summary(self) -> str:
        """The few words under which the answer stands on the therapist's page; empty when it does not."""
        return str(self.extensions.get("summary", ""))

    @property
    def max_length(self) -> int:
        return int(self.source.get("maxLength", 2000))

    def walk(self) -> Iterator["Item"]:
        yield self
        for item in self.items:
            yield from item.walk()

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True)
class Form:
    """A whole form; its top-level groups are the screens."""

    name: str
    title: str
    version: str
    sections: tuple[Item, ...]

    @cached_property
    def by_link_id(self) -> dict[str, Item]:
        return {item.link_id: item for section in self.sections for item in section.walk()}

    def of_kind(self, kind: Kind) -> list[Item]:
        return [item for item in self.by_link_id.values() if item.kind is kind]


def read_form(definition: Mapping[str, Any]) -> Form:
    """Typed items of a Questionnaire. Raises KeyError when it is not one."""
    valuesets = {"#" + c["id"]: _codings(c) for c in definition.get("contained", ())}
    sections = tuple(_item(row, valuesets) for row in definition.get("item", ()))
    return Form(definition["name"], definition["title"], str(definition["version"]), sections)


def _item(row: Mapping[str, Any], valuesets: Mapping[str, tuple[Option, ...]]) -> Item:
    options = tuple(_option(option) for option in row.get("answerOption", ()))
    return Item(
        link_id=row["linkId"],
        type=row["type"],
        text=row.get("text", ""),
        source=row,
        required=row.get("required", False),
        repeats=row.get("repeats", False),
        options=options or valuesets.get(row.get("answerValueSet", ""), ()),
        items=tuple(_item(child, valuesets) for child in row.get("item", ())),
        enable_when=tuple(_condition(c) for c in row.get("enableWhen", ())),
        enable_any=row.get("enableBehavior") == "any",
        extensions=_extensions(row),
    )


def _extensions(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for extension in row.get("extension", ()):
        if extension["url"].startswith(URL):
            found[extension["url"].removeprefix(URL)] = next(v for k, v in extension.items() if k.startswith("value"))
    return found


def _option(row: Mapping[str, Any]) -> Option:
    coding = row["valueCoding"]
    extensions = _extensions(row)
    return Option(
        coding["code"],
        coding.get("display", coding["code"]),
        extensions.get("hint", ""),
        bool(extensions.get("exclusive", False)),
    )


def _codings(valueset: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(
        Option(concept["code"], concept.get("display", concept["code"]))
        for include in valueset["compose"]["include"]
        for concept in include["concept"]
    )


def _condition(row: Mapping[str, Any]) -> Condition:
    answer = next(value for key, value in row.items() if key.startswith("answer"))
    return Condition(row["question"], row["operator"], answer["code"] if isinstance(answer, dict) else answer)

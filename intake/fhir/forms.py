"""A whole Questionnaire, read once: its items, and the screens made of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from intake.fhir import extensions as ext
from intake.fhir.addresses import encoded
from intake.fhir.items import Condition, Control, Item, Kind, variables_of
from intake.fhir.order import Order, order_of
from intake.fhir.value_sets import Find, Option, nothing, read_options
from intake.fhir.values import Json, read_value


@dataclass(frozen=True)
class Form:
    """A whole form. `items` are the document's; `sections` are the screens made of them."""

    name: str
    title: str
    version: str
    sections: tuple[Item, ...]
    items: tuple[Item, ...] = ()
    source: Json = field(default_factory=dict, repr=False)
    unlisted: frozenset[str] = frozenset()
    """linkIds of choices whose value set is not here."""

    @cached_property
    def by_link_id(self) -> dict[str, Item]:
        return {item.link_id: item for top in self.items for item in top.walk()}

    @cached_property
    def parents(self) -> dict[str, tuple[Item, ...]]:
        """What stands above each item, outermost first."""
        found: dict[str, tuple[Item, ...]] = {}

        def visit(items: Sequence[Item], above: tuple[Item, ...]) -> None:
            for item in items:
                found[item.link_id] = above
                visit(item.items, (*above, item))

        visit(self.items, ())
        return found

    @cached_property
    def variables(self) -> tuple[tuple[str, str], ...]:
        return variables_of(self.source)

    @cached_property
    def order(self) -> Order:
        """In which order items are decided."""
        return order_of(self)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each item stands in the document."""
        return {link_id: number for number, link_id in enumerate(self.by_link_id)}

    @cached_property
    def holders(self) -> dict[str, tuple[Item, ...]]:
        """What stands above each item and may be there several times, outermost first."""
        return {name: tuple(p for p in above if p.has_rows or p.is_question) for name, above in self.parents.items()}

    @cached_property
    def encoded(self) -> dict[str, str]:
        """Each linkId as it stands in an address."""
        return {name: encoded(name) for name in self.by_link_id}

    def of_kind(self, kind: Kind) -> list[Item]:
        return [item for item in self.by_link_id.values() if item.kind is kind]


def read_form(definition: Json, *, language: str = "", value_sets: Find = nothing) -> Form:
    """Typed items of a Questionnaire that `check` has let in, in a language where it has translations."""
    reader = _Reader(definition.get("contained", ()), value_sets, language, str(definition.get("language", "")))
    items = tuple(reader.item(row) for row in definition.get("item", ()))
    title, spoken = ext.in_language(definition, "title", language, reader.written_in)
    title = title or str(definition.get("name", ""))
    return Form(
        name=str(definition.get("name", "")),
        title=title,
        version=str(definition.get("version", "")),
        sections=tuple(_pages(items, title, spoken)),
        items=items,
        source=definition,
        unlisted=frozenset(reader.unlisted),
    )


class _Reader:
    def __init__(self, contained: Sequence[Json], find: Find, language: str, written_in: str) -> None:
        self.contained, self.find, self.language, self.written_in = contained, find, language, written_in
        self.unlisted: set[str] = set()
        self.lists: dict[str, tuple[Option, ...]] = {}

    def item(self, row: Json) -> Item:
        text, spoken = ext.in_language(row, "text", self.language, self.written_in)
        return Item(
            link_id=row["linkId"],
            type=row["type"],
            text=text,
            source=row,
            required=row.get("required", False),
            repeats=row.get("repeats", False),
            options=self.options(row),
            items=tuple(self.item(child) for child in row.get("item", ())),
            enable_when=tuple(_condition(c) for c in row.get("enableWhen", ())),
            enable_any=row.get("enableBehavior") == "any",
            extensions=ext.ours(row),
            prefix=ext.translated(row, "prefix", self.language),
            language=spoken,
            written_in=self.written_in,
        )

    def options(self, row: Json) -> tuple[Option, ...]:
        address = row.get("answerValueSet")
        if address in self.lists:
            return self.lists[address]
        options = read_options(row, self.contained, self.find, self.language)
        if options is None:
            self.unlisted.add(row["linkId"])
            return ()
        if address:
            self.lists[address] = options
        return options


def _pages(items: Sequence[Item], title: str, language: str) -> Iterator[Item]:
    """Top-level groups are screens, and so are groups that say so; questions beside them share one."""
    strays: list[Item] = []

    def page() -> Iterator[Item]:
        if strays:
            yield Item(f"page:{strays[0].link_id}", "group", title, {}, items=tuple(strays), language=language)
            strays.clear()

    for item in items:
        if item.type != "group" or item.kind is Kind.PAIN_MAP:
            strays.append(item)
            continue
        yield from page()
        if not item.repeats and any(child.control is Control.PAGE for child in item.items):
            yield from _pages(item.items, item.text or title, item.language if item.text else language)
        else:
            yield item
    yield from page()


def _condition(row: Json) -> Condition:
    return Condition(row["question"], row["operator"], read_value(row, "answer"))

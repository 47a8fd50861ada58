"""What a screen asks, question by question with its address: a group that repeats asks once for each of its rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.carried import CARRIED
from intake.fhir import Answers, Control, Item, Kind, addresses

BESIDE = frozenset({Control.HELP, Control.FLYOVER, Control.UNIT, Control.LOWER, Control.UPPER, Control.PROMPT})
"""Display items that are drawn with the question they stand under."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question."""

    item: Item
    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text between questions."""

    item: Item
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Questions under a heading."""

    item: Item
    address: str
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A group that may be there several times."""

    item: Item
    address: str
    rows: tuple[tuple["Node", ...], ...]

    @property
    def may_grow(self) -> bool:
        most = self.item.max_occurs
        return not self.item.is_read_only and (most is None or len(self.rows) < most)

    @property
    def may_shrink(self) -> bool:
        return not self.item.is_read_only and len(self.rows) > max(1, self.item.min_occurs)


Node = Asked | Said | Group | Rows


def is_given(item: Item) -> bool:
    """Whether the form itself answers, and the client only reads."""
    return item.is_read_only or bool(item.calculated)


def is_file(item: Item) -> bool:
    """Whether it is answered with a file."""
    return item.type == "attachment" and item.kind is Kind.PLAIN


def nodes_of(section: Item, answers: Answers) -> tuple[Node, ...]:
    """The section as a tree, hidden items left out."""
    items = [section] if section.has_rows else section.items
    return tuple(_nodes(items, "", answers))


def asked_in(section: Item, answers: Answers) -> Iterator[Asked]:
    """Every question of a section, in order. A pain map is one."""
    return _flat(nodes_of(section, answers))


def shown_in(section: Item, answers: Answers) -> Iterator[tuple[Item, str]]:
    """Everything a section may show but headings, in order, each with its address."""

    def visit(nodes: Iterable[Node]) -> Iterator[tuple[Item, str]]:
        for node in nodes:
            if isinstance(node, Group):
                yield from visit(node.nodes)
                continue
            yield node.item, node.address
            if isinstance(node, Rows):
                for row in node.rows:
                    yield from visit(row)

    return visit(nodes_of(section, answers))


def rows_in(section: Item, answers: Answers) -> Iterator[Rows]:
    """The groups of a section that repeat, in order."""

    def visit(nodes: Iterable[Node]) -> Iterator[Rows]:
        for node in nodes:
            if isinstance(node, Rows):
                yield node
                for row in node.rows:
                    yield from visit(row)
            elif isinstance(node, Group):
                yield from visit(node.nodes)

    return visit(nodes_of(section, answers))


def _flat(nodes: Iterable[Node]) -> Iterator[Asked]:
    for node in nodes:
        if isinstance(node, Asked):
            yield node
        elif isinstance(node, Group):
            yield from _flat(node.nodes)
        elif isinstance(node, Rows):
            for row in node.rows:
                yield from _flat(row)


def _says_nothing(item: Item, address: str, answers: Answers) -> bool:
    """What is only shown because it was said before, for somebody who has said nothing yet."""
    return item.is_read_only and CARRIED in item.extensions and not answers.all(address)


def _nodes(items: Iterable[Item], prefix: str, answers: Answers) -> Iterator[Node]:
    for item in items:
        address = addresses.join(prefix, item.link_id)
        if item.is_hidden:
            continue
        if item.kind is Kind.PAIN_MAP:
            yield Asked(item, address)
        elif item.is_question:
            if _says_nothing(item, address, answers):
                continue
            yield Asked(item, address)
            for number in range(max(1, len(answers.all(address)))) if item.items else ():
                yield from _nodes(item.items, addresses.row(address, number), answers)
        elif item.type == "display":
            if item.control not in BESIDE:
                yield Said(item, address)
        elif item.has_rows:
            least = 0 if item.is_read_only else max(1, item.min_occurs)
            count = max(least, answers.rows.get(address, 0))
            rows = (tuple(_nodes(item.items, addresses.row(address, n), answers)) for n in range(count))
            yield Rows(item, address, tuple(rows))
        else:
            yield Group(item, address, tuple(_nodes(item.items, prefix, answers)))

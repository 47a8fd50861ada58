"""What each item depends on, in which order items are decided, and where they run in a circle."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from intake.fhir.expressions import names_in, questions_in
from intake.fhir.items import Item


class Form(Protocol):
    """As much of a form as its order hangs on."""

    @property
    def by_link_id(self) -> dict[str, Item]: ...
    @property
    def parents(self) -> dict[str, tuple[Item, ...]]: ...
    @property
    def variables(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Order:
    """`items` with what they depend on before them; `is_broad` when an expression reads more than it names."""

    items: tuple[Item, ...]
    cycles: tuple[tuple[str, ...], ...]
    is_broad: bool


def order_of(form: Form) -> Order:
    """In the order of the document, as far as dependencies leave it."""
    known = form.by_link_id
    needs = {link_id: needs_of(form, item) for link_id, item in known.items()}
    done, cycles = _sorted(known, {link_id: [n for n in need if n in known] for link_id, need in needs.items()})
    broad = any(item.calculated or item.enable_when_expression for item in known.values())
    return Order(tuple(known[link_id] for link_id in done), tuple(cycles), broad and _is_broad(form))


def needs_of(form: Form, item: Item) -> list[str]:
    """linkIds that decide whether the item is asked, or what it is reckoned from; its parent among them."""
    named = [condition.question for condition in item.enable_when]
    for expression in (item.enable_when_expression, item.calculated):
        named.extend(expression_needs(form, item, expression))
    above = form.parents[item.link_id]
    return list(dict.fromkeys([*(parent.link_id for parent in above[-1:]), *named]))


def expression_needs(form: Form, item: Item, expression: str) -> list[str]:
    """linkIds an expression names, through its variables too."""
    if not expression:
        return []
    variables = scope_of(form, item)
    found, waiting, seen = list(questions_in(expression)), list(names_in(expression)), set[str]()
    while waiting:
        name = waiting.pop()
        if name in variables and name not in seen:
            seen.add(name)
            found.extend(questions_in(variables[name]))
            waiting.extend(names_in(variables[name]))
    inside = {below.link_id for below in item.walk()}
    above = {parent.link_id for parent in form.parents[item.link_id]}
    return [link_id for link_id in found if link_id not in above and (link_id not in inside or not item.items)]


def scope_of(form: Form, item: Item) -> dict[str, str]:
    """The variables an item's expressions may name; inner ones hide outer ones."""
    scope = dict(form.variables)
    for holder in (*form.parents[item.link_id], item):
        scope.update(holder.variables)
    return scope


def _is_broad(form: Form) -> bool:
    """Whether some expression may read an item it does not name: then all are reckoned until nothing changes."""
    for item in form.by_link_id.values():
        for expression in (item.calculated, item.enable_when_expression):
            named = expression_needs(form, item, expression)
            groups = (form.by_link_id[n] for n in named if n in form.by_link_id)
            if expression and (not named or any(group.type == "group" for group in groups)):
                return True
            inner = [n for n in questions_in(expression) if n in {p.link_id for p in form.parents[item.link_id]}]
            if inner and len(set(questions_in(expression))) == len(set(inner)):
                return True
    return False


def _sorted(known: Iterable[str], needs: Mapping[str, list[str]]) -> tuple[list[str], list[tuple[str, ...]]]:
    done: dict[str, bool] = {}  # False while being visited
    order: list[str] = []
    cycles: list[tuple[str, ...]] = []
    for start in known:
        if start in done:
            continue
        path, open_needs = [start], [iter(needs[start])]
        done[start] = False
        while path:
            needed = next(open_needs[-1], None)
            if needed is None:
                done[path[-1]] = True
                order.append(path.pop())
                open_needs.pop()
            elif needed not in done:
                done[needed] = False
                path.append(needed)
                open_needs.append(iter(needs[needed]))
            elif not done[needed]:
                cycles.append((*path[path.index(needed) :], needed))
    return order, cycles

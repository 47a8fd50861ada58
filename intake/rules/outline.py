"""Changes to a form's document: pure, each gives a new document, and what it does not speak of stays as it was.

A place is an item's linkId; "" is the form itself. Every function raises LookupError for an item that is not there.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

Row = dict[str, Any]
Document = Mapping[str, Any]
HOLDS_ITEMS = "group"


def rows(document: Document) -> Iterator[Row]:
    """Every item, in the order of the document."""
    for row in document.get("item", ()):
        yield row
        yield from rows(row)


def find(document: Document, link_id: str) -> Row:
    """The item with this linkId."""
    found = next((row for row in rows(document) if row["linkId"] == link_id), None)
    if found is None:
        raise LookupError(link_id)
    return found


def above(document: Document, link_id: str) -> Row | None:
    """The item that holds this one; None at the top."""
    find(document, link_id)
    return next((row for row in rows(document) if any(c["linkId"] == link_id for c in row.get("item", ()))), None)


def fresh_link_id(document: Document, draw: Callable[[], str] = lambda: secrets.token_hex(4)) -> str:
    """A linkId no item has, nor had: an answer never passes for the answer to another question."""
    taken = {row["linkId"] for row in rows(document)}
    while (name := f"q-{draw()}") in taken:
        pass
    return name


def add(document: Document, new: Sequence[Row], *, after: str = "", inside: str = "") -> Row:
    """Put items after another one, or last inside a group; last in the form without either."""
    made = deepcopy(dict(document))
    if inside:
        find(made, inside).setdefault("item", []).extend(deepcopy(list(new)))
        return made
    siblings = _siblings(made, after) if after else made.setdefault("item", [])
    at = _index(siblings, after) + 1 if after else len(siblings)
    siblings[at:at] = deepcopy(list(new))
    return made


def move(document: Document, link_id: str, way: str) -> Row:
    """One step `up`, `down`, `in` to the group before it, or `out` of its group. Nothing where there is no way."""
    made = deepcopy(dict(document))
    if way not in ways(made, link_id):
        return made
    siblings = _siblings(made, link_id)
    at = _index(siblings, link_id)
    row = siblings.pop(at)
    match way:
        case "up":
            siblings.insert(at - 1, row)
        case "down":
            siblings.insert(at + 1, row)
        case "in":
            siblings[at - 1].setdefault("item", []).append(row)
        case "out":
            _put_out(made, siblings, row)
    return made


def _put_out(made: Row, siblings: list[Row], row: Row) -> None:
    """After the group it stood in; a group left empty loses its list, which FHIR wants filled."""
    parent = next(each for each in rows(made) if each.get("item") is siblings)
    outer = _siblings(made, parent["linkId"])
    outer.insert(_index(outer, parent["linkId"]) + 1, row)
    if not siblings:
        del parent["item"]


def ways(document: Document, link_id: str) -> list[str]:
    """Where an item can go by one step."""
    siblings = _siblings(document, link_id)
    at = _index(siblings, link_id)
    before = siblings[at - 1] if at else None
    possible = {
        "up": at > 0,
        "down": at < len(siblings) - 1,
        "in": before is not None and takes_items(before),
        "out": above(document, link_id) is not None,
    }
    return [way for way, can in possible.items() if can]


def takes_items(row: Mapping[str, Any]) -> bool:
    """Whether something can be put inside."""
    return row["type"] == HOLDS_ITEMS and not is_whole(row)


def place_for(document: Document, link_id: str, *, is_page: bool) -> dict[str, str]:
    """Where something new goes when an item is open: inside a group, after a question; a screen after its screen."""
    if not link_id or not any(row["linkId"] == link_id for row in rows(document)):
        last = next(reversed(document.get("item", ())), None)
        return {"inside": last["linkId"]} if last is not None and takes_items(last) and not is_page else {}
    if is_page:
        while (parent := above(document, link_id)) is not None:
            link_id = parent["linkId"]
        return {"after": link_id}
    return {"inside" if takes_items(find(document, link_id)) else "after": link_id}


def is_whole(row: Mapping[str, Any]) -> bool:
    """A pain map is one thing, though it is a group in the document."""
    kinds = (e.get("valueString") for e in row.get("extension", ()) if str(e.get("url", "")).endswith(":item-kind"))
    return "pain-map" in kinds


def change(document: Document, link_id: str, fields: Mapping[str, Any]) -> Row:
    """Set elements of an item; None takes one out."""
    made = deepcopy(dict(document))
    _set(find(made, link_id), fields)
    return made


def change_form(document: Document, fields: Mapping[str, Any]) -> Row:
    """Set elements of the form itself; None takes one out."""
    made = deepcopy(dict(document))
    _set(made, fields)
    return made


def _set(row: Row, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if value is None:
            row.pop(name, None)
        else:
            row[name] = value


def remove(document: Document, link_id: str) -> Row:
    """Take an item out with what stands in it, and the conditions elsewhere that ask for its answer."""
    made = deepcopy(dict(document))
    gone = {row["linkId"] for row in (find(made, link_id), *rows(find(made, link_id)))}
    parent, siblings = above(made, link_id), _siblings(made, link_id)
    siblings.pop(_index(siblings, link_id))
    if not siblings:
        (made if parent is None else parent).pop("item", None)
    for row in rows(made):
        kept = [when for when in row.get("enableWhen", ()) if when.get("question") not in gone]
        if len(kept) != len(row.get("enableWhen", ())):
            _set(row, conditions(kept, any_of_them=row.get("enableBehavior") == "any"))
    return made


def conditions(kept: Sequence[Row], *, any_of_them: bool) -> dict[str, Any]:
    """The elements that say when an item is asked. How several go together is said only of several."""
    behavior = ("any" if any_of_them else "all") if len(kept) > 1 else None
    return {"enableWhen": list(kept) or None, "enableBehavior": behavior}


def depending_on(document: Document, link_ids: Iterable[str]) -> list[Row]:
    """The items outside that are asked by the answers to these."""
    named = set(link_ids)
    return [
        row
        for row in rows(document)
        if row["linkId"] not in named and any(when.get("question") in named for when in row.get("enableWhen", ()))
    ]


def with_all_inside(document: Document, link_id: str) -> set[str]:
    """An item's linkId and those of everything in it."""
    row = find(document, link_id)
    return {row["linkId"], *(each["linkId"] for each in rows(row))}


def _siblings(document: Document, link_id: str) -> list[Row]:
    parent = above(document, link_id)
    found: list[Row] = (document if parent is None else parent)["item"]
    return found


def _index(siblings: Sequence[Row], link_id: str) -> int:
    return next(n for n, row in enumerate(siblings) if row["linkId"] == link_id)

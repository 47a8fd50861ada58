"""What a page says of itself when it comes back, and what it is told of answers given elsewhere meanwhile."""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.http import QueryDict

from intake.answers import in_words
from intake.asked import asked_in
from intake.fhir import Answers, Item
from intake.merging import Drawn, Prints, part_of, prints_of

FIELD = "_drawn"
CHOICE = "_stands:"
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Clash:
    """One part of a screen answered here and elsewhere, in words. `name` is the field that says which stands."""

    name: str
    here: str
    there: str
    print: str


def drawn_in(data: QueryDict) -> Drawn | None:
    """None from a page that does not say. One that makes no sense was drawn with nothing: every difference is asked."""
    if FIELD not in data:
        return None
    try:
        said = json.loads(str(data[FIELD])[:LONGEST])
        page, prints = str(said["page"])[:40], {str(part): str(held) for part, held in said["prints"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        page, prints = "", {}
    chosen = {name.removeprefix(CHOICE): str(data[name]) for name in data if name.startswith(CHOICE)}
    return Drawn(page or new_page(), prints, chosen)


def new_page() -> str:
    return secrets.token_urlsafe(9)


def as_text(page: str, prints: Mapping[str, str]) -> str:
    """What the page's hidden field holds."""
    return json.dumps({"page": page, "prints": prints}, separators=(",", ":"))


def prints_now(
    section: Item, answers: Answers, asked: Iterable[str], drawn: Drawn | None = None, unread: Collection[str] = ()
) -> Prints:
    """What the page is drawn with from now on: answers it shows, and of those it could not send the earlier ones."""
    shown = {part_of(address) for address in asked} | (drawn.prints.keys() if drawn else set())
    prints = {part: held for part, held in prints_of(section, answers).items() if part in shown}
    for part in {part_of(address) for address in unread} if drawn else ():
        prints.pop(part, None)
        if drawn and part in drawn.prints:
            prints[part] = drawn.prints[part]
    return prints


def clashes_of(section: Item, here: Answers, there: Answers, parts: Collection[str]) -> dict[str, Clash]:
    """Both answers to each part in words."""
    held = prints_of(section, there)
    return {
        part: Clash(f"{CHOICE}{part}", _said(section, here, part), _said(section, there, part), held.get(part, ""))
        for part in sorted(parts)
    }


def _said(section: Item, answers: Answers, part: str) -> str:
    asked = (each for each in asked_in(section, answers) if part_of(each.address) == part)
    return "; ".join(filter(None, (in_words(each.item, answers, each.address) for each in asked)))

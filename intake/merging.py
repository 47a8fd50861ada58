"""One screen answered in two places: what was changed here, what meanwhile elsewhere, and what in both.

A page carries its own name and a print of each answer it was drawn with. An answer that differs from its print was
changed here; a draft that differs from it was changed elsewhere. Only what was changed in both, and differently, has to
be asked. A group that repeats is one answer, as rows move up when one is taken out.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from intake.asked import Asked, asked_in, is_file, is_given, rows_in
from intake.fhir import Answers, Item, Kind
from intake.fhir.values import Code

HERE, THERE = "here", "there"
Prints = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page was drawn with. `chosen` says which answer shall stand, by the part it was asked for."""

    page: str
    prints: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """What shall be kept of a screen, by address; `here` was changed on the page, `there` only elsewhere."""

    answers: Answers
    here: frozenset[str] = frozenset()
    there: frozenset[str] = frozenset()
    clashes: frozenset[str] = frozenset()


def part_of(address: str) -> str:
    """What is merged as one: a question with what stands below it, or a group with all its rows."""
    return address.partition(":")[0]


def prints_of(section: Item, answers: Answers) -> Prints:
    """A print of each part of a screen that has an answer."""
    said: dict[str, list[Any]] = {}
    for group in rows_in(section, answers):
        if len(group.rows) > max(1, group.item.min_occurs):
            said.setdefault(part_of(group.address), []).append([group.address, len(group.rows)])
    for asked in asked_in(section, answers):
        values = [] if is_given(asked.item) or is_file(asked.item) else _plain(asked, answers)
        if values:
            said.setdefault(part_of(asked.address), []).append([asked.address, values])
    return {part: hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12] for part, rows in said.items()}


def _plain(asked: Asked, answers: Answers) -> list[str]:
    """Alike for what a browser sent and for what is kept of it."""
    if asked.item.kind is Kind.PAIN_MAP:
        return sorted(map(repr, answers.marks.get(asked.address, ())))
    return [_word(asked.item, value) for value in answers.all(asked.address)]


def _word(item: Item, value: Any) -> str:
    option = item.option(value) if type(value) is str else None
    meant = option.value if option is not None and option.value is not None else value
    if isinstance(meant, Code):
        return str(meant) or meant.display
    return str(meant) if isinstance(meant, str) else repr(meant)


def merge(
    section: Item,
    stored: Answers,
    given: Answers,
    drawn: Drawn | None,
    *,
    writers: Mapping[str, str],
    unread: Collection[str] = (),
) -> Merged:
    """What shall be kept of a screen. A page that does not say what it was drawn with is taken as it stands.

    `writers` names the page that changed a part last: a page never clashes with itself. Parts that could not be read
    on the page (`unread`) stay as they are kept.
    """
    there, here = prints_of(section, stored), prints_of(section, given)
    differing = {part for part in there.keys() | here.keys() if there.get(part) != here.get(part)}
    if drawn is None:
        return Merged(given, here=frozenset(differing))
    found: dict[str, set[str]] = {HERE: set(), THERE: set(), "both": set()}
    for part in differing - set(unread):
        was, is_own = drawn.prints.get(part), writers.get(part) == drawn.page
        found[_whose(drawn.chosen.get(part), was, here.get(part), there.get(part), is_own=is_own)].add(part)
    kept = found[THERE] | found["both"] | set(unread)
    answers = with_parts(section, given, stored, kept)
    return Merged(answers, frozenset(found[HERE]), frozenset(found[THERE]), frozenset(found["both"]))


def _whose(chosen: str | None, was: str | None, here: str | None, there: str | None, *, is_own: bool) -> str:
    """Whose answer stands where page and draft differ. A choice counts for what it was asked about."""
    if chosen is not None:
        return chosen if there == was and chosen in (HERE, THERE) else "both"
    if is_own or there == was:
        return HERE
    return THERE if here == was else "both"


def with_parts(section: Item, answers: Answers, other: Answers, parts: Collection[str]) -> Answers:
    """A copy of the answers where some parts of a screen are those of another one."""
    if not parts:
        return answers
    made = copied(answers)
    _exchange(made.values, other.values, parts)
    _exchange(made.marks, other.marks, parts)
    _exchange(made.rows, other.rows, parts)
    for asked in asked_in(section, made):
        if asked.item.kind is Kind.PAIN_MAP and part_of(asked.address) in parts:
            made.marks.setdefault(asked.address, [])
    return made


def _exchange(own: dict[str, T], others: Mapping[str, T], parts: Collection[str]) -> None:
    for address in [each for each in own if part_of(each) in parts]:
        del own[address]
    own.update({address: held for address, held in others.items() if part_of(address) in parts})


def copied(answers: Answers) -> Answers:
    return Answers(dict(answers.values), dict(answers.marks), dict(answers.rows), dict(answers.kept))


def parts_of(addresses: Iterable[str]) -> set[str]:
    return {part_of(address) for address in addresses}

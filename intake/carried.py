"""What a form takes over from the client's earlier answers, so that nobody is asked twice for what has not changed.

Only where the form says so: an item with our extension `carried-from` names linkIds in earlier forms, the first found
wins. `start` is the day a series of answers counts from: that of the first-visit form. Nothing else is ever filled in:
the map, its strength and red flags are asked afresh each time.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from intake.fhir import Answers, Form, Item, addresses

CARRIED = "carried-from"
START = "start"


@dataclass(frozen=True, slots=True)
class Earlier:
    """Completed answers, with the day they were given at the place. `is_first` where a series of forms begins."""

    answers: Answers
    day: dt.date
    is_first: bool


def carried_items(form: Form) -> list[Item]:
    return [item for item in form.by_link_id.values() if item.extensions.get(CARRIED)]


def carry_over(form: Form, answers: Answers, earlier: Sequence[Earlier], *, started_on: dt.date | None = None) -> None:
    """Put in what was said before. `earlier` is newest first; `started_on` counts where no first-visit form does."""
    for item in carried_items(form):
        names = str(item.extensions[CARRIED]).split()
        if item.has_rows:
            _carry_rows(item, answers, earlier)
            continue
        values = _found(names, earlier, started_on)
        if values and _may_stand(item, values):
            answers.put(addresses.encoded(item.link_id), values[: item.max_occurs])


def _found(names: list[str], earlier: Sequence[Earlier], started_on: dt.date | None) -> list[Any]:
    for each in earlier:
        for name in names:
            if each.answers.all(addresses.encoded(name)):
                return each.answers.all(addresses.encoded(name))
        if START in names and each.is_first:
            return [each.day]
    return [started_on] if START in names and started_on else []


def _may_stand(item: Item, values: list[Any]) -> bool:
    """A list that has lost one of the words chosen from it is asked anew."""
    return item.type != "choice" or all(item.option(str(value)) for value in values)


def _carry_rows(group: Item, answers: Answers, earlier: Sequence[Earlier]) -> None:
    """The newest answers that have rows give what is only read in them; the rest of a row is asked again."""
    address = addresses.encoded(group.link_id)
    given = [item for item in group.walk() if item.is_question and item.is_read_only]
    for each in earlier:
        rows = [row for row in _rows(each.answers, address, given) if any(row)]
        if rows:
            answers.rows[address] = len(rows)
            for number, row in enumerate(rows):
                for item, values in zip(given, row, strict=True):
                    answers.put(addresses.join(addresses.row(address, number), item.link_id), values)
            return


def _rows(answers: Answers, address: str, items: list[Item]) -> list[list[list[Any]]]:
    at: Callable[[int, Item], str] = lambda n, item: addresses.join(addresses.row(address, n), item.link_id)  # noqa: E731
    return [[answers.all(at(n, item)) for item in items] for n in range(answers.rows.get(address, 0))]

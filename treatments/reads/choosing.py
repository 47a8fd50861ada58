"""What a new episode begins with: conditions ordered by the client's newest map, the side of its marks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from intake.models import Condition
from intake.rules import Mark, marked_regions
from treatments.rules import choosing
from treatments.vocabulary import at_hand

MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Offered:
    """A condition that may be chosen, with the marked regions it touches."""

    condition: Condition

    @property
    def label(self) -> str:
        return self.condition.label

    @property
    def regions(self) -> Sequence[str]:
        return self.condition.data.get("typical_regions") or ()


def near_marks(marks: Iterable[Mark]) -> list[tuple[Condition, str]]:
    """Conditions that touch what is marked, in the order of the rule, each with how many places in words.

    Those to be referred on are not chosen for an episode: they stand among the prompts and red flags.
    """
    places = marked_regions(marks)
    rows = [Offered(one) for one in at_hand().whole_conditions.values() if one.data.get("picker") != "refer-out"]
    return [
        (
            one.condition,
            ngettext("%(n)s of %(all)s marked place", "%(n)s of %(all)s marked places", len(places))
            % {"n": touched, "all": len(places)},
        )
        for one, touched in choosing.by_regions(rows, places)
    ]


def side_of(marks: Iterable[Mark]) -> str:
    return choosing.side_of(mark.side for mark in marks)


def names_of_conditions() -> list[tuple[str, str]]:
    """Each name and alias with the name it stands for."""
    rows = at_hand().whole_conditions.values()
    pairs = [(row.label, "") for row in rows]
    return [*pairs, *((alias, row.label) for row in rows for alias in row.data.get("aliases") or ())]


def named(text: str) -> list[Condition]:
    """The conditions that a typed name or alias may mean: one when it fits exactly, some when it is part of theirs."""
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return []
    rows = at_hand().whole_conditions.values()
    by_name = [(row, [name.casefold() for name in (row.label, *(row.data.get("aliases") or ()))]) for row in rows]
    exact = [row for row, names in by_name if wanted in names]
    return exact[:1] or [row for row, names in by_name if any(wanted in name for name in names)][:MOST_NAMED]

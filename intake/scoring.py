"""Scores of a completed form, by the formulas of outcome_measures.yaml. Pure.

A form is an instrument when its `code` (R4 Questionnaire.code) or the practice names the measure: then its questions
are its items. Beside that, single items and the group of a client's own activities carry measures by their code.
Answers to what was not asked are no longer in a completed response, so they count nowhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from intake.fhir import Answers, Form, Item, Kind, addresses
from intake.knowledge import source

PLACES = Decimal("0.01")
ACTIVITY, RATING = "activity", "rating"
TRACKED = {"nprs.average": "nprs"}
"""Single items whose score is tracked under another code: of the three pain scales the average (Chiarotto 2018)."""


@dataclass(frozen=True, slots=True)
class ScoreOut:
    """One score; `missing` is how many of the items that make it were left out."""

    measure: str
    value: Decimal
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """One item of an instrument: what its answer counts for, None without one, and the screen it stands on."""

    value: Decimal | None
    part: str


Formula = Callable[[list[Answered], int], Decimal | None]


def score(form: Form, answers: Answers, *, measure: str = "", activities: Sequence[str] = ()) -> list[ScoreOut]:
    """Every score in the answers. `measure` is the instrument a practice says the form is.

    `activities` are those rated before: other ones now make no score, for their means cannot be compared.
    """
    found = [*_single_items(form, answers), *_own_activities(form, answers, activities)]
    whole = _instrument(form, answers, measure or measure_of(form))
    found += [whole] if whole else []
    return [each for each in found if _is_within(each)]


def measure_of(form: Form) -> str:
    """The measure a whole form is, by its own code; empty without one."""
    return _measure_code(form.source)


def _measure_code(row: Mapping[str, Any]) -> str:
    codes = (str(code.get("code", "")) for code in row.get("code", ()) if code.get("system") == source.MEASURES)
    return next(codes, "")


def _is_within(out: ScoreOut) -> bool:
    entry = source.by_code("outcome_measures")[out.measure]
    low, high = entry["score_min"], entry["score_max"]
    return (low is None or out.value >= Decimal(str(low))) and (high is None or out.value <= Decimal(str(high)))


def _single_items(form: Form, answers: Answers) -> Iterator[ScoreOut]:
    """Items that are a score by themselves: a scale, or a total the form has reckoned."""
    known = source.by_code("outcome_measures")
    for item in form.by_link_id.values():
        code = _measure_code(item.source)
        code = TRACKED.get(code, code)
        value = answers.one(addresses.encoded(item.link_id))
        if item.is_question and code in known and isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield ScoreOut(code, _rounded(Decimal(value)))


def activities_of(form: Form, answers: Answers) -> tuple[str, ...]:
    """The client's own activities in the answers, as they were named."""
    return tuple(name for name, _rating in _rated(form, answers))


def rated_activities(form: Form, answers: Answers) -> list[tuple[str, int | None]]:
    """The client's own activities as they were named, each with its rating."""
    return list(_rated(form, answers))


def same_activities(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lists name the same, whatever the order, case and spaces."""
    return _plain(some) == _plain(others)


def _plain(names: Sequence[str]) -> list[str]:
    return sorted(" ".join(name.split()).casefold() for name in names)


def _own_activities(form: Form, answers: Answers, before: Sequence[str]) -> Iterator[ScoreOut]:
    """PSFS: the mean over the activities that were rated (Stratford and others, Physiother Can 1995)."""
    rated = list(_rated(form, answers))
    ratings = [rating for _name, rating in rated if rating is not None]
    if ratings and (not before or same_activities([name for name, _rating in rated], before)):
        mean = Decimal(sum(ratings)) / len(ratings)
        yield ScoreOut("psfs", _rounded(mean), len(rated) - len(ratings))


def _rated(form: Form, answers: Answers) -> Iterator[tuple[str, int | None]]:
    for group in form.by_link_id.values():
        if not group.has_rows or _measure_code(group.source) != "psfs":
            continue
        address = addresses.encoded(group.link_id)
        for number in range(answers.rows.get(address, 0)):
            prefix = addresses.row(address, number)
            held = {item.type: answers.one(addresses.join(prefix, item.link_id)) for item in group.items}
            name = held.get("string") or held.get("text")
            if name:
                yield str(name), held.get("integer")


def _instrument(form: Form, answers: Answers, measure: str) -> ScoreOut | None:
    entry = source.by_code("outcome_measures").get(measure)
    formula = FORMULAS.get(entry["scoring"].get("formula", "")) if entry else None
    if entry is None or formula is None:
        return None
    items = list(_items(form, answers))
    wanted = entry["scoring"].get("items")
    if isinstance(wanted, int) and len(items) != wanted:
        return None  # a form with more or fewer items than the instrument is another one
    value = formula(items, len(items))
    missing = sum(item.value is None for item in items)
    return None if value is None else ScoreOut(measure, _rounded(value), missing)


def _items(form: Form, answers: Answers) -> Iterator[Answered]:
    """The questions that count: choices with a score for each answer, numbers, yes or no."""
    for section in form.sections:
        for item in section.walk():
            is_ours = item.kind not in {Kind.PLAIN, Kind.SCALE}
            if item.is_question and _counts(item) and not (is_ours or item.is_hidden or item.calculated):
                values = answers.all(addresses.encoded(item.link_id))
                yield Answered(_worth(item, values), section.link_id)


def _counts(item: Item) -> bool:
    if item.type == "choice":
        return bool(item.options) and all(option.score is not None for option in item.options)
    return item.type in {"integer", "decimal", "boolean"}


def _worth(item: Item, values: list[Any]) -> Decimal | None:
    if not values:
        return None
    weight = item.weight if item.weight is not None else Decimal(1)
    if item.type == "choice":
        return sum(((option.score or Decimal(0)) for v in values if (option := item.option(str(v)))), Decimal(0))
    return weight * Decimal(int(values[0]) if isinstance(values[0], bool) else values[0])


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def _given(items: list[Answered]) -> list[Decimal]:
    return [item.value for item in items if item.value is not None]


def _whole_sum(items: list[Answered], count: int) -> Decimal | None:
    """LEFS (Binkley and others, Phys Ther 1999): no owner's rule for missing items was found, so all are needed."""
    given = _given(items)
    return sum(given, Decimal(0)) if items and len(given) == count else None


def _whole_mean(items: list[Answered], count: int) -> Decimal | None:
    """iHOT-12: all items are needed, for no rule was found."""
    total = _whole_sum(items, count)
    return None if total is None else total / count


def _percent_of_answered(items: list[Answered], _count: int) -> Decimal | None:
    """ODI: ten sections 0 to 5, over five times those answered; nothing below eight."""
    given = _given(items)
    return 100 * sum(given, Decimal(0)) / (5 * len(given)) if len(given) >= 8 else None


def _ticked(items: list[Answered], _count: int) -> Decimal | None:
    """RMDQ (Roland and Fairbank, Spine 2000): what is not ticked counts as no."""
    given = _given(items)
    return Decimal(sum(value > 0 for value in given)) if given else None


def _mean_of_scales(items: list[Answered], _count: int) -> Decimal | None:
    """HOOS-12: three screens of four items 0 to 4; 100 is best; each scale needs two answers, the summary all three."""
    parts = list(dict.fromkeys(item.part for item in items))
    means = []
    for part in parts:
        given = _given([item for item in items if item.part == part])
        if len(given) < 2:
            return None
        means.append(100 - sum(given, Decimal(0)) / len(given) / 4 * 100)
    return sum(means, Decimal(0)) / 3 if len(means) == 3 else None


FORMULAS: Mapping[str, Formula] = {
    "sum(items)": _whole_sum,
    "mean(items)": _whole_mean,
    "100*sum/(5*answered)": _percent_of_answered,
    "count(ticked)": _ticked,
    "scale = 100 - mean(items)/4*100; summary = mean(scales)": _mean_of_scales,
}
BY_ITEM = frozenset({"score = value", "value", "mean(activity scores)"})
"""Formulas of measures that items carry themselves: NPRS, GROC, PSFS."""
NOT_RECKONED = {
    "lookup(raw)": "the owner's table",
    "lookup or CAT": "the owner's table",
    "value_set[country][state]": "a licensed value set",
    "subscale = 100 - mean(items)/4*100": "six scales and no total",
    "low if total<=3; high if subscale>=4; else medium": "a risk group, no outcome",
    "mean": "measured at the table, not asked",
}
"""Formulas that make no score here, and why."""

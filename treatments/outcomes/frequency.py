"""How often each place is marked when an episode of a condition begins: one query over the tally."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from clinic.people.models import Location
from intake import body_map
from intake.models import Condition
from intake.rules import Mark
from intake.rules.shapes import anchor_of
from treatments.outcomes import rules
from treatments.outcomes.export import SMALLEST
from treatments.outcomes.filters import Filters
from treatments.outcomes.models import MarkTally

STEPS = (0.1, 0.25, 0.5, 0.75)  # shares from which the next shade is used
LABELLED = 0.1  # smaller shares are read in the table: on the figure their numbers would lie on one another
LABEL_WIDTH = 44  # of the figure's units
HEAD = ("condition", "place", "side", "episodes_marked", "episodes", "share", "mean_strength", "months")


@dataclass(frozen=True, slots=True)
class Place:
    """One place: in how many episodes it was marked, of how many, and how strong on average."""

    region: str
    side: str
    count: int
    episodes: int
    mean: float | None

    @property
    def key(self) -> str:
        return Mark(self.region, self.side).key

    @property
    def is_shown(self) -> bool:
        """Not where a small count could name a person."""
        return self.count >= rules.Enough.COUNTS

    @property
    def share(self) -> float:
        return self.count / self.episodes

    @property
    def step(self) -> int:
        """1 to 5, by which the figure is shaded."""
        return 1 + sum(self.share >= step for step in STEPS)


@dataclass(frozen=True, slots=True)
class Patch:
    """A place on one view, with its label when there is room for it."""

    place: Place
    d: str

    @property
    def label_at(self) -> tuple[int, int] | None:
        x, y = anchor_of(self.d)
        has_room = body_map.box_of(self.d)[2] >= LABEL_WIDTH
        return (round(x), round(y)) if has_room and self.place.share >= LABELLED else None


@dataclass(frozen=True, slots=True)
class Frequency:
    """Places by how often they are marked; no figure while the episodes are few."""

    episodes: int
    places: list[Place]

    @property
    def is_shown(self) -> bool:
        return rules.enough(self.episodes) >= rules.Enough.FEW

    @property
    def views(self) -> list[tuple[body_map.View, list[Patch]]]:
        """Each view that shows something marked often enough, with its places."""
        by_key = {place.key: place for place in self.places if place.is_shown}
        shown = [
            (view, [Patch(by_key[key], path) for key, path in view.regions.items() if key in by_key])
            for view in body_map.views().values()
        ]
        return [(view, patches) for view, patches in shown if patches]


def frequency(*, condition: Condition, filters: Filters, locations: Iterable[Location]) -> Frequency:
    """Of episodes that began in the months of the filters' dates, at their location or all in scope: one query."""
    rows = MarkTally.objects.filter(
        condition=condition,
        location__in=[filters.location] if filters.location else list(locations),
        month__gte=filters.from_on.replace(day=1),
        month__lte=filters.to_on,
    )
    counted = rows.values("region", "side").annotate(
        count=Sum("episodes"), given=Sum("rated"), strength=Sum("intensity_sum")
    )
    found = {(row["region"], row["side"]): row for row in counted.order_by()}
    episodes = int(found.pop(("", ""), {"count": 0})["count"])
    places = [_place(row, episodes) for row in found.values()]
    return Frequency(episodes, sorted(places, key=lambda place: (-place.count, place.key)))


def _place(row: Mapping[str, Any], episodes: int) -> Place:
    mean = row["strength"] / row["given"] if row["given"] >= rules.Enough.FEW else None
    return Place(row["region"], row["side"], row["count"], episodes, mean)


def to_csv(shown: Frequency, condition: Condition, filters: Filters) -> str:
    """No small cell leaves the clinic, and none that the total would give away."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    months = f"{_month(filters.from_on)} to {_month(filters.to_on)}"
    for place in shown.places if shown.episodes >= SMALLEST else []:
        writer.writerow([condition.label, *_cells(place), months])
    return file.getvalue()


def _cells(place: Place) -> list[Any]:
    others = place.episodes - place.count
    name = body_map.short_name(place.region)
    if place.count < SMALLEST:
        return [name, place.side, f"<{SMALLEST}", place.episodes, "", ""]
    if 0 < others < SMALLEST:
        return [name, place.side, f">{place.episodes - SMALLEST}", place.episodes, "", ""]
    mean = "" if place.mean is None else round(place.mean, 2)
    return [name, place.side, place.count, place.episodes, round(place.share, 3), mean]


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"

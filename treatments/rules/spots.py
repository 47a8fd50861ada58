"""A trigger point's place on the body map: read strictly, told by its region and side, written as whole numbers."""

import json
import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from intake.body_map import View, share_seen, views
from intake.rules import split_key
from intake.rules.shapes import Point, anchor_of, contains, outlines_of

LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of one view, in its units, and the point it refers to if that was shown on the same view."""

    view: str
    x: int
    y: int
    to: tuple[int, int] | None = None

    @property
    def at(self) -> tuple[int, int]:
        return (self.x, self.y)

    @property
    def region(self) -> str:
        """The key of the region it lies in; empty between regions."""
        return region_at(self.view, self.at)

    def as_json(self) -> dict[str, Any]:
        place: dict[str, Any] = {"view": self.view, "x": self.x, "y": self.y}
        return place | ({"to": {"x": self.to[0], "y": self.to[1]}} if self.to else {})

    def as_text(self) -> str:
        return json.dumps(self.as_json(), separators=(",", ":"))


def parse(text: str) -> Spot | None:
    """What a browser sent. Raises ValueError with words for people."""
    if not text.strip():
        return None
    try:
        if len(text) > LONGEST_TEXT:
            raise ValueError
        return read(json.loads(text))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ValueError(_("This place on the map could not be read. Point again, or choose a region.")) from None


def read(given: Any) -> Spot | None:
    """A spot from its JSON. Raises ValueError, TypeError or KeyError for anything that is no point on a body."""
    if given is None:
        return None
    view = views()[given["view"]] if isinstance(given["view"], str) else None
    if view is None:
        raise ValueError
    to = given.get("to")
    return Spot(view.name, *_inside(view, given), _inside(view, to) if to is not None else None)


def lenient(given: Any) -> Spot | None:
    """As stored, whoever stored it: what is no place is left out instead of breaking a page."""
    try:
        return read(given)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _inside(view: View, given: Any) -> tuple[int, int]:
    point = (_whole(given["x"]), _whole(given["y"]))
    # Some regions reach a little over the outline: they are the body too.
    if not any(contains(o, point) for o in outlines_of(view.outline)) and not region_at(view.name, point):
        raise ValueError
    return point


def _whole(number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError
    return round(number)


def region_at(view: str, point: Point) -> str:
    """The key of the region at a point of a view, or nothing."""
    regions = views()[view].regions
    return next((key for key, path in regions.items() if any(contains(o, point) for o in outlines_of(path))), "")


def side_of(key: str) -> str:
    """ "right" of a region on the right; "none" of one in the middle."""
    side = split_key(key)[1]
    return side if side in ("left", "right") else "none"


def spot_of_region(key: str) -> Spot | None:
    """The middle of a region, on the view that shows most of it: what choosing it from the list stands for."""
    shown = [name for name, view in views().items() if key in view.regions]
    if not shown:
        return None
    view = max(shown, key=lambda name: share_seen(key, name))
    x, y = anchor_of(views()[view].regions[key])
    return Spot(view, round(x), round(y))


def settled(spot: Spot | None, *, place: str | None, refers_to: str | None) -> tuple[Spot | None, str]:
    """The spot and where it refers to, once what was pointed at and what was chosen agree.

    Pointing fills in the lists; a list that says something else was changed afterwards and wins. None: no list sent.
    """
    if place is not None and place != (spot.region if spot else ""):
        spot = spot_of_region(place) if place else None
    if spot is None or spot.to is None:
        return spot, refers_to or ""
    shown = region_at(spot.view, spot.to)
    if refers_to is None or refers_to == shown:
        return spot, shown
    return Spot(spot.view, spot.x, spot.y), refers_to

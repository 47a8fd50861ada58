"""The body map's views, crops and words, from `data/body_map/views.json` and the clinical knowledge."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake.knowledge import source
from intake.rules import Mark, keys_of, split_key
from intake.rules.marks import MIDLINE
from intake.rules.shapes import area_of, outlines_of

VIEWS_FILE = Path(__file__).resolve().parent / "data" / "body_map" / "views.json"
MARGIN = 12
Box = tuple[int, int, int, int]  # x, y, width, height

# The client's list, from the hip outwards: what this clinic treats comes first.
GROUPS: dict[str, tuple[str, ...]] = {
    name: tuple(codes.split())
    for name, codes in {
        "hip": "lateral-hip groin anterior-hip buttock-upper buttock-lower ischial iliac-crest pubic",
        "back": "lumbar-central lumbar sacroiliac sacrum coccyx saddle flank upper-back",
        "thigh": "anterior-thigh medial-thigh lateral-thigh posterior-thigh",
        "knee": "knee-anterior knee-medial knee-lateral knee-posterior",
        "leg": "anterior-shin medial-lower-leg lateral-calf posterior-calf",
        "foot": "ankle-medial ankle-lateral heel foot-dorsum foot-lateral foot-sole toe-great toes-lesser",
        "trunk": "chest abdomen-upper abdomen-lower suprapubic",
        "upper": "head jaw neck shoulder upper-arm forearm-hand",
    }.items()
}


@dataclass(frozen=True, slots=True)
class View:
    name: str
    whole: Box
    lower: Box
    outline: str
    shades: tuple[str, ...]
    regions: Mapping[str, str]

    @property
    def middle_x(self) -> float:
        return self.whole[2] / 2

    def crop(self, name: str) -> str:
        return " ".join(str(n) for n in (self.lower if name == "lower" else self.whole))


@cache
def views() -> dict[str, View]:
    raw = json.loads(VIEWS_FILE.read_bytes())["views"]
    return {name: _view(name, row) for name, row in raw.items()}


def _view(name: str, row: Mapping[str, object]) -> View:
    regions: dict[str, str] = row["regions"]  # type: ignore[assignment]
    width, height = int(row["width"]), int(row["height"])  # type: ignore[call-overload]
    zones = {r["code"]: r["zone"] for r in source.entries("regions")}
    lower = [box_of(path) for key, path in regions.items() if zones[split_key(key)[0]] == "lower"]
    left, top = min(b[0] for b in lower), min(b[1] for b in lower)
    right, bottom = max(b[0] + b[2] for b in lower), max(b[1] + b[3] for b in lower)
    crop = (left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)
    whole = (-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN)
    return View(name, whole, crop, str(row["outline"]), tuple(row["shades"]), regions)  # type: ignore[arg-type]


def box_of(path: str) -> Box:
    """The box round a path made of absolute `M`, relative `l` and `z`."""
    points = [point for outline in outlines_of(path) for point in outline]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return (int(min(xs)), int(min(ys)), int(max(xs) - min(xs)), int(max(ys) - min(ys)))


def all_keys() -> frozenset[str]:
    return frozenset(key for region in source.entries("regions") for key in keys_of(region))


def short_name(code: str) -> str:
    """A region in few words: what stands in brackets, and "over the …", is left to the long name."""
    label: str = source.by_code("regions")[code]["label"]
    return re.split(r" \(| over ", label)[0]


def side_name(side: str) -> str:
    return {"left": _("left"), "right": _("right")}.get(side, "")


def place_name(key: str) -> str:
    """ "Outer hip, right"."""
    code, side = split_key(key)
    return ", ".join(filter(None, (short_name(code), side_name(side))))


def key_named(words: str) -> str:
    """The key of a place that was named in words, as `place_name` has it; what names none comes back as it is."""
    return words if words in all_keys() else _names(get_language() or "").get(words.strip().casefold(), words)


@lru_cache(maxsize=8)
def _names(_language: str) -> dict[str, str]:
    return {place_name(key).casefold(): key for key in all_keys()}


def place_words(key: str) -> str:
    """ "right outer hip": within a sentence."""
    code, side = split_key(key)
    name = short_name(code)
    name = name[:1].lower() + name[1:]
    sides = {"left": _("left %(place)s"), "right": _("right %(place)s")}
    return sides[side] % {"place": name} if side in sides else name


def view_name(view: str) -> str:
    return {
        "front": _("Front"),
        "back": _("Back"),
        "left": _("Left side"),
        "right": _("Right side"),
        "soles": _("Soles"),
    }[view]


def quality_words() -> dict[str, str]:
    """Words for pain by code."""
    return {row["code"]: row["label"] for row in source.entries("qualities")}


def group_name(group: str) -> str:
    return {
        "hip": _("Hip and buttock"),
        "back": _("Back and pelvis"),
        "thigh": _("Thigh"),
        "knee": _("Knee"),
        "leg": _("Lower leg"),
        "foot": _("Ankle and foot"),
        "trunk": _("Chest and belly"),
        "upper": _("Head, neck and arms"),
    }[group]


@cache
def likely_spread(code: str) -> tuple[str, ...]:
    """Where pain of a region runs to most often among the structures that lie in it: two suggestions for the form."""
    targets: Counter[str] = Counter()
    for structure in source.entries("structures"):
        if code in structure["local_regions"]:
            targets.update(region for region in structure["referral_regions"] or () if region != code)
    sided = {region["code"] for region in source.entries("regions") if MIDLINE not in region["sides"]}
    ranked = sorted((_depth(t) <= _depth(code), -count, t) for t, count in targets.items() if t in sided)
    return tuple(target for _is_upward, _count, target in ranked[:2])


def _depth(code: str) -> int:
    """How far down a region lies: pain runs down the leg, so what lies further down comes first."""
    order = ("upper", "trunk", "back", "hip", "thigh", "knee", "leg", "foot")
    return next(order.index(group) for group, codes in GROUPS.items() if code in codes)


def spread_keys(key: str) -> tuple[str, ...]:
    """Suggestions on the same side; none from the midline, where a side would be a guess."""
    code, side = split_key(key)
    return tuple(f"{target}.{side}" for target in likely_spread(code)) if side != MIDLINE else ()


def best_view(marks: Iterable[Mark], earlier: Iterable[Mark] = ()) -> str:
    """The view that shows most of what is marked; of those alike most of what was earlier; the front for nothing."""
    now, then = {mark.key for mark in marks}, {mark.key for mark in earlier}
    shown = {
        name: (sum(share_seen(key, name) for key in now), sum(share_seen(key, name) for key in then))
        for name in views()
    }
    return max(shown, key=lambda name: shown[name])


@cache
def share_seen(key: str, view: str) -> float:
    """How much of a region a view shows, of what any view shows: from the front, the hip's outside is a sliver."""
    areas = {name: area_of(each.regions[key]) for name, each in views().items() if key in each.regions}
    return areas.get(view, 0) / max(areas.values(), default=1)


def spoken(marks: Iterable[Mark]) -> str:
    """Marks in words, for those who cannot see the figure."""
    parts = []
    for mark in marks:
        words = place_name(mark.key)
        if mark.intensity is not None:
            words = _("%(place)s %(number)s of 10") % {"place": words, "number": mark.intensity}
        if mark.spreads_to:
            words = _("%(mark)s, spreading to %(place)s") % {"mark": words, "place": place_name(mark.spreads_to)}
        parts.append(words)
    return "; ".join(parts)


def sprite() -> str:
    """`static/intake/body-map.svg`: the drawings that every figure points at, so that a page with ten stays small."""
    parts = ["<!-- Made from intake/data/body_map/views.json by intake.body_map.sprite(); a test keeps them equal. -->"]
    for name, view in views().items():
        parts.append(f'<path id="{name}-outline" d="{view.outline}"/>')
        regions = [f'<path id="{name}-{key}" d="{path}"/>' for key, path in view.regions.items()]
        parts.extend((f'<g id="{name}-seams">', *regions, "</g>"))
        parts.extend(f'<path id="{name}-shade-{n}" d="{d}"/>' for n, d in enumerate(view.shades, 1))
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(parts) + "\n</svg>\n"

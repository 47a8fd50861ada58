"""What the body map's form control needs: views, the list of places, a sheet for each mark and one to copy.

Twelve marks mean twelve sheets of fifty controls each, and every map lists eighty places. Both are rendered once for
each language and then filled in as text: a page with a dozen marks takes hardly longer than an empty one. The drawings
themselves are in a file that browsers keep, `static/intake/body-map.svg`: the page only points at it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake import body_map
from intake.fhir import Item
from intake.knowledge import source
from intake.rules import Mark, keys_of, split_key

FIRST_QUALITIES = ("aching", "burning", "sharp", "shooting", "tingling", "numbness", "stiffness")
CHECKED = " checked"
GAP = re.compile("\0([^\0]*)\0")

Words = tuple[tuple[str, str], ...]  # code and what it says, in the form's order


def form_context(item: Item, marks: list[Mark], *, is_dense: bool = False) -> dict[str, Any]:
    """`is_dense` for staff: everything beside the figure, at the desk's size."""
    language = get_language() or ""
    parts = {part.link_id.rpartition(".")[2]: part for part in item.items}
    about = (item.link_id, _words_of(parts["quality"]), _words_of(parts["course"]), language, "stroke" in parts)
    blank = {"key": "{key}", "place": "{place}", "near": "{near}", "nearName": "{nearName}"}
    blank |= {"far": "{far}", "farName": "{farName}", "stays": CHECKED}
    chosen = {f"place={mark.key}": CHECKED for mark in marks}
    return {
        "name": item.link_id,
        "is_dense": is_dense,
        "views": _views(marks, is_dense),
        "drawings": _drawings(language, is_dense),
        "places": _filled(_places(item.link_id, language), chosen),
        "sheets": [_sheet(mark, about) for mark in marks],
        "blank": _filled(_sheet_text(*about, 2), blank),
        "words": json.dumps(_words()),
    }


def _words_of(part: Item) -> Words:
    return tuple((option.code, option.display) for option in part.options)


def _filled(text: str, values: Mapping[str, str]) -> SafeString:
    """A rendered text with its gaps filled; whatever is not given stays empty."""
    return mark_safe(GAP.sub(lambda gap: escape(values.get(gap[1], "")), text))  # noqa: S308 the values are escaped


def _gap(name: str) -> SafeString:
    return mark_safe(f"\0{name}\0")  # noqa: S308 a mark of ours, filled in above


def _views(marks: list[Mark], is_dense: bool) -> list[dict[str, Any]]:
    best = body_map.best_view(marks)
    return [{"name": name, "label": row[0], "is_chosen": name == best} for name, row in _labels(is_dense).items()]


def _labels(is_dense: bool) -> dict[str, tuple[str, str, str]]:
    """Each view's name, and whose side is on its left and right."""
    right, left = (_("Client's right"), _("Client's left")) if is_dense else (_("Your right"), _("Your left"))
    return {
        "front": (_("Front"), right, left),
        "back": (_("Back"), left, right),
        "left": (_("Left"), left, ""),
        "right": (_("Right"), right, ""),
        "soles": (_("Soles"), right, left),
    }


@lru_cache(maxsize=16)
def _drawings(language: str, is_dense: bool) -> SafeString:
    """The five views, as text."""
    known = _labels(is_dense)
    views = [{"view": v, "label": known[name][0], "sides": known[name][1:]} for name, v in body_map.views().items()]
    return render_to_string("intake/questions/_map_views.html", {"views": views})


@lru_cache(maxsize=16)
def _places(name: str, language: str) -> str:
    """The list of all places, as text with a gap in each box."""
    regions = source.by_code("regions")
    groups = [
        {"name": body_map.group_name(group), "rows": [_row(regions[code]) for code in codes]}
        for group, codes in body_map.GROUPS.items()
    ]
    return render_to_string("intake/questions/_map_places.html", {"name": name, "groups": groups})


def _row(region: dict[str, Any]) -> dict[str, Any]:
    places = [
        {
            "key": key,
            "name": body_map.place_name(key),
            "side": body_map.side_name(split_key(key)[1]) or _("middle"),
            "spreads": " ".join(body_map.spread_keys(key)),
            "checked": _gap(f"place={key}"),
        }
        for key in keys_of(region)
    ]
    return {"label": region["label"], "short": body_map.short_name(region["code"]), "places": places}


def _sheet(mark: Mark, about: tuple[str, Words, Words, str, bool]) -> SafeString:
    """The sheet of one mark: what was said about it is checked."""
    suggested = body_map.spread_keys(mark.key)
    is_elsewhere = bool(mark.spreads_to) and mark.spreads_to not in suggested
    values = {"key": mark.key, "place": body_map.place_name(mark.key)}
    for name, key in zip(("near", "far"), suggested, strict=False):
        values |= {name: key, f"{name}Name": _spread_name(key), f"spread={name}": _if(key == mark.spreads_to)}
    values |= {f"quality={code}": CHECKED for code in mark.qualities}
    values |= {f"point={mark.intensity}": CHECKED, f"course={mark.course}": CHECKED}
    values |= {"stays": _if(not mark.spreads_to), "elsewhere": _if(is_elsewhere)}
    values["open"] = " open" if set(mark.qualities) - set(FIRST_QUALITIES) else ""
    values["stroke"] = mark.stroke.as_text() if mark.stroke else ""
    if is_elsewhere:
        is_known = mark.spreads_to in body_map.all_keys()
        name = body_map.place_name(mark.spreads_to) if is_known else mark.spreads_to
        values |= {"elsewhereKey": mark.spreads_to, "elsewhereName": name}
    return _filled(_sheet_text(*about, len(suggested)), values)


def _if(is_chosen: bool) -> str:
    return CHECKED if is_chosen else ""


@lru_cache(maxsize=32)
def _sheet_text(name: str, qualities: Words, courses: Words, language: str, may_draw: bool, suggestions: int) -> str:
    """A sheet as text with gaps, for marks with so many places suggested that they may spread to."""
    first = sorted((row for row in qualities if row[0] in FIRST_QUALITIES), key=lambda r: FIRST_QUALITIES.index(r[0]))
    sheet = {
        "key": _gap("key"),
        "place": _gap("place"),
        "first": _options("quality", first),
        "rest": _options("quality", [row for row in qualities if row[0] not in FIRST_QUALITIES]),
        "open": _gap("open"),
        "points": [{"number": n, "checked": _gap(f"point={n}")} for n in range(11)],
        "courses": _options("course", courses),
        "suggested": [
            {"key": _gap(way), "name": _gap(f"{way}Name"), "checked": _gap(f"spread={way}")}
            for way in ("near", "far")[:suggestions]
        ],
        "stays": _gap("stays"),
        "elsewhere": _gap("elsewhere"),
        "elsewhere_key": _gap("elsewhereKey"),
        "elsewhere_name": _gap("elsewhereName"),
        "may_draw": may_draw,
        "stroke": _gap("stroke"),
    }
    return render_to_string("intake/questions/_sheet.html", {"name": name, "sheet": sheet})


def _spread_name(key: str) -> str:
    return body_map.short_name(split_key(key)[0])


def _options(kind: str, words: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"code": code, "label": label, "checked": _gap(f"{kind}={code}")} for code, label in words]


def _words() -> dict[str, str]:
    """Sentences for the script; names in braces are filled in there."""
    return {
        "strength": _("{number} of 10"),
        "spreads": _("spreads to {place}"),
        "none": _("No place marked yet."),
        "one": _("One place marked."),
        "many": _("{number} places marked."),
        "magnified": _("Closer now. Tap the place."),
        "pain0": _("No pain"),
        "pain1": _("Mild"),
        "pain4": _("Moderate"),
        "pain7": _("Severe"),
        "pain10": _("Worst imaginable"),
    }

"""What the body map's form control needs: views, the list of places, a sheet for each mark and one to copy."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from intake import body_map
from intake.fhir import Item, Option
from intake.knowledge import source
from intake.rules import Mark, keys_of, split_key

FIRST_QUALITIES = ("aching", "burning", "sharp", "shooting", "tingling", "numbness", "stiffness")


def form_context(item: Item, marks: list[Mark]) -> dict[str, Any]:
    parts = {part.link_id.rpartition(".")[2]: part for part in item.items}
    return {
        "name": item.link_id,
        "views": _views(marks),
        "groups": _groups({mark.key for mark in marks}),
        "sheets": [_sheet(mark, parts) for mark in marks],
        "blank": _blank(parts),
        "marks": [{"mark": mark, "place": body_map.place_name(mark.key)} for mark in marks],
        "words": json.dumps(_words()),
    }


def _views(marks: list[Mark]) -> list[dict[str, Any]]:
    best = body_map.best_view(marks)
    labels = {
        "front": (_("Front"), _("Your right"), _("Your left")),
        "back": (_("Back"), _("Your left"), _("Your right")),
        "left": (_("Left"), _("Your left side"), ""),
        "right": (_("Right"), _("Your right side"), ""),
        "soles": (_("Soles"), _("Your right"), _("Your left")),
    }
    return [
        {"view": view, "label": labels[name][0], "sides": labels[name][1:], "is_chosen": name == best}
        for name, view in body_map.views().items()
    ]


def _groups(marked: set[str]) -> list[dict[str, Any]]:
    regions = source.by_code("regions")
    return [
        {"name": body_map.group_name(group), "rows": [_row(regions[code], marked) for code in codes]}
        for group, codes in body_map.GROUPS.items()
    ]


def _row(region: dict[str, Any], marked: set[str]) -> dict[str, Any]:
    short = body_map.short_name(region["code"])
    places = [
        {
            "key": key,
            "name": body_map.place_name(key),
            "short": short,
            "side": body_map.side_name(split_key(key)[1]) or _("middle"),
            "spreads": " ".join(body_map.spread_keys(key)),
            "is_chosen": key in marked,
        }
        for key in keys_of(region)
    ]
    return {"label": region["label"], "places": places}


def _sheet(mark: Mark, parts: dict[str, Item]) -> dict[str, Any]:
    suggested = [{"key": key, "name": _spread_name(key)} for key in body_map.spread_keys(mark.key)]
    known = {row["key"] for row in suggested}
    is_elsewhere = bool(mark.spreads_to) and mark.spreads_to not in known
    return {
        "key": mark.key,
        "place": body_map.place_name(mark.key),
        **_qualities(parts["quality"].options, mark.qualities),
        "points": [{"number": n, "is_chosen": n == mark.intensity} for n in range(11)],
        "courses": _options(parts["course"].options, (mark.course,)),
        "suggested": [{**row, "is_chosen": row["key"] == mark.spreads_to} for row in suggested],
        "stays": not mark.spreads_to,
        "is_elsewhere": is_elsewhere,
        "places": _elsewhere(mark.spreads_to if is_elsewhere else ""),
    }


def _blank(parts: dict[str, Item]) -> dict[str, Any]:
    """The sheet the script copies; names in braces are filled in there."""
    return {
        "key": "{key}",
        "place": "{place}",
        **_qualities(parts["quality"].options, ()),
        "points": [{"number": n, "is_chosen": False} for n in range(11)],
        "courses": _options(parts["course"].options, ()),
        "suggested": [{"key": "{near}", "name": "{nearName}"}, {"key": "{far}", "name": "{farName}"}],
        "stays": True,
        "is_elsewhere": False,
        "places": _elsewhere(""),
    }


def _spread_name(key: str) -> str:
    return body_map.short_name(split_key(key)[0])


def _qualities(options: Iterable[Option], chosen: Iterable[str]) -> dict[str, Any]:
    """The commonest words first; the rest behind "More", which opens by itself when one of them is chosen."""
    rows = _options(options, chosen)
    first = sorted((r for r in rows if r["code"] in FIRST_QUALITIES), key=lambda r: FIRST_QUALITIES.index(r["code"]))
    rest = [r for r in rows if r["code"] not in FIRST_QUALITIES]
    return {"first": first, "rest": rest, "shows_rest": any(r["is_chosen"] for r in rest)}


def _options(options: Iterable[Option], chosen: Iterable[str]) -> list[dict[str, Any]]:
    picked = set(chosen)
    return [{"code": o.code, "label": o.display, "is_chosen": o.code in picked} for o in options]


def _elsewhere(chosen: str) -> list[dict[str, Any]]:
    regions = source.by_code("regions")
    return [
        {
            "name": body_map.group_name(group),
            "places": [
                {"key": key, "name": body_map.place_name(key), "is_chosen": key == chosen}
                for code in codes
                for key in keys_of(regions[code])
            ],
        }
        for group, codes in body_map.GROUPS.items()
    ]


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

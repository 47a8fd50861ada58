"""Rows of a draft written as typed: only what differs, so that an autosave costs what was changed."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models

from treatments.models import Finding, SessionNote, TechniqueApplied
from treatments.rows import FindingRow, TechniqueRow

Row = FindingRow | TechniqueRow
KEYS: dict[type[models.Model], tuple[type[Row], tuple[str, ...]]] = {
    Finding: (FindingRow, ("kind", "code", "side")),
    TechniqueApplied: (TechniqueRow, ("technique_id", "structure_id", "side")),
}


def write_rows(note: SessionNote, model: Any, rows: Sequence[Row]) -> list[Row]:
    """Make a note's rows those given, in their order. Returns the rows that came, went or were changed.

    A row keeps its identity while what it is about stays the same: a value typed anew is one update. Queries: one to
    read, and one each for what is deleted, changed, moved and new.
    """
    row_type, key = KEYS[model]
    stored = list(model.objects.filter(note=note))
    places = _matched(stored, [row_type.of(each) for each in stored], rows, key)
    kept = {id(each) for each in places if each is not None}
    gone = [each for each in stored if id(each) not in kept]
    changed, moved, new, touched = [], [], [], [row_type.of(each) for each in gone]
    for position, (row, each) in enumerate(zip(rows, places, strict=True)):
        if each is None:
            new.append(model(note=note, position=position, **row.values()))
            touched.append(row)
            continue
        if row_type.of(each) != row:
            changed.append(each)
            touched += [row_type.of(each), row]
        if each.position != position:
            moved.append(each)
        for name, value in {**row.values(), "position": position}.items():
            setattr(each, name, value)
    if gone:
        model.objects.filter(pk__in=[each.pk for each in gone]).delete()
    if changed:
        model.objects.bulk_update(changed, _fields(model, row_type))
    if moved:
        model.objects.bulk_update(moved, ["position"])
    model.objects.bulk_create(new)
    return touched


def _matched(stored: list[Any], written: list[Row], rows: Sequence[Row], key: tuple[str, ...]) -> list[Any]:
    """For each row the stored one it goes on from: the same in all, else the same in what it is about, else none."""
    places: list[Any] = [None] * len(rows)
    for name in (repr, lambda row: repr([getattr(row, part) for part in key])):
        free = defaultdict(list)
        taken = {id(each) for each in places if each is not None}
        for each, row in zip(stored, written, strict=True):
            if id(each) not in taken:
                free[name(row)].append(each)
        for index, row in enumerate(rows):
            if places[index] is None and free[name(row)]:
                places[index] = free[name(row)].pop(0)
    return places


def _fields(model: Any, row_type: type[Row]) -> list[str]:
    return [model._meta.get_field(name).name for name in row_type.__dataclass_fields__]

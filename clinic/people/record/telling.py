"""Rows of any model as values for machines and as lines for people."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from clinic.people.record.held import Area, Table, Values, tables

# What every row has and nobody reads: its id, and when it was last touched.
TECHNICAL = frozenset({"id", "updated_at"})
Row = tuple[Any, Values]


@dataclass(frozen=True, slots=True)
class Told:
    """A row for people: label and text of each line, and what belongs beneath it."""

    heading: str
    lines: list[tuple[str, str]]
    parts: list["Section"]


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of a table. With `heads` each is one line of as many columns."""

    title: str
    heads: list[str]
    rows: list[Told]


def values_of(table: Table, ids: Collection[uuid.UUID]) -> list[Row]:
    """Each row of a table with its values by name. Files are handed out beside them; what is computed is left out."""
    held = {each.model for each in tables()}
    options = table.model._meta
    fields = [
        field
        for field in [*options.concrete_fields, *options.many_to_many]
        if field.name not in table.secret and not isinstance(field, models.FileField | models.GeneratedField)
    ]
    found = []
    for row in table.rows(ids):
        values = {field.name: _value(row, field, held) for field in fields}
        found.append((row, table.adjust(row, values) if table.adjust else values))
    return found


def _value(row: Any, field: Any, held: Collection[type[models.Model]]) -> Any:
    """What is held itself is named by its id, everything else in words too."""
    if field.many_to_many:
        return [str(related) for related in getattr(row, field.name).all()]
    value = getattr(row, field.attname)
    if field.is_relation and value is not None and field.related_model not in held:
        return {"id": value, "name": str(getattr(row, field.name))}
    return {"from": value.lower, "to": value.upper} if isinstance(value, Range) else value


class Teller:
    """Tells the rows of an area to people, in their client's time zone."""

    def __init__(self, area: Area, rows: dict[str, list[Row]], zone: ZoneInfo) -> None:
        self.area, self.zone, self._rows = area, zone, rows
        self._held = {table.model for table in tables()}
        self._fields: dict[str, dict[str, Any]] = {
            table.name: {field.name: field for field in table.model._meta.get_fields()} for table in area.tables
        }

    def sections(self) -> list[Section]:
        roots = [table for table in self.area.tables if table.is_told and not table.under and self._rows[table.name]]
        return [self._section(table, self._rows[table.name]) for table in roots]

    def _section(self, table: Table, rows: list[Row]) -> Section:
        told = {
            row.pk: Told(self._heading(table, *each), self._lines(table, *each), [])
            for each in rows
            for row in [each[0]]
        }
        for part in self.area.tables:
            if part.under and self._fields[part.name][part.under].related_model is table.model:
                for key, beneath in self._beneath(part).items():
                    if key in told:
                        told[key].parts.append(self._section(part, beneath))
        heads = list(dict.fromkeys(label for each in told.values() for label, _text in each.lines))
        title = str(table.label) or capfirst(str(table.model._meta.verbose_name_plural))
        if not table.is_list:
            return Section(title, [], list(told.values()))
        return Section(title, heads, [_in_columns(each, heads) for each in told.values()])

    def _beneath(self, part: Table) -> dict[Any, list[Row]]:
        rows = defaultdict(list)
        for row, values in self._rows[part.name]:
            rows[getattr(row, f"{part.under}_id")].append((row, values))
        return rows

    def _heading(self, table: Table, row: Any, values: Values) -> str:
        at = self.text(attrgetter(table.at)(row)) if table.at else ""
        named = " ".join(filter(None, (self._told(table, name, values.get(name)) for name in table.title)))
        return " · ".join(filter(None, [at, named]))

    def _lines(self, table: Table, row: Any, values: Values) -> list[tuple[str, str]]:
        hidden = {*TECHNICAL, *table.technical, *table.title, table.at, *(["created_at"] if table.at else [])}
        lines = [
            (self._label(table, name), text)
            for name, value in values.items()
            if name not in hidden and not self._is_held(table, name) and (text := self._told(table, name, value))
        ]
        return [*lines, *(table.more(row) if table.more else ())]

    def _is_held(self, table: Table, name: str) -> bool:
        field = self._fields[table.name].get(name)
        return field is not None and field.is_relation and field.related_model in self._held

    def _label(self, table: Table, name: str) -> str:
        field = self._fields[table.name].get(name)
        return capfirst(str(field.verbose_name if field is not None else name.replace("_", " ")))

    def _told(self, table: Table, name: str, value: Any) -> str:
        field = self._fields[table.name].get(name)
        if field is not None and getattr(field, "choices", None) and isinstance(value, str | int):
            return str(dict(field.flatchoices).get(value, value))
        return self.text(value)

    def text(self, value: Any) -> str:
        """A value as a person reads it; nothing for what is empty."""
        if value is None or value in ("", [], {}):
            return ""
        match value:
            case bool():
                return _("Yes") if value else _("No")
            case dt.datetime():
                return date_format(value.astimezone(self.zone), _("j F Y, H:i"))
            case dt.date():
                return date_format(value, "DATE_FORMAT")
            case Decimal():
                return f"{value.normalize():f}"
            case int() | float():
                return number_format(value)
            case {"from": start, "to": end}:
                return f"{self.text(start)} – {self.text(end)}"
            case {"id": _id, "name": name}:
                return str(name)
            case dict():
                return "; ".join(f"{key}: {self.text(each)}" for key, each in value.items())
            case list():
                return ", ".join(map(self.text, value))
            case _:
                return str(value)


def _in_columns(told: Told, heads: list[str]) -> Told:
    """A text for each head, if only an empty one."""
    texts = dict(told.lines)
    return Told(told.heading, [(head, texts.get(head, "")) for head in heads], told.parts)

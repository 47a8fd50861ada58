"""All that is held about a client, for whoever has a right to it: which rows of which models, and which files.

Each part of the product says what it holds. A test fails for a model that leads to a client and is in no area, nor
left out with a reason: a new one cannot be forgotten.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import models
from django.utils.functional import Promise

Values = dict[str, Any]
Lines = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one model: every field, but for what is `secret`.

    `path`    from a row to its client, as in a filter.
    `title`   the values a row is headed by, `at` the attribute with its instant ("appointment.starts_at").
    `under`   the field that leads to the row beneath which it is told.
    `fetch`   as in `select_related`.
    `technical`  values for machines: not on the page that is read.
    `adjust`  changes a row's values; `more` adds lines to the page that is read.
    `is_list`  one line to a row; `is_told` false: for machines alone.
    `label`   its heading, where the model's own name will not do.
    """

    model: type[models.Model]
    path: str
    title: Collection[str] = ()
    at: str = ""
    under: str = ""
    fetch: Collection[str] = ()
    secret: Collection[str] = ()
    technical: Collection[str] = ()
    adjust: Callable[[Any, Values], Values] | None = None
    more: Callable[[Any], Lines] | None = None
    is_list: bool = False
    is_told: bool = True
    label: str | Promise = ""

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    def rows(self, ids: Collection[uuid.UUID]) -> list[Any]:
        """One query, and one for each kind of row that is named in it and not held itself."""
        held = {table.model for table in tables()}
        options = self.model._meta
        named = [
            field.name for field in options.concrete_fields if field.is_relation and field.related_model not in held
        ]
        named += [field.name for field in options.many_to_many]
        rows = self.model._base_manager.filter(**{f"{self.path}__in": ids}).select_related(*self.fetch)
        return list(rows.order_by(*(options.ordering or ["pk"])).prefetch_related(*named))


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the rows. Its path tells nothing of health."""

    path: str
    open: Callable[[], IO[bytes]]


def _no_files(ids: Collection[uuid.UUID]) -> Iterable[File]:
    return ()


@dataclass(frozen=True, slots=True)
class Area:
    """What one part of the product holds. Areas stand by their `order`, then as they were registered."""

    name: str
    title: str | Promise
    tables: Sequence[Table]
    files: Callable[[Collection[uuid.UUID]], Iterable[File]] = _no_files
    order: int = 0


_areas: dict[str, Area] = {}
_left_out: dict[type[models.Model], str] = {}


def register(area: Area, *, leaves_out: Mapping[type[models.Model], str] | None = None) -> None:
    """`leaves_out`: models that lead to a client and are not handed out, each with the reason."""
    _areas[area.name] = area
    _left_out.update(leaves_out or {})


def areas() -> list[Area]:
    return sorted(_areas.values(), key=lambda area: area.order)


def tables() -> list[Table]:
    return [table for area in _areas.values() for table in area.tables]


def left_out() -> dict[type[models.Model], str]:
    return dict(_left_out)

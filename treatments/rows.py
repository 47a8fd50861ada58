"""The rows of a note as plain values: what forms hand to services, and what is compared before anything is written."""

import uuid
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, Self

from django.db import models


class _Row:
    """Shared by the rows: built from a model's row, and back into its fields."""

    @classmethod
    def of(cls, row: models.Model) -> Self:
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})  # type: ignore[arg-type]

    def values(self) -> dict[str, Any]:
        return asdict(self)  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True, slots=True)
class FindingRow(_Row):
    """Something examined. `code` is a movement, test or structure of the clinical knowledge."""

    kind: str
    code: str
    side: str = "none"
    angle_degrees: int | None = None
    length_mm: int | None = None
    strength_grade: Decimal | None = None
    is_positive: bool | None = None
    is_painful: bool = False
    tenderness_grade: int | None = None
    texture: str = ""
    reproduces_pain: bool = False
    refers_to: str = ""
    spot: Any = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class TechniqueRow(_Row):
    """Something done."""

    technique_id: uuid.UUID
    structure_id: uuid.UUID | None = None
    side: str = "none"
    duration_minutes: int | None = None
    pressure_grade: int | None = None
    response: str = ""

"""Reads of the tablets at the desk."""

from typing import Any, Self

from clinic.people.querysets import VisibleQuerySet


class KioskDeviceQuerySet(VisibleQuerySet[Any]):
    def in_use(self) -> Self:
        return self.filter(revoked_at=None, location__is_active=True)

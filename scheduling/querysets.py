"""Reads of the schedule."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.people.querysets import VisibleQuerySet


class ServiceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.all() if getattr(user, "roles", None) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class WorkingHoursQuerySet(VisibleQuerySet[Any]):
    pass


class TimeOffQuerySet(models.QuerySet[Any]):
    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(during__overlap=DateTimeTZRange(start, end))


class AppointmentQuerySet(VisibleQuerySet[Any]):
    def active(self) -> Self:
        return self.exclude(status__in=["no-show", "cancelled", "late-cancelled"])

    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(during__overlap=DateTimeTZRange(start, end))

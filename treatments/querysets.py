"""Reads of treatment. Clinical rows are visible with their client."""

from typing import Any, Self

from django.db import models

from clinic.people.models import Client
from clinic.people.querysets import OfClientQuerySet


class EpisodeQuerySet(OfClientQuerySet[Any]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class SessionNoteQuerySet(OfClientQuerySet[Any]):
    def unsigned(self) -> Self:
        return self.filter(status="draft")


class OfNoteQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(note__client__in=Client.objects.visible_to(user))

"""Reads of intake. Client data is visible with the client."""

import datetime as dt
from typing import Any, Self, TypeVar

from django.db import models

from clinic.people.models import Client
from clinic.people.querysets import OfClientQuerySet

M = TypeVar("M", bound=models.Model)


class KnowledgeQuerySet(models.QuerySet[M]):
    def current(self) -> Self:
        return self.filter(retired_at=None)

    def visible_to(self, user: Any) -> Self:
        """Reference data: for every member of staff."""
        return self.all() if getattr(user, "roles", None) else self.none()


class QuestionnaireQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.all() if getattr(user, "roles", None) else self.none()

    def latest(self, slug: str) -> Any:  # type: ignore[override]
        """The newest published version of a form."""
        return self.filter(slug=slug, status="published").order_by("-version").first()


class InvitationQuerySet(OfClientQuerySet[Any]):
    pass


class ResponseQuerySet(OfClientQuerySet[Any]):
    def completed(self) -> Self:
        return self.filter(status__in=["completed", "amended"])

    def latest_for(self, client: Client) -> Any:
        """The client's newest completed answers, with their form; None without."""
        return self.completed().filter(client=client).select_related("questionnaire").order_by("-completed_at").first()


class PainDrawingQuerySet(OfClientQuerySet[Any]):
    def for_client(self, client: Client) -> Self:
        """Newest first, marks along: two queries."""
        return self.filter(client=client).prefetch_related("marks").order_by("-drawn_at")


class RedFlagQuerySet(OfClientQuerySet[Any]):
    def unacknowledged(self) -> Self:
        return self.filter(acknowledged_at=None)

    def raised_before(self, instant: dt.datetime) -> Self:
        return self.filter(raised_at__lt=instant)

"""Reads of treatment. Clinical rows are visible with their client."""

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F

from clinic.people.models import Client
from clinic.people.querysets import OfClientQuerySet

EPISODES = ("episode", "other_episode")  # that a visit may serve


class EpisodeQuerySet(OfClientQuerySet[Any]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def with_names(self) -> Self:
        return self.select_related("client", "condition", "therapist", "location")


class SessionNoteQuerySet(OfClientQuerySet[Any]):
    def unsigned(self) -> Self:
        return self.filter(status="draft")

    def signed(self) -> Self:
        return self.filter(status="signed")

    def of_episode(self, episode: Any) -> Self:
        """Notes of the visits that served an episode, as the first or the second."""
        return self.filter(models.Q(episode=episode) | models.Q(other_episode=episode))

    def for_page(self) -> Self:
        """All a note's page shows of the note itself: one query, and one each for findings and techniques."""
        return (
            self.select_related(
                *("client", "therapist", "signed_by", "answers_from"),
                *("episode__condition", "other_episode__condition", "appointment__location", "appointment__room"),
            )
            .defer(
                *("answers_from__answers", "answers_from__scores"),
                *(f"{name}__condition__{long}" for name in EPISODES for long in ("data", "sources")),
            )
            .prefetch_related("findings", self._techniques())
        )

    def for_looking_back(self) -> Self:
        """What the next session is shown of a note: one query, and one each for findings and techniques."""
        return self.select_related("therapist", "appointment").prefetch_related("findings", self._techniques())

    def _techniques(self) -> models.Prefetch[Any]:
        """Techniques with their names, without the long entries of the knowledge behind them."""
        applied: Any = self.model._meta.get_field("techniques").related_model
        long = [f"{word}__{part}" for word in ("technique", "structure") for part in ("data", "sources")]
        return models.Prefetch("techniques", applied.objects.select_related("technique", "structure").defer(*long))

    def for_list(self) -> Self:
        """Rows of a list: one query. Unsigned first, the oldest of them on top; then what was signed, newest first."""
        unsigned_first = models.Case(models.When(status="draft", then=0), default=1)
        starts_at = F("appointment__during__startswith")
        age = models.Case(models.When(status="draft", then=starts_at))
        shown = (
            *("status", "pain_average", "client__given_name", "client__family_name", "therapist__name"),
            *("episode__side", "episode__condition__label", "appointment__during", "appointment__location__timezone"),
        )
        return (
            self.select_related("client", "therapist", "episode__condition", "appointment__location")
            .only(*shown)
            .annotate(unsigned_first=unsigned_first, age=age)
            .order_by("unsigned_first", "age", starts_at.desc(), "pk")
        )

    def before(self, instant: dt.datetime) -> Self:
        """Notes of sessions that began before `instant`, newest first."""
        return self.filter(appointment__during__startswith__lt=instant).order_by("-appointment__during")


class OfNoteQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(note__client__in=Client.objects.visible_to(user))


class OfEpisodeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(episode__client__in=Client.objects.visible_to(user))


class OfGoalQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(goal__episode__client__in=Client.objects.visible_to(user))


class OwnedQuerySet(models.QuerySet[Any]):
    """Texts of one's own, and those that are everybody's."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(models.Q(owner=None) | models.Q(owner=user.pk))


class PrescriptionQuerySet(OfEpisodeQuerySet):
    def current(self) -> Self:
        return self.filter(stopped_at=None)


class FollowUpQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(note__client__in=Client.objects.visible_to(user))

    def answered(self) -> Self:
        return self.exclude(answered_at=None)

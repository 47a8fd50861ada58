"""Reads of intake. Client data is visible with the client."""

import datetime as dt
from typing import Any, Self, TypeVar

from django.db import models

from clinic.people.models import Client
from clinic.people.querysets import OfClientQuerySet

SENT_BY_THEMSELVES = ("first-visit", "before-visit", "follow-up", "consent")
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

    def newest_of_each(self) -> Self:
        """The newest published version of every form, by title."""
        newest = self.filter(status="published").order_by("slug", "-version").distinct("slug")
        return self.filter(pk__in=newest.values("pk")).order_by("title")

    def the_practices_own(self) -> Self:
        """What the practice has published beside the forms that are sent by themselves, without the documents."""
        return self.newest_of_each().exclude(slug__in=SENT_BY_THEMSELVES).only("slug", "title")

    def latest(self, slug: str) -> Any:  # type: ignore[override]
        """The newest published version of a form."""
        return self.filter(slug=slug, status="published").order_by("-version").first()


class InvitationQuerySet(OfClientQuerySet[Any]):
    def for_client(self, client: Client) -> Self:
        """Newest first, with forms, answers and flags: five queries."""
        return (
            self.filter(client=client)
            .select_related("location", "link")
            .prefetch_related("questionnaires", "responses__questionnaire", "responses__red_flags")
            .order_by("-created_at")
        )

    def waiting_at(self, instant: dt.datetime) -> Self:
        """Not sent yet, and their link still leads to the form at that instant."""
        return self.filter(link__revoked_at=None, link__expires_at__gt=instant).exclude(state="done")


class ResponseQuerySet(OfClientQuerySet[Any]):
    def for_review(self) -> Self:
        """With everything its review page shows: four queries."""
        return self.select_related(
            "questionnaire", "client", "invitation__location", "invitation__link", "pain_drawing"
        ).prefetch_related("pain_drawing__marks", "red_flags__rule", "red_flags__acknowledged_by")

    def completed(self) -> Self:
        return self.filter(status__in=["completed", "amended"])

    def latest_for(self, client: Client) -> Any:
        """The client's newest completed answers, with their form; None without."""
        return self.completed().filter(client=client).select_related("questionnaire").order_by("-completed_at").first()


class ProposalQuerySet(OfClientQuerySet[Any]):
    def open(self) -> Self:
        """Not decided yet."""
        return self.filter(state="open")


class PainDrawingQuerySet(OfClientQuerySet[Any]):
    def for_client(self, client: Client) -> Self:
        """Newest first, marks along: two queries."""
        return self.filter(client=client).prefetch_related("marks").order_by("-drawn_at")


class UploadQuerySet(OfClientQuerySet[Any]):
    """Files with answers."""


class RedFlagQuerySet(OfClientQuerySet[Any]):
    def unacknowledged(self) -> Self:
        return self.filter(acknowledged_at=None)

    def acknowledged(self) -> Self:
        return self.filter(acknowledged_at__isnull=False)

    def for_list(self) -> Self:
        return self.select_related("client", "rule", "acknowledged_by", "response__invitation__location")

    def without_answers(self) -> Self:
        """For a list, which shows neither the answers nor what the rule is made of: they are long."""
        own = [field.attname for field in self.model._meta.concrete_fields]
        place = [f"response__invitation__location__{name}" for name in ("name", "timezone")]
        return self.only(
            *own, "client__given_name", "client__family_name", "rule__label", "acknowledged_by__name", *place
        )

    def gravest_first(self) -> Self:
        """Emergencies, then urgent ones, then cautions; the oldest of each first."""
        rank = models.Case(
            models.When(urgency="emergency", then=0),
            models.When(urgency="urgent", then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        return self.order_by(rank, "raised_at")

    def waiting_by_urgency(self) -> dict[str, tuple[int, dt.datetime]]:
        """How many there are of each urgency, and since when the oldest stands: one query."""
        rows = self.order_by().values("urgency").annotate(number=models.Count("pk"), since=models.Min("raised_at"))
        return {row["urgency"]: (row["number"], row["since"]) for row in rows}

    def raised_before(self, instant: dt.datetime) -> Self:
        return self.filter(raised_at__lt=instant)


class ConsentTextQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.all() if getattr(user, "roles", None) else self.none()

    def newest_of_each(self) -> Self:
        """The current wording of every kind and language."""
        newest = self.order_by("kind", "language", "-version").distinct("kind", "language")
        return self.filter(pk__in=newest.values("pk")).order_by("kind", "language")


class ConsentQuerySet(OfClientQuerySet[Any]):
    def newest_of_each(self) -> Self:
        """The last one a person gave of every kind, withdrawn or not."""
        newest = self.order_by("kind", "-given_at").distinct("kind")
        return self.filter(pk__in=newest.values("pk")).order_by("kind")

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

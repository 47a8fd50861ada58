"""Reads of people. Every `visible_to` fails closed: no role, no location, no rows."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    pass

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """Rows a member of staff may see, by the location they work at; owners see all."""

    location_path = "location"

    def visible_to(self, user: Any) -> Self:
        """Rows in scope of `user`; none for anyone without a role."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        return self.filter(**{f"{self.location_path}__in": user.location_ids})


class LocationQuerySet(VisibleQuerySet[Any]):
    location_path = "pk"

    def active(self) -> Self:
        return self.filter(is_active=True)


class RoomQuerySet(VisibleQuerySet[Any]):
    def active(self) -> Self:
        return self.filter(is_active=True, location__is_active=True)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def therapists(self) -> Self:
        """Active therapists with their profile."""
        return self.active().filter(role_rows__role="therapist").select_related("therapist_profile").distinct()

    def visible_to(self, user: Any) -> Self:
        """Colleagues who share a location; owners see everybody."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        return self.filter(models.Q(locations__in=user.location_ids) | models.Q(pk=user.pk)).distinct()


class ClientQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Clients of the locations `user` works at; owners see all; none without a role."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        through = self.model.locations.through
        at_my_places = through.objects.filter(client_id=models.OuterRef("pk"), location_id__in=user.location_ids)
        return self.filter(models.Exists(at_my_places))

    def current(self) -> Self:
        """Neither archived nor merged away."""
        return self.filter(archived_at=None, merged_into=None)


class OfClientQuerySet(models.QuerySet[M]):
    """Rows that belong to a client are visible with the client."""

    client_path = "client"

    def visible_to(self, user: Any) -> Self:
        client_model = self.model._meta.get_field("client").related_model
        clients: Any = client_model._default_manager  # type: ignore[union-attr]
        return self.filter(**{f"{self.client_path}__in": clients.visible_to(user)})


class AlertQuerySet(OfClientQuerySet[Any]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class DocumentQuerySet(OfClientQuerySet[Any]):
    pass

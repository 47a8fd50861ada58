import datetime as dt
from typing import Any, Self

from django.db import models

from clinic.people.models import Client


class MessageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Messages to clients in scope, and those to the person."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        return self.filter(models.Q(client__in=Client.objects.visible_to(user)) | models.Q(recipient=user))

    def due(self, now: dt.datetime) -> Self:
        """Waiting and due, or claimed by a worker whose lease has run out."""
        may_start = models.Q(leased_until=None) | models.Q(leased_until__lte=now)
        return self.filter(
            may_start & models.Q(state="pending", due_at__lte=now) | models.Q(state="sending", leased_until__lt=now),
        )

    def with_people(self) -> Self:
        """With client, recipient, link and location, for a list."""
        return self.select_related("client", "recipient", "link", "location")

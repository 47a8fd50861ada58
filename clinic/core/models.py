"""Abstract bases; no table of its own."""

import uuid

from django.db import models
from django.utils import timezone


class UUIDModel(models.Model):
    """A row whose public id is random, so that no URL tells how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class TimestampedModel(UUIDModel):
    """A row that knows when it was made and last changed."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client
from intake.models.form import Response
from intake.querysets import UploadQuerySet


def upload_path(upload: "Upload", filename: str) -> str:
    """A path that tells nothing of the person or the file."""
    return f"answers/{uuid.uuid4().hex}"


class Upload(TimestampedModel):
    """A file given as an answer; served through the app with permission, never by path.

    The answers name it by `urn:uuid:` and its id; a draft may lose it again, a sent form does not.
    """

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="uploads")
    response = models.ForeignKey(Response, on_delete=models.RESTRICT, related_name="uploads")
    title = models.CharField(_("title"), max_length=120)
    media_type = models.CharField(max_length=60, editable=False)
    file = models.FileField(_("file"), upload_to=upload_path)
    size_bytes = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("file with an answer")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.title

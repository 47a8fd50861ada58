from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.people.models import Client, User
from intake.models.form import Response
from intake.querysets import PainDrawingQuerySet


class Side(models.TextChoices):
    LEFT = "left", _("left")
    RIGHT = "right", _("right")
    MIDLINE = "midline", _("midline")


class PainDrawing(TimestampedModel):
    """Where it hurt on one day: marks as data, not a picture."""

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="pain_drawings")
    response = models.OneToOneField(
        Response, null=True, blank=True, on_delete=models.RESTRICT, related_name="pain_drawing"
    )
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        help_text=_("Who marked it with the client; empty when the client did in a form"),
    )

    objects = PainDrawingQuerySet.as_manager()

    class Meta:
        verbose_name = _("pain drawing")
        ordering = ["-drawn_at"]
        indexes = [models.Index(fields=["client", "-drawn_at"])]

    def __str__(self) -> str:
        return f"{self.drawn_at:%Y-%m-%d}"


class PainMark(UUIDModel):
    """One region marked on one side."""

    class Course(models.TextChoices):
        CONSTANT = "constant", _("all the time")
        COMES_AND_GOES = "comes-and-goes", _("comes and goes")

    drawing = models.ForeignKey(PainDrawing, on_delete=models.CASCADE, related_name="marks")
    region = models.CharField(max_length=80)
    side = models.CharField(max_length=7, choices=Side)
    qualities = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    intensity = models.PositiveSmallIntegerField(null=True, blank=True)
    course = models.CharField(max_length=14, choices=Course, blank=True)
    spreads_to = models.CharField(max_length=90, blank=True, help_text=_("Region key, CODE or CODE.side"))
    stroke = models.JSONField(
        null=True, blank=True, help_text=_("Freehand lines: the view, and points in its own coordinates")
    )

    class Meta:
        verbose_name = _("mark")
        constraints = [
            models.UniqueConstraint(fields=["drawing", "region", "side"], name="region_is_marked_once_per_drawing"),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="mark_side_is_known"),
            models.CheckConstraint(
                condition=models.Q(intensity__isnull=True) | models.Q(intensity__lte=10),
                name="mark_intensity_is_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """The region's key on the body map."""
        return self.region if self.side == Side.MIDLINE else f"{self.region}.{self.side}"

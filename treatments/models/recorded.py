import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import UUIDModel
from clinic.people.models import Document
from intake.models import Structure, Technique
from treatments.models.note import SessionNote, never_emptied
from treatments.querysets import OfNoteQuerySet

ANY_CHANGE = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def frozen_with_note(
    name: str,
    operation: pgtrigger.Operation | pgtrigger.Operations = ANY_CHANGE,
) -> pgtrigger.Trigger:
    """Rows of a signed note take no change; the database looks the note up itself, and waits for who is signing it."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func="""
            IF 'signed' IN (
                SELECT status FROM treatments_sessionnote WHERE id IN (
                    CASE WHEN TG_OP <> 'INSERT' THEN OLD.note_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.note_id END)
                FOR SHARE
            ) THEN
                RAISE EXCEPTION 'pgtrigger: rows of a signed note are locked';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Finding(UUIDModel):
    """Something examined: range of motion, strength, a special test, a trigger point, palpation."""

    class Kind(models.TextChoices):
        RANGE_OF_MOTION = "range_of_motion", _("Range of motion")
        STRENGTH = "strength", _("Strength")
        SPECIAL_TEST = "special_test", _("Special test")
        TRIGGER_POINT = "trigger_point", _("Trigger point")
        PALPATION = "palpation", _("Palpation")
        LEG_LENGTH = "leg_length", _("Leg length")
        GAIT = "gait", _("Gait")
        POSTURE = "posture", _("Posture")

    class Side(models.TextChoices):
        LEFT = "left", _("left")
        RIGHT = "right", _("right")
        NONE = "none", _("no side")

    note = models.ForeignKey(SessionNote, on_delete=models.RESTRICT, related_name="findings")
    kind = models.CharField(max_length=15, choices=Kind)
    code = models.CharField(
        max_length=80, help_text=_("Movement, test or structure, as coded in the clinical knowledge")
    )
    side = models.CharField(max_length=5, choices=Side, default=Side.NONE)
    angle_degrees = models.SmallIntegerField(null=True, blank=True)
    length_mm = models.PositiveSmallIntegerField(null=True, blank=True)
    strength_grade = models.DecimalField(max_digits=2, decimal_places=1, null=True, blank=True)
    is_positive = models.BooleanField(null=True, blank=True)
    is_painful = models.BooleanField(default=False)
    tenderness_grade = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("0 none, 1 tender, 2 winces, 3 pulls away, 4 cannot be touched")
    )
    texture = models.CharField(max_length=12, blank=True, help_text=_("How the tissue feels under the hand"))
    reproduces_pain = models.BooleanField(default=False)
    refers_to = models.CharField(max_length=90, blank=True)
    spot = models.JSONField(null=True, blank=True, help_text=_("View and point on the body map"))
    comment = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "kind", "code", "side"],
                condition=models.Q(kind__in=["range_of_motion", "strength", "special_test", "leg_length"]),
                name="finding_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=models.Q(angle_degrees__isnull=True) | models.Q(angle_degrees__range=(-90, 200)),
                name="angle_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(length_mm__isnull=True) | models.Q(length_mm__range=(400, 1300)),
                name="leg_is_400_to_1300_mm_long",
            ),
            models.CheckConstraint(
                condition=models.Q(strength_grade__isnull=True) | models.Q(strength_grade__range=(0, 5)),
                name="strength_is_0_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(tenderness_grade__isnull=True) | models.Q(tenderness_grade__lte=4),
                name="tenderness_is_0_to_4",
            ),
        ]
        indexes = [models.Index(fields=["note", "position"])]
        triggers = [frozen_with_note("signed_note_is_locked"), never_emptied()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.code}"


class TechniqueApplied(UUIDModel):
    """What was done, where, for how long and how it was taken."""

    class Response(models.TextChoices):
        EASED = "eased", _("Eased")
        NO_CHANGE = "no_change", _("No change")
        WORSE = "worse", _("Worse")

    note = models.ForeignKey(SessionNote, on_delete=models.RESTRICT, related_name="techniques")
    technique = models.ForeignKey(Technique, on_delete=models.RESTRICT, related_name="+")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    side = models.CharField(max_length=5, choices=Finding.Side, default=Finding.Side.NONE)
    duration_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    pressure_grade = models.PositiveSmallIntegerField(null=True, blank=True)
    response = models.CharField(max_length=9, choices=Response, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("technique applied")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pressure_grade__isnull=True) | models.Q(pressure_grade__range=(1, 5)),
                name="pressure_is_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__isnull=True) | models.Q(duration_minutes__range=(1, 240)),
                name="technique_takes_1_to_240_minutes",
            ),
        ]
        triggers = [frozen_with_note("signed_note_is_locked"), never_emptied()]

    def __str__(self) -> str:
        return str(self.technique)


class NoteFile(UUIDModel):
    """A photo or document that belongs to a session. Its checksum is part of the note's seal."""

    note = models.ForeignKey(SessionNote, on_delete=models.RESTRICT, related_name="files")
    document = models.OneToOneField(Document, on_delete=models.RESTRICT, related_name="note_file")
    caption = models.CharField(_("what it shows"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo or document of a note")
        ordering = ["position"]
        indexes = [models.Index(fields=["note", "position"])]
        triggers = [frozen_with_note("signed_note_is_locked"), never_emptied()]

    def __str__(self) -> str:
        return str(self.document)

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.people.models import Client, User
from intake.models import PainDrawing, Structure, Technique
from scheduling.models import Appointment
from treatments.models.episode import Episode
from treatments.querysets import OfNoteQuerySet, SessionNoteQuerySet


def _pain(field: str) -> models.CheckConstraint:
    condition = models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__lte": 10})
    return models.CheckConstraint(condition=condition, name=f"note_{field}_is_0_to_10")


def _frozen(name: str) -> pgtrigger.Trigger:
    """Rows of a signed note take no change; the database looks the note up itself, and waits for who is signing it."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
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


class SessionNote(TimestampedModel):
    """What happened in a session: subjective, objective, assessment, plan. Signed means sealed."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")

    appointment = models.OneToOneField(Appointment, on_delete=models.RESTRICT, related_name="session_note")
    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="session_notes")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.RESTRICT, related_name="notes")
    therapist = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="session_notes")
    subjective = models.TextField(_("subjective"), blank=True)
    objective = models.TextField(_("objective"), blank=True)
    assessment = models.TextField(_("assessment"), blank=True)
    plan = models.TextField(_("plan"), blank=True)
    pain_now = models.PositiveSmallIntegerField(_("pain now"), null=True, blank=True)
    pain_worst = models.PositiveSmallIntegerField(_("worst pain"), null=True, blank=True)
    pain_average = models.PositiveSmallIntegerField(_("average pain, last 7 days"), null=True, blank=True)
    copied_sections = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Sections copied forward and not touched since, each with its source note"),
    )
    pain_drawing = models.ForeignKey(PainDrawing, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    status = models.CharField(max_length=6, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    seal = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the note's canonical form"))

    objects = SessionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("session note")
        ordering = ["-appointment__during"]
        constraints = [
            _pain("pain_now"),
            _pain("pain_worst"),
            _pain("pain_average"),
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | (models.Q(signed_at__isnull=False, signed_by__isnull=False) & ~models.Q(seal="")),
                name="signed_note_is_sealed",
            ),
        ]
        indexes = [models.Index(fields=["therapist"], condition=models.Q(status="draft"), name="note_unsigned")]
        triggers = [
            pgtrigger.Protect(
                name="signed_is_locked",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="signed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client}, {self.get_status_display()}"

    @property
    def is_signed(self) -> bool:
        return self.status == self.Status.SIGNED


class Addendum(TimestampedModel):
    """What is added to a signed note afterwards."""

    note = models.ForeignKey(SessionNote, on_delete=models.RESTRICT, related_name="addenda")
    text = models.TextField(_("addendum"))
    author = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("addendum")
        ordering = ["created_at"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.author}, {self.created_at:%Y-%m-%d}"


class Finding(UUIDModel):
    """Something examined: range of motion, strength, a special test, a trigger point, palpation."""

    class Kind(models.TextChoices):
        RANGE_OF_MOTION = "range_of_motion", _("Range of motion")
        STRENGTH = "strength", _("Strength")
        SPECIAL_TEST = "special_test", _("Special test")
        TRIGGER_POINT = "trigger_point", _("Trigger point")
        PALPATION = "palpation", _("Palpation")

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
    strength_grade = models.DecimalField(max_digits=2, decimal_places=1, null=True, blank=True)
    is_positive = models.BooleanField(null=True, blank=True)
    is_painful = models.BooleanField(default=False)
    tenderness_grade = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("0 none, 1 tender, 2 winces, 3 pulls away, 4 cannot be touched")
    )
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
                condition=models.Q(kind__in=["range_of_motion", "strength", "special_test"]),
                name="finding_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=models.Q(angle_degrees__isnull=True) | models.Q(angle_degrees__range=(-90, 200)),
                name="angle_is_possible",
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
        triggers = [_frozen("signed_note_is_locked")]

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
        triggers = [_frozen("signed_note_is_locked")]

    def __str__(self) -> str:
        return str(self.technique)

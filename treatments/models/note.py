import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.people.models import Client, User
from intake.models import PainDrawing, Response
from scheduling.models import Appointment
from treatments.models.episode import Episode
from treatments.querysets import OfNoteQuerySet, SessionNoteQuerySet


def never_emptied() -> pgtrigger.Trigger:
    """TRUNCATE fires no trigger of a row: once a note is signed, neither notes nor what hangs on them are emptied."""
    return pgtrigger.Trigger(
        name="signed_notes_stay",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="""
            IF EXISTS (SELECT FROM treatments_sessionnote WHERE status = 'signed') THEN
                RAISE EXCEPTION 'pgtrigger: % holds what belongs to signed notes', TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        """,
    )


def _pain(field: str) -> models.CheckConstraint:
    condition = models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__lte": 10})
    return models.CheckConstraint(condition=condition, name=f"note_{field}_is_0_to_10")


class SessionNote(TimestampedModel):
    """What happened in a session: subjective, objective, assessment, plan. Signed means sealed."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")

    appointment = models.OneToOneField(Appointment, on_delete=models.RESTRICT, related_name="session_note")
    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="session_notes")
    episode = models.ForeignKey(Episode, null=True, blank=True, on_delete=models.RESTRICT, related_name="notes")
    other_episode = models.ForeignKey(
        Episode,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="other_notes",
        help_text=_("The second episode, of a visit that served two"),
    )
    therapist = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="session_notes")
    subjective = models.TextField(_("subjective"), blank=True)
    objective = models.TextField(_("objective"), blank=True)
    assessment = models.TextField(_("assessment"), blank=True)
    plan = models.TextField(_("plan"), blank=True)
    pain_now = models.PositiveSmallIntegerField(_("pain now"), null=True, blank=True)
    pain_worst = models.PositiveSmallIntegerField(_("worst pain"), null=True, blank=True)
    pain_average = models.PositiveSmallIntegerField(_("average pain, last 7 days"), null=True, blank=True)
    other_pain_average = models.PositiveSmallIntegerField(
        _("average pain of the second episode, last 7 days"), null=True, blank=True
    )
    client_answers = models.JSONField(
        default=list,
        blank=True,
        help_text=_("The client's own answers as imported: pairs of label and value"),
    )
    answers_from = models.ForeignKey(Response, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    changes = models.JSONField(
        default=dict, blank=True, help_text=_("What changed since the last visit: better, same or worse by activity")
    )
    aggravators = models.JSONField(default=list, blank=True, help_text=_("What makes it worse"))
    easers = models.JSONField(default=list, blank=True, help_text=_("What eases it"))
    next_techniques = models.JSONField(default=list, blank=True, help_text=_("Codes of techniques for the next visit"))
    advice = models.JSONField(default=list, blank=True, help_text=_("Codes of contributors that were talked about"))
    visit_every_days = models.PositiveSmallIntegerField(_("a visit every so many days"), null=True, blank=True)
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
    supervisor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        help_text=_("Who has to co-sign, as it was when the note was signed"),
    )
    seal = models.CharField(max_length=64, blank=True, help_text=_("SHA-256 of the note's canonical form"))
    seal_form = models.PositiveSmallIntegerField(default=1, help_text=_("Which canonical form was sealed"))
    proof = models.CharField(max_length=64, blank=True, help_text=_("The seal under the practice's key"))
    chain_number = models.PositiveIntegerField(null=True, blank=True, help_text=_("Place among the client's seals"))
    previous_seal = models.CharField(max_length=64, blank=True, help_text=_("The client's seal before this one"))

    was_written = False  # whether the save that gave this instance had anything to write

    objects = SessionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("session note")
        ordering = ["-appointment__during"]
        constraints = [
            _pain("pain_now"),
            _pain("pain_worst"),
            _pain("pain_average"),
            _pain("other_pain_average"),
            models.CheckConstraint(
                condition=models.Q(other_episode__isnull=True) | ~models.Q(other_episode=models.F("episode")),
                name="note_serves_two_different_episodes",
            ),
            models.CheckConstraint(
                condition=models.Q(visit_every_days__isnull=True) | models.Q(visit_every_days__range=(1, 365)),
                name="visits_come_every_1_to_365_days",
            ),
            models.UniqueConstraint(fields=["client", "chain_number"], name="note_has_its_place_in_the_chain"),
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
            never_emptied(),
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
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    seal = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the text, its author, its time and the seal before it")
    )
    proof = models.CharField(max_length=64, blank=True, help_text=_("The seal under the practice's key"))

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("addendum")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["note", "number"], name="addendum_has_its_place")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.author}, {self.created_at:%Y-%m-%d}"


class CoSignature(TimestampedModel):
    """A supervisor read a supervised therapist's signed note and stands by it."""

    note = models.OneToOneField(SessionNote, on_delete=models.RESTRICT, related_name="co_signature")
    signed_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    signed_at = models.DateTimeField()
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    seal = models.CharField(max_length=64, help_text=_("SHA-256 of who, when, the remark and the note's seal"))
    proof = models.CharField(max_length=64, help_text=_("The seal under the practice's key"))

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-signature")
        ordering = ["signed_at"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.signed_by}, {self.signed_at:%Y-%m-%d}"

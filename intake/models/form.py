import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, Location, User
from intake.fhir.exact import ExactDecoder, ExactEncoder
from intake.models.knowledge import Measure
from intake.querysets import InvitationQuerySet, QuestionnaireQuerySet, ResponseQuerySet


class Questionnaire(TimestampedModel):
    """A form: a FHIR R4 Questionnaire, kept whole. A published version never changes."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    class Origin(models.TextChoices):
        READY = "ready", _("Came with the product")
        EDITOR = "editor", _("Written here")
        IMPORT = "import", _("From a file")

    slug = models.SlugField(_("slug"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    definition = models.JSONField(_("definition"), encoder=ExactEncoder, decoder=ExactDecoder)
    source_text = models.TextField(blank=True, help_text=_("The file as it came in, byte for byte"))
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.READY)
    report = models.JSONField(default=list, blank=True, help_text=_("What was found when the file was read"))
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    edit_version = models.PositiveIntegerField(default=0, help_text=_("Grows with each change of a draft"))
    measure = models.ForeignKey(
        Measure,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="forms",
        help_text=_("The outcome measure whose questions these are"),
    )
    licence_holder = models.CharField(_("whose permission it is"), max_length=200, blank=True)
    licence_reference = models.CharField(_("number or letter"), max_length=200, blank=True)
    licence_on = models.DateField(_("given on"), null=True, blank=True)
    licence_scope = models.TextField(_("what it allows"), max_length=2000, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version", "language"], name="form_version_is_unique"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_is_frozen",
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "definition", "source_text", "slug", "version", "language", "measure_id"
                ),
                condition=~pgtrigger.Q(old__status="draft"),
            ),
            pgtrigger.Protect(
                name="published_is_kept", operation=pgtrigger.Delete, condition=~pgtrigger.Q(old__status="draft")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class ValueSet(TimestampedModel):
    """Answer options that forms point at by a canonical address: a FHIR R4 ValueSet, kept whole."""

    url = models.CharField(max_length=255)
    version = models.CharField(max_length=60, blank=True)
    definition = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)

    class Meta:
        verbose_name = _("list of answers")
        ordering = ["url", "version"]
        constraints = [models.UniqueConstraint(fields=["url", "version"], name="value_set_version_is_unique")]

    def __str__(self) -> str:
        return f"{self.url}|{self.version}" if self.version else self.url


class Invitation(TimestampedModel):
    """Forms asked of a client, by a link or at the desk."""

    class State(models.TextChoices):
        MISSING = "missing", _("Intake missing")
        STARTED = "started", _("In progress")
        DONE = "done", _("Intake done")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="invitations")
    location = models.ForeignKey(Location, on_delete=models.RESTRICT, related_name="+")
    purpose = models.CharField(max_length=20, default="intake")
    questionnaires = models.ManyToManyField(Questionnaire, related_name="invitations")
    link = models.OneToOneField(ClientLink, null=True, blank=True, on_delete=models.RESTRICT, related_name="invitation")
    state = models.CharField(max_length=8, choices=State, default=State.MISSING)
    completed_at = models.DateTimeField(null=True, blank=True)
    claimed_born_on = models.DateField(
        null=True, blank=True, help_text=_("What the client gave when no date of birth was on record")
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+")
    responsible = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", help_text=_("Who treats the client")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("form request")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_state_display()}"


class Response(TimestampedModel):
    """Answers to one version of a form, as a FHIR R4 QuestionnaireResponse."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        COMPLETED = "completed", _("Completed")
        AMENDED = "amended", _("Amended")

    class Source(models.TextChoices):
        LINK = "link", _("By link")
        KIOSK = "kiosk", _("At the desk")
        STAFF = "staff", _("By staff")
        FILE = "file", _("From a file")

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.RESTRICT, related_name="responses")
    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="responses")
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.RESTRICT, related_name="responses"
    )
    source = models.CharField(max_length=5, choices=Source, default=Source.LINK)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    answers = models.JSONField(default=dict, encoder=ExactEncoder, decoder=ExactDecoder)
    scores = models.JSONField(default=dict)
    writers = models.JSONField(
        default=dict, blank=True, help_text=_("Which open page changed a part of the form last: part → page")
    )
    current_step = models.PositiveSmallIntegerField(default=0)
    consent_texts = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Which wording of each kind of consent is shown: kind → id of its text, empty for the form's own"),
    )
    shown_details = models.JSONField(
        default=dict, blank=True, help_text=_("What of the client's record stood in the form when it was opened")
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "questionnaire"], name="form_is_answered_once_per_request"),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(completed_at__isnull=False),
                name="completed_answers_have_an_instant",
            ),
        ]
        indexes = [models.Index(fields=["client", "-completed_at"])]

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.get_status_display()}"

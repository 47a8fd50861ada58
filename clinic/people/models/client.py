import datetime as dt
import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.people.models.phone import PhoneNumberField
from clinic.people.models.practice import Location
from clinic.people.models.user import User
from clinic.people.querysets import AlertQuerySet, ClientQuerySet, DocumentQuerySet, NameWordQuerySet


class Client(TimestampedModel):
    """A person treated here. One name is enough."""

    number = models.PositiveIntegerField(
        _("client number"),
        unique=True,
        editable=False,
        db_default=models.Func(models.Value("people_client_number"), function="nextval"),
    )
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    preferred_name = models.CharField(_("preferred name"), max_length=80, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    address = models.TextField(_("address"), blank=True)
    emergency_contact_name = models.CharField(_("emergency contact"), max_length=120, blank=True)
    emergency_contact_phone = PhoneNumberField(_("emergency contact's phone"), blank=True)
    referrer = models.CharField(_("referred by"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    locations = models.ManyToManyField(Location, verbose_name=_("locations"), related_name="clients")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.RESTRICT, related_name="merged_from"
    )

    sort_key = models.GeneratedField(
        expression=models.Func("family_name", "given_name", "preferred_name", function="people_client_sort_key"),
        output_field=models.CharField(max_length=250, db_collation="C"),
        db_persist=True,
    )
    search_text = models.GeneratedField(
        expression=models.Func(
            "given_name",
            "family_name",
            "preferred_name",
            "email",
            "phone",
            "number",
            "born_on",
            function="people_client_search_text",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(given_name="", family_name=""), name="client_has_a_name"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="client_is_not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["sort_key"], name="client_by_name"),
            models.Index(fields=["born_on"], name="client_by_birth_date"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="client_search"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """The name to greet them by."""
        return self.preferred_name or self.given_name or self.family_name

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def identity_ids(self) -> list[uuid.UUID]:
        """This record and those merged into it: whose sealed rows are this person's too.

        One query, or none when `merged_from` was prefetched.
        """
        if "merged_from" in getattr(self, "_prefetched_objects_cache", {}):
            return [self.pk, *(merged.pk for merged in self.merged_from.all())]
        return [self.pk, *self.merged_from.values_list("pk", flat=True)]

    def age_on(self, day: dt.date) -> int | None:
        """Years completed on `day`; None without a birth date."""
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


class NameWord(models.Model):
    """A word of some client's name, each once; kept by triggers, read when a search was mistyped."""

    word = models.CharField(max_length=250, primary_key=True, db_collation="C")

    objects = NameWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of a name")

    def __str__(self) -> str:
        return self.word


class Alert(TimestampedModel):
    """What limits or changes treatment: allergy, contraindication, precaution."""

    class Kind(models.TextChoices):
        ALLERGY = "allergy", _("Allergy")
        CONTRAINDICATION = "contraindication", _("Contraindication")
        PRECAUTION = "precaution", _("Precaution")

    class Effect(models.TextChoices):
        """What it means for hands-on work, as in the clinical knowledge's vocabulary `massage`."""

        STOP = "stop", _("No hands-on work")
        LOCAL_AVOID = "local-avoid", _("Not on that area")
        MODIFY = "modify", _("Lighter or changed")
        CLEARANCE = "clearance", _("Written clearance first")
        NONE = "none", _("For information")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="alerts")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    effect = models.CharField(_("effect on treatment"), max_length=12, choices=Effect, default=Effect.NONE)
    label = models.CharField(_("what"), max_length=120)
    advice = models.TextField(_("what to do"), blank=True)
    source = models.CharField(max_length=80, blank=True, editable=False)
    code = models.CharField(max_length=60, blank=True, editable=False)
    added_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "code"],
                condition=models.Q(ended_at=None) & ~models.Q(code=""),
                name="alert_of_a_code_is_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def tone(self) -> str:
        return "danger" if self.effect in {self.Effect.STOP, self.Effect.CLEARANCE} else "warn"


class ContactPreference(UUIDModel):
    """May we write to this client on this channel for this purpose?"""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_preferences")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=30)
    is_allowed = models.BooleanField()
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "channel", "purpose"], name="preference_is_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}/{self.purpose}: {self.is_allowed}"


def document_path(document: "Document", filename: str) -> str:
    """A path that tells nothing of the person or the file."""
    return f"documents/{uuid.uuid4().hex}"


class Document(TimestampedModel):
    """A file about a client; served through the app with permission, never by path.

    A removed one is seen by nobody. It is kept until the client's records may go, and then deleted.
    """

    class Kind(models.TextChoices):
        REFERRAL = "referral", _("Referral")
        IMAGING = "imaging", _("Imaging report or picture")
        LETTER = "letter", _("Letter")
        FORM = "form", _("Signed form")
        OTHER = "other", _("Other")

    class Removal(models.TextChoices):
        """Why it was taken out. What is somebody else's is not even handed to the client."""

        NOT_THEIRS = "not-theirs", _("It is about somebody else")
        TWICE = "twice", _("It is here twice")
        UNREADABLE = "unreadable", _("It cannot be read")
        ASKED = "asked", _("The client asked for it")
        OTHER = "other", _("Another reason")

    client = models.ForeignKey(Client, on_delete=models.RESTRICT, related_name="documents")
    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=60, choices=Kind, default=Kind.OTHER)
    media_type = models.CharField(max_length=60, editable=False)
    file = models.FileField(_("file"), upload_to=document_path)
    size_bytes = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(User, null=True, on_delete=models.RESTRICT, related_name="+", editable=False)
    removal_cause = models.CharField(_("why"), max_length=12, choices=Removal, blank=True, editable=False)
    removal_note = models.CharField(_("more about it"), max_length=200, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removal_cause="")
                | (models.Q(removed_at__isnull=False, removed_by__isnull=False) & ~models.Q(removal_cause="")),
                name="removed_document_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def suffix(self) -> str:
        """The kind of file as people call it: PDF, JPEG."""
        return self.media_type.rpartition("/")[2].upper()

"""What makes writing quick and keeps it: snippets, templates, what is used most, and text that lost a race."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from clinic.core.models import TimestampedModel, UUIDModel
from clinic.people.models import User
from intake.models import Condition
from treatments.models.note import SessionNote
from treatments.querysets import OfNoteQuerySet, OwnedQuerySet


class Snippet(TimestampedModel):
    """Text behind a short word: typed as `;word` in a note. Without an owner it is everybody's."""

    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="snippets")
    shortcut = models.SlugField(_("short word"), max_length=30)
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), help_text=_("{side}, {pain} and the like are filled in from the note"))

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("snippet")
        ordering = ["shortcut"]
        constraints = [
            models.UniqueConstraint("owner", Lower("shortcut"), name="snippet_is_named_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f";{self.shortcut}"


class NoteTemplate(TimestampedModel):
    """What a note of a condition begins with: texts and rows. Without an owner it is everybody's."""

    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="note_templates")
    condition = models.ForeignKey(Condition, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    content = models.JSONField(default=dict, help_text=_("Texts by section, findings and techniques as rows"))

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("template of a note")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="template_is_named_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return self.name


class WordUse(UUIDModel):
    """How often a therapist used a word of the knowledge in signed notes of a condition: what chips are ordered by."""

    therapist = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    condition = models.ForeignKey(Condition, on_delete=models.RESTRICT, related_name="+")
    kind = models.CharField(max_length=15)
    code = models.CharField(max_length=80)
    uses = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("use of a word")
        ordering = ["-uses", "code"]
        constraints = [
            models.UniqueConstraint(fields=["therapist", "condition", "kind", "code"], name="word_use_is_counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.uses}"


class SetAside(TimestampedModel):
    """What somebody typed over an older version of a draft: kept beside it until they have merged it."""

    note = models.ForeignKey(SessionNote, on_delete=models.RESTRICT, related_name="set_aside")
    author = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+")
    over_version = models.PositiveIntegerField()
    device = models.CharField(max_length=40, blank=True, help_text=_("Which open page it came from"))
    content = models.JSONField(help_text=_("The form as it was sent"))
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("text set aside")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["note", "device"],
                condition=models.Q(settled_at=None),
                name="a_device_sets_aside_one_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}, {self.over_version}"

"""Clinical knowledge: built in from `intake/data/knowledge`, each entry kept whole with its sources and evidence."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.core.models import UUIDModel
from intake.querysets import KnowledgeQuerySet


class KnowledgeEntry(UUIDModel):
    """What every kind has. A built-in is never deleted, only retired; a practice adds its own beside them."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    label = models.CharField(_("label"), max_length=300)
    data = models.JSONField(default=dict, help_text=_("The entry as its source file has it"))
    sources = models.JSONField(default=list)
    evidence = models.CharField(max_length=20, default="general")
    position = models.PositiveSmallIntegerField(default=0)
    is_built_in = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = KnowledgeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class Reference(KnowledgeEntry):
    """A source, and whether it was seen."""


class Region(KnowledgeEntry):
    """A region of the body map."""


class Quality(KnowledgeEntry):
    """A word for pain."""


class Structure(KnowledgeEntry):
    """Muscle, joint, nerve or organ, with the regions it lies in and refers to."""


class Condition(KnowledgeEntry):
    """What an episode may be about."""


class Technique(KnowledgeEntry):
    """What is done in a session."""


class Exercise(KnowledgeEntry):
    """What is done at home."""


class ExaminationTest(KnowledgeEntry):
    """A special test and what a positive one suggests."""


class RangeOfMotion(KnowledgeEntry):
    """A movement with its normal value and error of measurement, in degrees."""


class RedFlagRule(KnowledgeEntry):
    """A question that must be asked, and what its answers mean."""


class Contraindication(KnowledgeEntry):
    """A question whose answer limits hands-on work."""


class LifestyleQuestion(KnowledgeEntry):
    """A contributor: shoes, sitting, sleep, repetition."""


class Measure(KnowledgeEntry):
    """An outcome measure with its range, direction, thresholds and licence."""


class Convention(KnowledgeEntry):
    """How outcome reports are computed to be honest."""


class ClaimNotUsed(KnowledgeEntry):
    """A claim of the founding sources that evidence contradicts: not to be repeated."""


class Guideline(KnowledgeEntry):
    """What stands above the entries: vocabularies, licences, rules of measurement, grades, texts of a report."""


class Shipment(UUIDModel):
    """Which state of the knowledge files was loaded last."""

    digest = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        get_latest_by = "loaded_at"

    def __str__(self) -> str:
        return self.digest[:12]

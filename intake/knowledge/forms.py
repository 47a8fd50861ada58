"""The ready forms into rows: a new version is published when what is built differs from the newest published one."""

from django.db import transaction

from clinic.core import clock
from intake.models import Questionnaire
from intake.ready_forms import BUILDERS


def is_the_practices_own(form: Questionnaire) -> bool:
    """Whether the practice has written its own version, or asks the form no more: then ours does not come back."""
    return form.origin != Questionnaire.Origin.READY or form.status == Questionnaire.Status.RETIRED


@transaction.atomic
def publish_ready_forms() -> list[Questionnaire]:
    """Publish what changed; returns the new versions."""
    published = []
    for slug, build in BUILDERS.items():
        versions = Questionnaire.objects.filter(slug=slug).order_by("-version")
        newest = versions.exclude(status=Questionnaire.Status.DRAFT).first()
        if newest is not None and is_the_practices_own(newest):
            continue
        version = (versions[0].version if versions else 0) + 1
        definition = build()
        if newest and {**newest.definition, "version": None} == {**definition, "version": None}:
            continue
        published.append(
            Questionnaire.objects.create(
                slug=slug,
                version=version,
                title=definition["title"],
                language=definition["language"],
                definition={**definition, "version": str(version)},
                status=Questionnaire.Status.PUBLISHED,
                published_at=clock.now(),
            )
        )
    return published

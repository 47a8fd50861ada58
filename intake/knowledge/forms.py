"""The ready forms into rows: a new version is published when what is built differs from the newest published one."""

from django.db import transaction

from clinic.core import clock
from intake.models import Questionnaire
from intake.ready_forms import BUILDERS


@transaction.atomic
def publish_ready_forms() -> list[Questionnaire]:
    """Publish what changed; returns the new versions."""
    published = []
    for slug, build in BUILDERS.items():
        newest = Questionnaire.objects.latest(slug)
        version = (newest.version if newest else 0) + 1
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

"""The ready forms into rows: a new version is published when what is built differs from the newest published one."""

from django.db import transaction

from clinic.core import clock
from intake.models import Questionnaire
from intake.ready_forms import BUILDERS


def is_the_practices_own(form: Questionnaire) -> bool:
    """Whether the practice writes or has written its own version, or asks the form no more: ours stays away then."""
    return form.origin != Questionnaire.Origin.READY or form.status == Questionnaire.Status.RETIRED


@transaction.atomic
def publish_ready_forms() -> list[Questionnaire]:
    """Publish what changed; returns the new versions. A form the practice has edited or retired is left alone."""
    published = []
    for slug, build in BUILDERS.items():
        versions = list(Questionnaire.objects.filter(slug=slug).order_by("-version"))
        if any(is_the_practices_own(form) for form in versions):
            continue
        newest, definition = (versions[0] if versions else None), build()
        if newest and {**newest.definition, "version": None} == {**definition, "version": None}:
            continue
        version = (newest.version if newest else 0) + 1
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

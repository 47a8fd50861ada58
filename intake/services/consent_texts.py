"""Publishing a wording of consent. What is published never changes; a new wording is a new version."""

from django.conf.global_settings import LANGUAGES
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.models import ConsentText
from intake.ready_forms.consents import TEXTS

LONGEST = 6000
LEAST_MONTHS, MOST_MONTHS = 3, 120


@transaction.atomic
def publish_text(
    *,
    kind: str,
    language: str,
    title: str,
    text: str,
    needs_renewal: bool,
    by: User,
    renew_after_months: int | None = None,
) -> ConsentText:
    """A new version of one consent in one language. With `needs_renewal` everybody who agreed before is asked again.

    `renew_after_months` counts from the day somebody agreed, to this wording or one before it.

    Raises NotAllowed; Refused for an unknown kind or language, a period that is none, without words, and when nothing
    has changed.
    """
    require(by, Permission.MANAGE_SETTINGS)
    title, text = title.strip(), text.replace("\r\n", "\n").replace("\x00", "").strip()
    _check(kind, language, title, text, renew_after_months)
    rows = ConsentText.objects.filter(kind=kind, language=language)
    newest = rows.select_for_update().order_by("-version").first()
    wanted = (title, text, renew_after_months)
    if newest and (newest.title, newest.text, newest.renew_after_months) == wanted:
        raise Refused(_("Nothing has changed, so there is nothing to publish."), code="unchanged")
    published = ConsentText.objects.create(
        kind=kind,
        language=language,
        version=newest.version + 1 if newest else 1,
        title=title,
        text=text,
        needs_renewal=needs_renewal,
        renew_after_months=renew_after_months,
        published_at=clock.now(),
        published_by=by,
    )
    audit.record(by, "consent-text.published", published, changes={"kind": kind, "version": published.version})
    return published


def _check(kind: str, language: str, title: str, text: str, months: int | None) -> None:
    if kind not in ConsentText.Kind.values or language not in dict(LANGUAGES):
        raise Refused(_("There is no such consent."), code="unknown-consent")
    if not title or not text or len(text) > LONGEST:
        raise Refused(_("A consent needs a heading and a text."), code="no-words")
    if months is not None and not LEAST_MONTHS <= months <= MOST_MONTHS:
        raise Refused(_("A consent holds for 3 months to ten years."), code="bad-period")


@transaction.atomic
def publish_ready_texts() -> None:
    """The project's own starting points, where a practice has no wording of a kind yet. One query when it has."""
    there = set(ConsentText.objects.values_list("kind", flat=True))
    ConsentText.objects.bulk_create(
        ConsentText(
            kind=kind,
            language="en",
            version=1,
            title=title,
            text=text,
            needs_renewal=False,
            published_at=clock.now(),
        )
        for kind, (title, text) in TEXTS.items()
        if kind not in there
    )

"""Changing what the practice sends."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Missing, Refused
from clinic.messaging import placeholders
from clinic.messaging.default_wordings import ALWAYS_SENT
from clinic.messaging.models import Channel, MessageTemplate, Purpose
from clinic.people.models import User
from clinic.people.permissions import Permission, require

# Without their link these ask for something nobody can do.
NEEDS_LINK = frozenset(
    {Purpose.INTAKE, Purpose.BEFORE_VISIT, Purpose.FOLLOW_UP, Purpose.EXERCISES, Purpose.CONSENT_COPY}
)


@transaction.atomic
def save_wording(
    *, purpose: str, language: str, subject: str, body: str, is_active: bool = True, by: User
) -> MessageTemplate:
    """Replace the wording of a purpose. Raises Refused with the field in its details."""
    require(by, Permission.EDIT_WORDINGS)
    check_wording(purpose=purpose, language=language, subject=subject, body=body)
    wording, _created = MessageTemplate.objects.select_for_update().update_or_create(
        purpose=purpose,
        channel=Channel.EMAIL,
        language=language,
        defaults={
            "subject": " ".join(subject.split()),
            "body": body.replace("\r\n", "\n").strip(),
            "is_active": is_active or purpose in ALWAYS_SENT,
        },
    )
    audit.record(by, "wording.saved", wording, changes={"purpose": purpose, "is_active": wording.is_active})
    return wording


@transaction.atomic
def reset_wording(*, purpose: str, language: str, by: User) -> None:
    """Go back to the built-in wording."""
    require(by, Permission.EDIT_WORDINGS)
    own = MessageTemplate.objects.filter(purpose=purpose, channel=Channel.EMAIL, language=language).first()
    if own is not None:
        audit.record(by, "wording.reset", own, changes={"purpose": purpose})
        own.delete()


def check_wording(*, purpose: str, language: str, subject: str, body: str) -> None:
    """Raises Refused when it cannot be sent, Missing for a purpose or language that is not there."""
    if purpose not in Purpose.values or language not in dict(settings.LANGUAGES):
        raise Missing(_("There is no such message."))
    words = placeholders.names_of(purpose)
    for field, text, allowed in (("subject", subject, placeholders.IN_SUBJECT), ("body", body, words)):
        try:
            placeholders.check(text, allowed=allowed)
        except Refused as refusal:
            raise Refused(refusal.message, code=refusal.code, details={"field": field}) from refusal
    if purpose in NEEDS_LINK and "{link}" not in body:
        raise Refused(
            _("This message asks for an answer, so the text needs {link}."),
            code="link-missing",
            details={"field": "body"},
        )

"""Letters to physicians, and the templates they begin with."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.messaging import placeholders
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from treatments.models import Episode, LetterTemplate, Referral, SessionNote
from treatments.rules.letters import GAP, WORDS

LONGEST_LETTER = 20_000


@transaction.atomic
def write_referral(
    *,
    episode: Episode,
    to_name: str,
    body: str,
    by: User,
    to_address: str = "",
    urgency: str = Referral.Urgency.ROUTINE,
    note: SessionNote | None = None,
) -> Referral:
    """Keep a letter as it was written, for good. Raises Refused for an empty one or a note of another episode."""
    require(by, Permission.WRITE_NOTE, episode)
    if note is not None and episode.pk not in (note.episode_id, note.other_episode_id):
        raise Refused(_("That note belongs to another episode."), code="foreign-note")
    if not to_name.strip() or not body.strip() or len(body) > LONGEST_LETTER:
        raise Refused(_("A letter needs somebody it goes to, and words."), code="letter-empty")
    if GAP in body:
        raise Refused(_("Say why you write: in place of […]."), code="letter-gap")
    if urgency not in Referral.Urgency.values:
        raise Refused(_("Say how soon."), code="unknown-urgency")
    referral = Referral.objects.create(
        episode=episode,
        note=note,
        to_name=" ".join(to_name.split()),
        to_address=to_address.replace("\r\n", "\n").strip(),
        urgency=urgency,
        body=body.replace("\r\n", "\n").strip(),
        written_by=by,
        written_at=clock.now(),
    )
    audit.record(by, "referral.written", referral, client=episode.client)
    return referral


@transaction.atomic
def save_letter_template(*, name: str, body: str, by: User, template: LetterTemplate | None = None) -> LetterTemplate:
    """Add or change what letters begin with. Raises Refused for an unknown placeholder, Conflict for a name in use."""
    require(by, Permission.MANAGE_SETTINGS)
    name = " ".join(name.split())
    body = body.replace("\r\n", "\n").strip()
    if not name or not body:
        raise Refused(_("A template needs a name and words."), code="template-empty")
    placeholders.check(body, allowed=WORDS)
    template = template or LetterTemplate()
    template.name, template.body = name, body
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise Conflict(_("Another template is called so."), code="name-in-use") from error
    audit.record(by, "letter-template.saved", template)
    return template


@transaction.atomic
def retire_letter_template(*, template: LetterTemplate, by: User, is_retired: bool) -> LetterTemplate:
    """Offer it no more, or again. Letters written with it stay."""
    require(by, Permission.MANAGE_SETTINGS)
    if (template.retired_at is not None) != is_retired:
        template.retired_at = clock.now() if is_retired else None
        template.save(update_fields=["retired_at", "updated_at"])
        audit.record(by, "letter-template.retired" if is_retired else "letter-template.restored", template)
    return template

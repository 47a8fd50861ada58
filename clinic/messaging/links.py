"""Secret links for clients: issued, turned into addresses, and checked."""

import datetime as dt
import uuid

from django.conf import settings
from django.utils.translation import gettext as _

from clinic.core import clock, tokens
from clinic.core.errors import Missing
from clinic.messaging.models import ClientLink
from clinic.people.models import Client

# Where each purpose's page lives; the app that owns the page serves this path.
PATHS = {
    "appointment": "/a/{token}/",
    "intake": "/i/{token}/",
    "follow_up": "/f/{token}/",
    "consent": "/c/{token}/",
    "waitlist": "/w/{token}/",
    "exercises": "/x/{token}/",
}


def issue(*, client: Client, purpose: str, object_id: uuid.UUID, expires_at: dt.datetime) -> ClientLink:
    """A new link; its secret can be derived again by `token_of`, and rests nowhere."""
    link = ClientLink(client=client, purpose=purpose, object_id=object_id, expires_at=expires_at)
    link.token_digest = tokens.digest(token_of(link))
    link.save()
    return link


def token_of(link: ClientLink) -> str:
    """The link's secret, derived from the server's key."""
    return tokens.derive(key=settings.LINK_KEY, purpose=link.purpose, subject=str(link.pk))


def path_of(link: ClientLink) -> str:
    return PATHS[link.purpose].format(token=token_of(link))


def url_of(link: ClientLink) -> str:
    """The absolute address to put in a mail."""
    return f"{settings.BASE_URL}{path_of(link)}"


def resolve(token: str, *, purpose: str) -> ClientLink:
    """The live link of a token. Raises Missing when wrong, of another purpose, expired or revoked: all look alike."""
    link = (
        ClientLink.objects.filter(
            token_digest=tokens.digest(token), purpose=purpose, revoked_at=None, expires_at__gt=clock.now()
        )
        .select_related("client")
        .first()
    )
    if link is None:
        raise Missing(_("This link does not work any more. Please ask the clinic for a new one."))
    return link


def revoke(*, purpose: str, object_id: uuid.UUID) -> int:
    """End every live link of one object. Returns how many there were."""
    live = ClientLink.objects.filter(purpose=purpose, object_id=object_id, revoked_at=None)
    return live.update(revoked_at=clock.now(), updated_at=clock.now())

"""A client's plan of exercises as the therapist sees it."""

from typing import Any

from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.people.models import Client
from treatments.models import Episode, Prescription
from treatments.reads.adherence import adherence_of
from treatments.reads.programme import DayPage
from treatments.services.programme import LINK_PURPOSE

STOPPED_SHOWN = 20


def open_episodes_of(client: Client) -> list[Episode]:
    """The one that began last stands first: what is prescribed is most likely for it."""
    rows = Episode.objects.open().filter(client=client).select_related("condition", "location")
    return list(rows.order_by("-opened_at"))


def plan_page(client: Client) -> dict[str, Any]:
    """What is done now and how it is kept to, what was stopped, when it was sent: ten queries at most."""
    page = DayPage(client)
    ids = client.identity_ids
    stopped = Prescription.objects.filter(episode__client__in=ids).exclude(stopped_at=None)
    stopped = stopped.select_related("exercise", "prescribed_by").order_by("-stopped_at")
    sent = OutboundMessage.objects.filter(client__in=ids, purpose=Purpose.EXERCISES).select_related("link")
    return {
        "client": client,
        "zone": page.zone,
        "adherence": adherence_of(page.prescriptions, page.zone),
        "stopped": list(stopped[:STOPPED_SHOWN]),
        "episodes": open_episodes_of(client),
        "sent": sent.order_by("-due_at").first(),
        "has_link": ClientLink.objects.filter(client__in=ids, purpose=LINK_PURPOSE, revoked_at=None).exists(),
    }

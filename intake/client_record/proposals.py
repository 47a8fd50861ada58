"""What the client gave otherwise in a form: to be decided, on top of the client's page."""

from typing import Any

from clinic.people.permissions import Permission
from clinic.people.record import panels
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from intake.models import Proposal
from intake.reads.proposals import shown


def waiting(reading: Reading) -> dict[str, Any]:
    """What waits to be decided: one query."""
    rows = Proposal.objects.open().filter(client__in=reading.ids)
    return {"proposals": shown(rows, reading.client)}


panels.register(
    Panel(
        "proposals",
        Place.WARNINGS,
        30,
        Permission.EDIT_CLIENTS,
        "intake/_record_proposals.html",
        waiting,
        styles=("intake/css/proposals.css",),
    )
)

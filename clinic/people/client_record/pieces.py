"""Contact, contacts, documents and the export as panels of the client's page."""

from typing import Any

from clinic.audit.models import Event
from clinic.people.models import ContactPreference, Document
from clinic.people.permissions import Permission
from clinic.people.record import panels
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading


def _contact(reading: Reading) -> dict[str, Any]:
    """One query."""
    declined = ContactPreference.objects.filter(client__in=reading.ids, is_allowed=False)
    return {"declines": declined.exists()}


def _nothing_more(reading: Reading) -> dict[str, Any]:
    return {}


def _documents(reading: Reading) -> dict[str, Any]:
    """One query."""
    rows = Document.objects.visible_to(reading.user).filter(client__in=reading.ids)
    return {"documents": rows, "may_remove": reading.may(Permission.REMOVE_DOCUMENTS)}


def _export(reading: Reading) -> dict[str, Any]:
    """When everything was last handed out: one query."""
    made = Event.objects.filter(client_id=reading.client.pk, action="client.exported").order_by("-at")
    return {"made_at": list(made.values_list("at", flat=True)[:20])}


panels.register(Panel("contact", Place.FACTS, 30, Permission.VIEW_CLIENTS, "people/record/contact.html", _contact))
panels.register(
    Panel("contacts", Place.SIDE, 20, Permission.VIEW_CLIENTS, "people/record/contacts.html", _nothing_more)
)
panels.register(
    Panel("documents", Place.SIDE, 30, Permission.VIEW_DOCUMENTS, "people/record/documents.html", _documents)
)
panels.register(Panel("export", Place.SIDE, 90, Permission.EXPORT_CLIENT, "people/record/export.html", _export))

"""Red flags nobody has acknowledged, first on the client's page and beside the name in lists."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from clinic.people.models import Client, User
from clinic.people.permissions import Permission
from clinic.people.record import list_marks, panels
from clinic.people.record.list_marks import ListMark, Mark
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from intake.models import RedFlag
from intake.rules import Urgency


def open_flags(reading: Reading) -> dict[str, Any]:
    """Gravest first: one query. Who may not read answers sees how urgent, not what it is about."""
    flags = RedFlag.objects.visible_to(reading.user).filter(client__in=reading.ids).unacknowledged()
    return {
        "open_flags": flags.select_related("rule").defer("rule__data", "rule__sources").gravest_first(),
        "sees_answers": reading.may(Permission.VIEW_INTAKE),
    }


def marks_of(clients: Iterable[Client], user: User) -> Mapping[UUID, Mark]:
    """Whose red flags wait: one query."""
    flags = RedFlag.objects.visible_to(user).filter(client__in=[client.pk for client in clients]).unacknowledged()
    found: dict[UUID, Mark] = {}
    for client_id, urgency in flags.gravest_first().values_list("client_id", "urgency"):
        label = _("Red flag, %(urgency)s") % {"urgency": str(RedFlag.Urgency(urgency).label).lower()}
        found.setdefault(client_id, Mark("flag", label, "warn" if urgency == Urgency.CAUTION else "danger"))
    return found


panels.register(
    Panel("red-flags", Place.WARNINGS, 10, Permission.VIEW_INTAKE_STATE, "intake/_record_flags.html", open_flags)
)
list_marks.register(ListMark("red-flags", Permission.VIEW_INTAKE_STATE, marks_of))

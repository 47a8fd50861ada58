"""Alerts that the client's latest form no longer bears out: proposed to be ended, never ended by themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinic.people.models import Alert
from clinic.people.permissions import Permission
from clinic.people.record import panels
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from intake.answers import answers_of
from intake.fhir import Kind
from intake.form_cache import form_of
from intake.knowledge.rules import contraindication_rules
from intake.models import Response

LOOKS_BACK = 5  # forms; a follow-up question asks for no contraindications


@dataclass(frozen=True, slots=True)
class Doubted:
    """An alert, and the form in which the client no longer named its reason."""

    alert: Alert
    response: Response


def doubted_alerts(reading: Reading) -> list[Doubted]:
    """Open alerts of a contraindication, untouched since a form that asked and did not hear of it: one query."""
    codes = contraindication_rules().keys()
    alerts = [alert for alert in reading.open_alerts if alert.code in codes]
    asked = _latest_asked(reading) if alerts else None
    if asked is None:
        return []
    response, chosen = asked
    since = response.completed_at
    return [Doubted(a, response) for a in alerts if a.code not in chosen and since and a.updated_at < since]


def _latest_asked(reading: Reading) -> tuple[Response, set[str]] | None:
    """The newest form that asked for contraindications, and what was ticked."""
    rows = Response.objects.completed().filter(client__in=reading.ids).select_related("questionnaire", "client")
    for response in rows.order_by("-completed_at")[:LOOKS_BACK]:
        items = form_of(response.questionnaire).of_kind(Kind.CONTRAINDICATIONS)
        answers = answers_of(response) if items else None
        if answers:
            return response, {str(code) for item in items for code in answers.all(item.link_id)}
    return None


def _shown(reading: Reading) -> Mapping[str, Any]:
    return {"doubted": doubted_alerts(reading), "may_change": reading.may(Permission.EDIT_CLIENTS)}


panels.register(
    Panel("doubted-alerts", Place.WARNINGS, 20, Permission.VIEW_CLIENTS, "intake/_record_doubted.html", _shown)
)

"""How far a client's forms are, what is agreed, and sending a form, as panels of the client's page."""

from typing import Any

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from clinic.messaging.models import OutboundMessage, Purpose
from clinic.people.permissions import Permission
from clinic.people.record import panels
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from intake import consent_texts
from intake.models import Invitation, Questionnaire
from intake.services.invitations import MAIL_PURPOSES

State = Invitation.State


def forms_fact(reading: Reading) -> dict[str, Any]:
    """How many of the forms asked for are done, and which of the others can still be answered: two queries at most."""
    return {"counts": _counts(reading), "waiting": next(iter(_waiting(reading)), None)}


def forms_beside(reading: Reading) -> dict[str, Any]:
    """What the client agreed to, in its newest wording, forms that wait or can be sent: six queries at most."""
    agreed = consent_texts.newest_of(reading.client)
    may_send = reading.may(Permission.SEND_INTAKE) and not reading.client.is_archived
    return {
        "consents": agreed,
        "to_renew": {renewal.consent.pk for renewal in consent_texts.renewals_among(agreed)},
        "waiting_forms": _waiting(reading),
        "may_send": may_send,
        "own_forms": Questionnaire.objects.the_practices_own() if may_send else (),
    }


def _counts(reading: Reading) -> dict[str, int]:
    """How many forms were asked for, and how many of them are done."""
    asked = Invitation.objects.visible_to(reading.user).filter(client__in=reading.ids)
    is_done = Q(state=State.DONE)
    counts: dict[str, int] = reading.once(
        "forms asked for", lambda: asked.aggregate(asked=Count("pk"), done=Count("pk", filter=is_done))
    )
    return counts


def _waiting(reading: Reading) -> list[Invitation]:
    """Most people have none: then the count has told already."""
    counts = _counts(reading)
    if counts["asked"] == counts["done"]:
        return []
    requests: list[Invitation] = reading.once("waiting forms", lambda: list(_still_open(reading)))
    return requests


def _still_open(reading: Reading) -> Any:
    """Requests whose link still leads to the form, the first to run out on top; with the title of a form."""
    rows = Invitation.objects.visible_to(reading.user).filter(client__in=reading.ids)
    answerable = Q(link=None) | Q(link__expires_at__gt=reading.now, link__revoked_at=None)
    waiting = rows.exclude(state=State.DONE).filter(answerable).select_related("link")
    mails = OutboundMessage.objects.filter(about_id=OuterRef("pk"), purpose__in=MAIL_PURPOSES, state="sent").order_by()
    reminders = mails.filter(purpose=Purpose.FORM_REMINDER).values("about_id").annotate(number=Count("pk"))
    return waiting.annotate(
        form=Min("questionnaires__title"),
        mailed_at=Subquery(mails.exclude(purpose=Purpose.FORM_REMINDER).values("sent_at")[:1]),
        reminders=Coalesce(Subquery(reminders.values("number")), 0),
    ).order_by("link__expires_at")


panels.register(
    Panel("forms", Place.FACTS, 40, Permission.VIEW_INTAKE_STATE, "intake/_record_forms_fact.html", forms_fact)
)
panels.register(
    Panel("consents", Place.SIDE, 10, Permission.VIEW_INTAKE_STATE, "intake/_client_forms.html", forms_beside)
)

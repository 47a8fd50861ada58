"""How a draft is locked and written; every service that changes answers goes through here."""

import datetime as dt
from collections.abc import Container

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict
from intake.answers import situation_of
from intake.fhir import Answers, Decision, Form, decide, write_response
from intake.form_cache import canonical_of
from intake.models import Response


class _Everything(Container[str]):
    """A draft keeps what is not asked just now: a condition that turns and turns back loses nothing."""

    def __contains__(self, _address: object) -> bool:
        return True


def locked_draft(response: Response) -> Response:
    """The row, nobody else's until the transaction ends. Raises Conflict once the form was sent.

    What it belongs to and was read with `response` is not read again: this runs after every answer.
    """
    locked: Response = Response.objects.select_for_update().get(pk=response.pk)
    for name in ("questionnaire", "client", "invitation"):
        if name in response._state.fields_cache:
            setattr(locked, name, getattr(response, name))
    if locked.status != Response.Status.DRAFT:
        raise Conflict(_("This form was sent already. Ring us if something has changed."), code="already-sent")
    return locked


def write(response: Response, form: Form, answers: Answers, now: dt.datetime, status: str = "in-progress") -> Decision:
    """Put the answers into the response's document, with what follows from them. Saves nothing."""
    decision = decide(form, answers, situation_of(response, now.date()))
    response.answers = write_response(
        form,
        decision.answers,
        questionnaire=canonical_of(response.questionnaire),
        status=status,
        authored=now,
        enabled=_Everything() if status == "in-progress" else decision.enabled,
        subject=f"Patient/{response.client_id}",
    )
    return decision


def actor_of(response: Response) -> audit.Actor | None:
    return response.invitation.link if response.invitation else None

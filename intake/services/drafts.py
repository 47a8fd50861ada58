"""Drafts of a request's forms: begun with what is known, found again."""

import datetime as dt

from django.db import transaction

from clinic.core import clock
from clinic.messaging.models import Purpose
from intake import consent_texts
from intake.fhir import Kind
from intake.form_cache import form_of
from intake.models import Invitation, Questionnaire, Response
from intake.prefill import answers_before_any, details_for
from intake.record_details import address_of, items_of
from intake.services.writing import write

BEGUN_WITH = ("client", "consent_texts", "answers", "shown_details")


@transaction.atomic
def open_drafts(*, invitation: Invitation, started_on: dt.date | None = None) -> list[Response]:
    """The responses of a request, in the order of its forms; begun where there are none yet.

    Consents that run out or whose wording has changed are asked for again along with the next form, whichever that
    is. `started_on` is the day a change counts from where no first-visit form says it.
    """
    _ask_for_renewals(invitation)
    for response in drafts_of(invitation):
        if response._state.adding:
            form = response.questionnaire
            response.consent_texts = consent_texts.fixed_for(
                form_of(form), invitation.client, slug=form.slug, until=_open_until(invitation)
            )
            prefill(response, started_on)
            Response.objects.get_or_create(
                invitation=invitation,
                questionnaire=form,
                defaults={name: getattr(response, name) for name in BEGUN_WITH},
            )
    return drafts_of(invitation)


def prefill(response: Response, started_on: dt.date | None = None) -> None:
    """What stands in the form before anything was answered. Saves nothing."""
    now, form = clock.now(), form_of(response.questionnaire)
    answers = answers_before_any(response, now, started_on)
    response.shown_details = details_for(form, response)
    for field, item in items_of(form).items():
        if field in response.shown_details:
            answers.put(address_of(item), [response.shown_details[field]])
    if answers.values:
        write(response, form, answers, now)


def _ask_for_renewals(invitation: Invitation) -> None:
    """Add the form that asks for consents alone, unless they are asked for already or nothing is due.

    What runs out before the request does, or the visit it is for, is due.
    """
    if invitation.state == Invitation.State.DONE or invitation.purpose == Purpose.FOLLOW_UP:
        return
    due = consent_texts.due(invitation.client, until=_open_until(invitation))
    if not due:
        return
    forms = [form_of(form) for form in invitation.questionnaires.all()]
    asked = {consent_texts.kind_of(item) for form in forms for item in form.of_kind(Kind.CONSENT)}
    renewal = Questionnaire.objects.latest(consent_texts.RENEWAL_FORM)
    if renewal and not {text.kind for text in due} <= asked:
        invitation.questionnaires.add(renewal)


def _open_until(invitation: Invitation) -> dt.datetime | None:
    return invitation.link.expires_at if invitation.link else None


def drafts_of(invitation: Invitation) -> list[Response]:
    """The responses of a request in the order of its forms, unsaved where none was begun: reading changes nothing."""
    known = {row.questionnaire_id: row for row in invitation.responses.all()}
    drafts = []
    asked = Invitation.questionnaires.through.objects.filter(invitation=invitation).order_by("pk")
    for form in (row.questionnaire for row in asked.select_related("questionnaire").defer("questionnaire__definition")):
        draft = known.get(form.pk) or Response()
        draft.invitation, draft.questionnaire, draft.client = invitation, form, invitation.client
        drafts.append(draft)
    return drafts

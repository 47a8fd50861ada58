"""Answering a form: saved after every answer, completed once, never lost in between."""

import datetime as dt
from collections.abc import Container
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.messaging.models import Purpose
from intake import consent_texts
from intake.answers import answers_of, situation_of
from intake.asked import asked_in, is_given, rows_in
from intake.fhir import (
    Answers,
    Decision,
    Form,
    Item,
    Kind,
    addresses,
    decide,
    write_response,
)
from intake.form_cache import canonical_of, form_of
from intake.models import Invitation, Questionnaire, RedFlag, Response
from intake.prefill import answers_before_any, details_for
from intake.record_details import address_of, items_of
from intake.required import missing_in
from intake.scores import instrument_of, scores_of
from intake.services.effects import apply_effects
from intake.services.flags import findings_in, settle_flags
from intake.services.invitations import take_back_mails
from intake.typed import MOST_ANSWERS

BEGUN_WITH = ("client", "consent_texts", "answers", "shown_details")


@dataclass(frozen=True, slots=True)
class Saved:
    """`asked` are the addresses of everything asked now, `answers` hold what was reckoned."""

    response: Response
    at: dt.datetime
    raised: list[RedFlag]
    asked: frozenset[str]
    answers: Answers


class _Everything(Container[str]):
    """A draft keeps what is not asked just now: a condition that turns and turns back loses nothing."""

    def __contains__(self, _address: object) -> bool:
        return True


@transaction.atomic
def open_drafts(*, invitation: Invitation, started_on: dt.date | None = None) -> list[Response]:
    """The responses of a request, in the order of its forms; begun where there are none yet.

    Consents whose wording has changed are asked for again along with the next form, whichever that is. `started_on`
    is the day a change counts from where no first-visit form says it.
    """
    _ask_for_renewals(invitation)
    for response in drafts_of(invitation):
        if response._state.adding:
            form = response.questionnaire
            response.consent_texts = consent_texts.fixed_for(form_of(form), invitation.client, slug=form.slug)
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
        _write(response, form, answers, now)


def _ask_for_renewals(invitation: Invitation) -> None:
    """Add the form that asks for consents alone, unless they are asked for already or nothing is due."""
    if invitation.state == Invitation.State.DONE or invitation.purpose == Purpose.FOLLOW_UP:
        return
    due = consent_texts.due(invitation.client)
    if not due:
        return
    forms = [form_of(form) for form in invitation.questionnaires.all()]
    asked = {consent_texts.kind_of(item) for form in forms for item in form.of_kind(Kind.CONSENT)}
    renewal = Questionnaire.objects.latest(consent_texts.RENEWAL_FORM)
    if renewal and not {text.kind for text in due} <= asked:
        invitation.questionnaires.add(renewal)


def drafts_of(invitation: Invitation) -> list[Response]:
    """The responses of a request in the order of its forms, unsaved where none was begun: reading changes nothing."""
    known = {row.questionnaire_id: row for row in invitation.responses.all()}
    drafts = []
    for form in invitation.questionnaires.defer("definition").order_by("slug"):
        draft = known.get(form.pk) or Response()
        draft.invitation, draft.questionnaire, draft.client = invitation, form, invitation.client
        drafts.append(draft)
    return drafts


@transaction.atomic
def save_answers(
    *, response: Response, section: Item, given: Answers, is_settled: bool = False, step: int | None = None
) -> Saved:
    """Replace one section's answers in the draft and raise what they mean. Raises Conflict once the form was sent.

    `is_settled` when the client goes on to the next section: only then do marks on the map raise flags.
    """
    response = _locked(response)
    form = form_of(response.questionnaire)
    answers = answers_of(response)
    _replace(section, answers, given)
    now = clock.now()
    decision = _write(response, form, answers, now)
    enabled = set(decision.enabled)
    findings = findings_in(form, answers, enabled, with_marks=is_settled or not _has_map(section))
    raised = settle_flags(response=response, findings=findings, now=now)
    if step is not None:
        response.current_step = step
    response.save(update_fields=["answers", "current_step", "updated_at"])
    _mark_started(response)
    if is_settled:
        audit.record(_actor(response), "response.saved", response, client=response.client, changes=[section.link_id])
    return Saved(response, now, raised, decision.enabled, decision.answers)


@transaction.atomic
def add_row(*, response: Response, section: Item, address: str) -> None:
    """One more row of a group that repeats. Raises Refused for what is none, or has as many as it may."""
    response = _locked(response)
    form, answers = form_of(response.questionnaire), answers_of(response)
    group = next((each for each in rows_in(section, answers) if each.address == address), None)
    if group is None or not group.may_grow or len(group.rows) >= MOST_ANSWERS:
        raise Refused(_("There is no room for another one."), code="no-more-rows")
    answers.rows[address] = len(group.rows) + 1
    _write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "updated_at"])


@transaction.atomic
def remove_row(*, response: Response, section: Item, row: str) -> None:
    """Take out one row, `group:number`. Raises Refused when it is not there, or must stay."""
    response = _locked(response)
    form, answers = form_of(response.questionnaire), answers_of(response)
    address, _colon, number = row.rpartition(":")
    group = next((each for each in rows_in(section, answers) if each.address == address), None)
    if group is None or not group.may_shrink or not number.isdecimal() or int(number) >= len(group.rows):
        raise Refused(_("This one is not there any more."), code="no-such-row")
    answers.rows[address] = len(group.rows)
    answers.remove_row(address, int(number))
    _write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "updated_at"])


@transaction.atomic
def complete_response(*, response: Response) -> Response:
    """Send the form, the signature included. Raises Refused, naming the section, while anything required is missing."""
    response = _locked(response)
    form = form_of(response.questionnaire)
    answers = answers_of(response)
    now = clock.now()
    decision = _write(response, form, answers, now, status="completed")
    enabled, answers = set(decision.enabled), answers_of(response)
    _check_wordings(response, form)
    for section in form.sections:
        missing = missing_in(section, answers, enabled)
        if missing:
            details = {"section": section.link_id, "items": missing}
            raise Refused(_("Something is still missing."), code="incomplete", details=details)
    settle_flags(response=response, findings=findings_in(form, answers, enabled, with_marks=True), now=now)
    response.status, response.completed_at = Response.Status.COMPLETED, now
    response.scores = scores_of(form, answers, instrument_of(response.questionnaire))
    response.save()
    apply_effects(response=response, form=form, answers=answers, enabled=enabled, by=_actor(response))
    _mark_done(response)
    audit.record(_actor(response), "response.completed", response, client=response.client)
    return response


@transaction.atomic
def complete_request(*, responses: list[Response]) -> None:
    """Send every form of a request, or none: a gap in the last one does not close the first."""
    for response in responses:
        complete_response(response=response)


@transaction.atomic
def show_new_wordings(*, response: Response) -> None:
    """A wording was changed while the form was being filled in: show the new one, and ask for that consent again."""
    response = _locked(response)
    form = form_of(response.questionnaire)
    newer = consent_texts.outdated(response)
    answers = answers_of(response)
    for item in form.of_kind(Kind.CONSENT):
        if consent_texts.kind_of(item) in newer:
            answers.put(item.link_id, [])
    response.consent_texts = {**response.consent_texts, **{kind: str(text.pk) for kind, text in newer.items()}}
    _write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "consent_texts", "updated_at"])
    audit.record(_actor(response), "consent.reworded", response, client=response.client, changes=sorted(newer))


def _check_wordings(response: Response, form: Form) -> None:
    """Raises Refused when a consent has new words since the form was begun, and all must agree to those."""
    newer = consent_texts.outdated(response)
    for section in form.sections if newer else ():
        changed = [item.link_id for item in section.walk() if consent_texts.kind_of(item) in newer]
        if changed:
            details = {"section": section.link_id, "items": changed}
            raise Refused(_("The wording has changed. Please read it again."), code="consent-changed", details=details)


def _replace(section: Item, answers: Answers, given: Answers) -> None:
    """Put one section's answers in the place of those it had; what the form itself answers stays."""
    own = {item.link_id for item in section.walk() if not is_given(item)}
    for address in [a for a in answers.values if addresses.link_id_of(a) in own and a not in given.values]:
        answers.put(address, [])
    answers.rows = given.rows | {a: n for a, n in answers.rows.items() if addresses.link_id_of(a) not in own}
    for asked in asked_in(section, given):
        if asked.address in given.marks:
            answers.put_marks(asked.address, given.marks[asked.address])
        elif not is_given(asked.item):
            answers.put(asked.address, given.all(asked.address))


def _locked(response: Response) -> Response:
    locked: Response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("questionnaire", "client", "invitation__link", "invitation__location")
        .defer("questionnaire__definition")
        .get(pk=response.pk)
    )
    if locked.status != Response.Status.DRAFT:
        raise Conflict(_("This form was sent already. Ring us if something has changed."), code="already-sent")
    return locked


def _write(response: Response, form: Form, answers: Answers, now: dt.datetime, status: str = "in-progress") -> Decision:
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


def _has_map(section: Item) -> bool:
    return any(item.kind == "pain-map" for item in section.walk())


def _mark_started(response: Response) -> None:
    invitation = response.invitation
    if invitation is not None and invitation.state == Invitation.State.MISSING:
        missing = Invitation.objects.filter(pk=invitation.pk, state=Invitation.State.MISSING)
        missing.update(state=Invitation.State.STARTED, updated_at=clock.now())


def _mark_done(response: Response) -> None:
    invitation = response.invitation
    if invitation is None:
        return
    wanted = invitation.questionnaires.count()
    done = invitation.responses.exclude(status=Response.Status.DRAFT).count()
    if done >= wanted:
        invitation.state, invitation.completed_at = Invitation.State.DONE, clock.now()
        invitation.save(update_fields=["state", "completed_at", "updated_at"])
        take_back_mails(invitation=invitation, reason=_("answered"))


def _actor(response: Response) -> audit.Actor | None:
    return response.invitation.link if response.invitation else None

"""Answering a form: saved after every answer, completed once, never lost in between."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from intake import consent_texts
from intake.answers import answers_of
from intake.asked import asked_in, is_file, is_given
from intake.fhir import Answers, Form, Item, Kind, addresses
from intake.form_cache import form_of
from intake.merging import Drawn, Merged, copied, merge, part_of, parts_of
from intake.models import Invitation, RedFlag, Response
from intake.required import missing_in
from intake.scores import instrument_of, scores_of
from intake.services.effects import apply_effects
from intake.services.flags import findings_in, gravest, settle_flags
from intake.services.invitations import take_back_mails
from intake.services.uploads import forget_unused
from intake.services.writing import actor_of, locked_draft, write


@dataclass(frozen=True, slots=True)
class Saved:
    """`asked` are the addresses of everything asked now, `answers` hold what was reckoned.

    `elsewhere` are parts of the screen that another page has changed; `clashes` those that this one has changed too.
    """

    response: Response
    at: dt.datetime
    raised: list[RedFlag]
    asked: frozenset[str]
    answers: Answers
    elsewhere: frozenset[str] = frozenset()
    clashes: frozenset[str] = frozenset()


@transaction.atomic
def save_answers(
    *,
    response: Response,
    section: Item,
    given: Answers,
    is_settled: bool = False,
    step: int | None = None,
    drawn: Drawn | None = None,
    unread: Collection[str] = (),
) -> Saved:
    """Put one section's answers in the draft and raise what they mean. Raises Conflict once the form was sent.

    `is_settled` when the client goes on to the next section: only then do marks on the map raise flags. `drawn` says
    what the page was drawn with: what was answered elsewhere since stays, and what was answered in both is asked.
    """
    response = locked_draft(response)
    form = form_of(response.questionnaire)
    answers = answers_of(response)
    merged = merge(section, answers, given, drawn, writers=response.writers, unread=parts_of(unread))
    sent = _with_all_sent(section, answers, given, merged)
    _replace(section, answers, merged.answers)
    now = clock.now()
    decision = write(response, form, answers, now)
    with_marks = is_settled or not _has_map(section)
    findings = findings_in(form, answers, set(decision.enabled), with_marks=with_marks)
    if sent is not None:
        findings = gravest(findings, findings_in(form, sent, set(decision.enabled), with_marks=with_marks))
    raised = settle_flags(response=response, findings=findings, now=now)
    clashes = merged.clashes & parts_of(decision.enabled)
    response.writers.update(dict.fromkeys(merged.here, drawn.page if drawn else ""))
    response.current_step = step if step is not None and not clashes else response.current_step
    response.save(update_fields=["answers", "writers", "current_step", "updated_at"])
    _mark_started(response)
    if is_settled:
        audit.record(actor_of(response), "response.saved", response, client=response.client, changes=[section.link_id])
    return Saved(response, now, raised, decision.enabled, decision.answers, merged.there, clashes)


def _with_all_sent(section: Item, answers: Answers, given: Answers, merged: Merged) -> Answers | None:
    """The draft as it would be with every answer of the page; None when nothing was answered in both places.

    Until it is known which of two answers stands, a danger that either tells of counts.
    """
    if not merged.clashes:
        return None
    sent = copied(answers)
    _replace(section, sent, given)
    return sent


@transaction.atomic
def complete_response(*, response: Response) -> Response:
    """Send the form, the signature included. Raises Refused, naming the section, while anything required is missing."""
    response = locked_draft(response)
    form = form_of(response.questionnaire)
    answers = answers_of(response)
    now = clock.now()
    decision = write(response, form, answers, now, status="completed")
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
    forget_unused(response=response)
    apply_effects(response=response, form=form, answers=answers, enabled=enabled, by=actor_of(response))
    _mark_done(response)
    audit.record(actor_of(response), "response.completed", response, client=response.client)
    return response


@transaction.atomic
def complete_request(*, responses: list[Response]) -> None:
    """Send every form of a request, or none: a gap in the last one does not close the first."""
    for response in responses:
        complete_response(response=response)


@transaction.atomic
def show_new_wordings(*, response: Response) -> None:
    """A wording was changed while the form was being filled in: show the new one, and ask for that consent again."""
    response = locked_draft(response)
    form = form_of(response.questionnaire)
    newer = consent_texts.outdated(response)
    answers = answers_of(response)
    for item in form.of_kind(Kind.CONSENT):
        if consent_texts.kind_of(item) in newer:
            answers.put(item.link_id, [])
            response.writers.pop(part_of(item.link_id), None)
    response.consent_texts = {**response.consent_texts, **{kind: str(text.pk) for kind, text in newer.items()}}
    write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "consent_texts", "writers", "updated_at"])
    audit.record(actor_of(response), "consent.reworded", response, client=response.client, changes=sorted(newer))


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
    own = {item.link_id for item in section.walk() if not is_given(item) and not is_file(item)}
    for address in [a for a in answers.values if addresses.link_id_of(a) in own and a not in given.values]:
        answers.put(address, [])
    answers.rows = given.rows | {a: n for a, n in answers.rows.items() if addresses.link_id_of(a) not in own}
    for asked in asked_in(section, given):
        if asked.address in given.marks:
            answers.put_marks(asked.address, given.marks[asked.address])
        elif not is_given(asked.item) and not is_file(asked.item):
            answers.put(asked.address, given.all(asked.address))


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

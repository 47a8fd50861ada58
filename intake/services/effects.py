"""What follows from a completed form: the pain drawing, alerts, consents, wishes about mail, proposals."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.models import Alert
from intake.consent_texts import shown
from intake.fhir import Answers, Form, Kind
from intake.knowledge.rules import contraindication_rules
from intake.models import PainDrawing, PainMark, Response
from intake.ready_forms.safety import ALLERGY
from intake.rules import Limit, Mark, limits_of
from intake.services.consents import end_declined, give_consent, keep_mail_wish, send_copy
from intake.services.drawing import row_of
from intake.services.proposals import propose_changes

LONGEST_LABEL = 120
REMINDERS = "reminders"


def apply_effects(
    *, response: Response, form: Form, answers: Answers, enabled: set[str], by: audit.Actor | None
) -> None:
    """Called inside the transaction that completes the response."""
    maps = form.of_kind(Kind.PAIN_MAP)
    if maps:
        draw(response=response, marks=[mark for item in maps for mark in answers.marks.get(item.link_id, [])])
    details = _details(form, answers, enabled)
    for item in form.of_kind(Kind.CONTRAINDICATIONS):
        raise_alerts(response, limits_of(answers.all(item.link_id), contraindication_rules()), by, details)
    give_consents(response, form, answers, enabled, by)
    propose_changes(response=response, form=form, answers=answers, enabled=enabled, by=by)


def give_consents(response: Response, form: Form, answers: Answers, enabled: set[str], by: audit.Actor | None) -> None:
    """What was ticked, in the words that were shown, with the form's signature; the client gets a copy.

    What is asked for again and left out is taken back.
    """
    asked = [item for item in form.of_kind(Kind.CONSENT) if item.link_id in enabled]
    wordings = shown(response, asked)
    signature = next((answers.one(item.link_id) for item in form.of_kind(Kind.SIGNATURE)), None)
    given = [item for item in asked if answers.one(item.link_id) is True]
    for item in given:
        wording = wordings[item.link_id]
        give_consent(client=response.client, wording=wording, signature=signature, by=by, response=response)
    if any(wordings[item.link_id].kind == REMINDERS for item in asked):
        is_allowed = any(wordings[item.link_id].kind == REMINDERS for item in given)
        keep_mail_wish(client=response.client, is_allowed=is_allowed)
    if response.source == Response.Source.FILE:
        return
    declined = {wordings[item.link_id].kind for item in asked if item not in given}
    if declined:
        end_declined(response=response, kinds=declined, by=by)
    if given:
        send_copy(response=response, by=by)


def draw(*, response: Response, marks: list[Mark]) -> PainDrawing:
    """The marks as rows, drawn at the instant of completion."""
    drawing = PainDrawing.objects.create(
        client=response.client, response=response, drawn_at=response.completed_at or clock.now()
    )
    PainMark.objects.bulk_create(row_of(drawing, mark) for mark in marks)
    return drawing


def _details(form: Form, answers: Answers, enabled: set[str]) -> dict[str, str]:
    """What was said in words about a contraindication, by its code: to what somebody is allergic."""
    rules = contraindication_rules()
    texts = [i for i in form.by_link_id.values() if i.type in {"string", "text"} and i.code in rules]
    said = {i.code: str(answers.one(i.link_id) or "") for i in texts if i.link_id in enabled}
    return {code: " ".join(words.split()) for code, words in said.items() if words}


def raise_alerts(response: Response, limits: list[Limit], by: audit.Actor | None, details: Mapping[str, str]) -> None:
    """One open alert for each contraindication, with what was said about it; an open one stays as staff left it."""
    for limit in limits:
        alert, is_new = Alert.objects.get_or_create(
            client=response.client,
            code=limit.rule.code,
            ended_at=None,
            defaults={
                "kind": _kind(limit),
                "effect": limit.action,
                "label": _label(limit, details.get(limit.rule.code, "")),
                "advice": limit.rule.advice_staff,
                "source": "intake form",
            },
        )
        if is_new:
            audit.record(by, "alert.added", alert, client=response.client)


def _label(limit: Limit, detail: str) -> str:
    if not detail:
        return limit.rule.label
    label = _("Allergy: %(what)s") if limit.rule.code == ALLERGY else f"{limit.rule.label}: %(what)s"
    return (label % {"what": detail})[:LONGEST_LABEL]


def _kind(limit: Limit) -> str:
    if limit.rule.code == ALLERGY:
        return Alert.Kind.ALLERGY
    return Alert.Kind.CONTRAINDICATION if limit.action in {"stop", "clearance"} else Alert.Kind.PRECAUTION

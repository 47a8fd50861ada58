"""What follows from a completed form: the pain drawing, alerts for whoever treats, consents, wishes about mail."""

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.models import Alert, ContactPreference
from intake.fhir import Answers, Form, Kind
from intake.knowledge.rules import contraindication_rules
from intake.models import PainDrawing, PainMark, Response
from intake.rules import Limit, Mark, limits_of
from intake.services.consents import give_consent

ALLERGY = "ci-allergy"
MAIL_PURPOSES = ("reminder", "before_visit", "follow_up")


def apply_effects(
    *, response: Response, form: Form, answers: Answers, enabled: set[str], by: audit.Actor | None
) -> None:
    """Called inside the transaction that completes the response."""
    maps = form.of_kind(Kind.PAIN_MAP)
    if maps:
        draw(response=response, marks=[mark for item in maps for mark in answers.marks.get(item.link_id, [])])
    for item in form.of_kind(Kind.CONTRAINDICATIONS):
        raise_alerts(response, limits_of(answers.all(item.link_id), contraindication_rules()), by)
    signature = next((answers.one(item.link_id) for item in form.of_kind(Kind.SIGNATURE)), None)
    for item in form.of_kind(Kind.CONSENT):
        agreed = item.link_id in enabled and answers.one(item.link_id) is True
        if agreed:
            give_consent(client=response.client, item=item, signature=signature, by=by, response=response)
        if item.extensions["consent"] == "reminders":
            keep_mail_wish(response, is_allowed=agreed)


def draw(*, response: Response, marks: list[Mark]) -> PainDrawing:
    """The marks as rows, drawn at the instant of completion."""
    drawing = PainDrawing.objects.create(
        client=response.client, response=response, drawn_at=response.completed_at or clock.now()
    )
    PainMark.objects.bulk_create(
        PainMark(
            drawing=drawing,
            region=mark.region,
            side=mark.side,
            qualities=list(mark.qualities),
            intensity=mark.intensity,
            course=mark.course,
            spreads_to=mark.spreads_to,
        )
        for mark in marks
    )
    return drawing


def raise_alerts(response: Response, limits: list[Limit], by: audit.Actor | None) -> None:
    """One open alert for each contraindication; what is open already stays as staff left it."""
    for limit in limits:
        alert, is_new = Alert.objects.get_or_create(
            client=response.client,
            code=limit.rule.code,
            ended_at=None,
            defaults={
                "kind": _kind(limit),
                "effect": limit.action,
                "label": limit.rule.label,
                "advice": limit.rule.advice_staff,
                "source": "intake form",
            },
        )
        if is_new:
            audit.record(by, "alert.added", alert, client=response.client)


def _kind(limit: Limit) -> str:
    if limit.rule.code == ALLERGY:
        return Alert.Kind.ALLERGY
    return Alert.Kind.CONTRAINDICATION if limit.action in {"stop", "clearance"} else Alert.Kind.PRECAUTION


def keep_mail_wish(response: Response, *, is_allowed: bool) -> None:
    """Reminders and questions by mail: as the client ticked, or did not."""
    for purpose in MAIL_PURPOSES:
        ContactPreference.objects.update_or_create(
            client=response.client,
            channel="email",
            purpose=purpose,
            defaults={"is_allowed": is_allowed, "changed_at": clock.now()},
        )

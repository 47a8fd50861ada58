"""Red flags: raised by answers, seen by staff at once, acknowledged with what was done. None is ever deleted."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.fhir import Answers, Form, Kind
from intake.knowledge.rules import red_flag_rules
from intake.models import RedFlag, RedFlagRule, Response
from intake.rules import Finding, Urgency, assess, from_marks
from intake.services.alarm import take_back_mails, tell_staff


def findings_in(form: Form, answers: Answers, enabled: set[str], *, with_marks: bool) -> dict[str, Finding]:
    """What the answers mean, by rule. Marks count once the client has left the map: a slip of the finger does not."""
    rules = red_flag_rules()
    found = {}
    if with_marks:
        found.update({finding.rule.code: finding for finding in from_marks(answers.all_marks(), rules)})
    for item in form.of_kind(Kind.RED_FLAG):
        answer = answers.one(item.link_id)
        if item.link_id in enabled and answer is not None and item.code in rules:
            finding = assess(rules[item.code], answer)
            if finding:
                found[item.code] = finding
    return found


def gravest(findings: dict[str, Finding], others: dict[str, Finding]) -> dict[str, Finding]:
    """Of two readings of the same form, the graver finding by each rule."""
    ranks = list(Urgency)
    found = dict(findings)
    for code, other in others.items():
        if code not in found or ranks.index(other.urgency) < ranks.index(found[code].urgency):
            found[code] = other
    return found


def settle_flags(*, response: Response, findings: dict[str, Finding], now: dt.datetime) -> list[RedFlag]:
    """Make the rows say what the answers say. Returns the flags that are new or graver than before.

    Called inside the transaction that saves the answers. A changed answer leaves its flag standing, as taken back.
    """
    known = {flag.rule.code: flag for flag in response.red_flags.prefetch_related("rule")}
    new = findings.keys() - known.keys()
    rows = {row.code: row for row in RedFlagRule.objects.filter(code__in=new)} if new else {}
    raised = []
    for code, finding in findings.items():
        flag = known.get(code)
        if flag is None:
            raised.append(_raise(response, rows[code], finding, now))
        elif flag.taken_back_at or flag.answer != finding.answer:
            raised.extend(_raise_again(flag, finding, now))
    for code, flag in known.items():
        if code not in findings and flag.taken_back_at is None:
            flag.taken_back_at = now
            flag.save(update_fields=["taken_back_at", "updated_at"])
            audit.record(_client(response), "flag.taken-back", flag, client=response.client)
    tell_staff(response, raised)
    return raised


def _raise(response: Response, rule: RedFlagRule, finding: Finding, now: dt.datetime) -> RedFlag:
    flag = RedFlag.objects.create(
        client=response.client,
        response=response,
        rule=rule,
        answer=finding.answer,
        urgency=finding.urgency,
        raised_at=now,
    )
    audit.record(_client(response), "flag.raised", flag, client=response.client, changes={"urgency": finding.urgency})
    return flag


def _raise_again(flag: RedFlag, finding: Finding, now: dt.datetime) -> list[RedFlag]:
    """A flag whose answer changed: open again when it became graver or had been taken back."""
    ranks = list(Urgency)
    is_graver = ranks.index(finding.urgency) < ranks.index(Urgency(flag.urgency))
    was_back = flag.taken_back_at is not None
    flag.answer, flag.urgency, flag.taken_back_at = finding.answer, finding.urgency, None
    if is_graver:
        flag.raised_at, flag.acknowledged_at, flag.acknowledged_by, flag.action_taken = now, None, None, ""
        flag.seen_by_doctor_at, flag.escalation_level, flag.escalated_at = None, 0, None
    flag.save()
    audit.record(_client(flag.response), "flag.raised", flag, client=flag.client, changes={"urgency": finding.urgency})
    return [flag] if is_graver or was_back else []


def _client(response: Response) -> audit.Actor | None:
    return response.invitation.link if response.invitation else None


@transaction.atomic
def acknowledge_flag(*, flag: RedFlag, by: User, action_taken: str) -> RedFlag:
    """Say what was done about a flag. Raises Refused without words, Conflict when a colleague was first."""
    require(by, Permission.ACKNOWLEDGE_FLAG, flag)
    flag = RedFlag.objects.select_for_update(of=("self",)).select_related("client").get(pk=flag.pk)
    if not action_taken.strip():
        raise Refused(_("Say what was done."), code="action-missing")
    if flag.acknowledged_at is not None:
        raise Conflict(_("A colleague has acknowledged this already."), code="already-acknowledged")
    flag.acknowledged_at, flag.acknowledged_by, flag.action_taken = clock.now(), by, action_taken.strip()
    flag.save()
    take_back_mails(flag)
    audit.record(by, "flag.acknowledged", flag, client=flag.client)
    return flag


@transaction.atomic
def note_doctor_has_seen(*, response: Response) -> int:
    """The client says a doctor has seen this. It goes on standing for staff. Returns how many flags it is about."""
    open_flags = RedFlag.objects.select_for_update().filter(
        response=response, urgency=Urgency.EMERGENCY, seen_by_doctor_at=None, taken_back_at=None
    )
    number = open_flags.update(seen_by_doctor_at=clock.now())
    audit.record(_client(response), "flag.seen-by-doctor", response, client=response.client, changes={"flags": number})
    return number

"""A form for each first visit: answered, begun or not yet opened, with its pain drawing, consents and red flags."""

import datetime as dt
import json
import random
from typing import Any

from clinic.core import tokens
from clinic.demo import change, proposed
from clinic.demo.diary import draw_uuid
from clinic.demo.ground import Ground
from clinic.demo.marks import marks_of
from clinic.demo.paper import Paper
from clinic.demo.visits import Booked
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, Location
from intake.fhir import Answers, Form, Kind, Situation, enabled_items, write_response
from intake.fhir.answers import Signature
from intake.form_cache import form_of
from intake.knowledge.rules import red_flag_rules
from intake.models import (
    Consent,
    ConsentText,
    Invitation,
    PainDrawing,
    PainMark,
    Questionnaire,
    RedFlag,
    RedFlagRule,
    Response,
)
from intake.rules import Mark, Rule, Urgency
from intake.scores import scores_of
from intake.services.flags import findings_in

REASONS = (
    "It hurts at the outside of the hip when I lie on it.",
    "A pain that runs down my leg when I sit for long.",
    "My hip is stiff in the morning and sore after walks.",
    "Deep ache in the buttock, worse in the car.",
    "Groin pain when I put on my shoes.",
)
QUESTIONS = ("", "", "May I keep swimming?", "Will it come back?", "Should I change my chair?")
ACTIONS = (
    "Rang the client, who had seen a doctor about it. Letter asked for.",
    "Talked it through at the visit; referred to the family doctor before more treatment.",
    "Rang the client the same day; went to the emergency department.",
)
SCRAWL = json.dumps({"width": 1000, "height": 320, "strokes": [[120, 210, 180, 90, 240, 230, 330, 120, 420, 220]]})
EMERGENCY, NIGHT = "ces-saddle", "weight-loss-night-pain"


class IntakeWriter:
    """Answers the first-visit form as the plan's client might."""

    def __init__(self, *, ground: Ground, now: dt.datetime, chance: random.Random) -> None:
        self.ground, self.now, self.chance = ground, now, chance
        self.questionnaire: Questionnaire = Questionnaire.objects.get(slug="first-visit", status="published")
        self.form: Form = form_of(self.questionnaire)
        self.paper = Paper()
        self._rules = red_flag_rules()
        self._rule_rows = {row.code: row for row in RedFlagRule.objects.all()}
        self._enabled: dict[Any, set[str]] = {}
        self._consents = list(self.form.of_kind(Kind.CONSENT))
        self._wordings = {text.kind: text for text in ConsentText.objects.filter(language="en").newest_of_each()}
        self._emergency_is_due = True

    def write(self, booked: list[Booked]) -> Paper:
        """A form request for each first visit; sets `appointment.invitation`."""
        for entry in booked:
            if entry.visit.number == 0:
                self._invite(entry)
            elif entry.was_held and entry.visit.number % 2 == 0:
                self.draw(
                    entry.appointment.client,
                    marks_of(entry.plan.picture, entry.plan.side, entry.visit.pain),
                    at=entry.appointment.during.lower - dt.timedelta(hours=20),
                )
        self.paper.insert(self.questionnaire)
        return self.paper

    def _invite(self, entry: Booked) -> None:
        appointment = entry.appointment
        start = appointment.during.lower
        invitation = Invitation(
            id=draw_uuid(self.chance),
            client=appointment.client,
            location=appointment.location,
            created_by=appointment.booked_by,
            created_at=appointment.created_at,
        )
        invitation.link = self._link(appointment.client, invitation, expires_at=start + dt.timedelta(days=2))
        appointment.invitation = invitation
        self.paper.invitations.append(invitation)
        share = 0.88 if entry.was_held else 0.5 if start < self.now + dt.timedelta(days=2) else 0.25
        if self.chance.random() < share:
            answered_at = min(start, self.now) - dt.timedelta(hours=self.chance.randint(2, 60))
            self._answer(entry, invitation, answered_at)
        elif self.chance.random() < 0.4:
            self._begin(entry, invitation)

    def _link(self, client: Client, invitation: Invitation, *, expires_at: dt.datetime) -> ClientLink:
        link = ClientLink(
            id=draw_uuid(self.chance),
            client=client,
            purpose="intake",
            object_id=invitation.pk,
            expires_at=expires_at,
        )
        link.token_digest = tokens.digest(links.token_of(link))
        self.paper.links.append(link)
        return link

    def _answer(self, entry: Booked, invitation: Invitation, at: dt.datetime) -> None:
        client = entry.appointment.client
        is_ahead = entry.appointment.during.lower > self.now
        raised = self._draw_flag(is_ahead=is_ahead, location=entry.appointment.location)
        answers = self._answers(entry, raised)
        enabled = self._enabled_for(answers, client, at)
        response = self._response(client, invitation, answers, enabled, at=at, status=Response.Status.COMPLETED)
        response.completed_at = at
        response.scores = scores_of(self.form, answers)
        response.current_step = len(self.form.sections) - 1
        invitation.state, invitation.completed_at = Invitation.State.DONE, at
        self.draw(client, answers.all_marks(), at=at, response=response)
        self._consent(client, response, at)
        if is_ahead and len(self.paper.proposals) < proposed.MOST:
            self.paper.proposals += proposed.proposed(invitation, at=at)
        for finding in findings_in(self.form, answers, enabled, with_marks=True).values():
            self._raise(response, finding.rule, finding.answer, finding.urgency, at=at, is_open=is_ahead)

    def _begin(self, entry: Booked, invitation: Invitation) -> None:
        """The first screens are answered, the rest is not."""
        answers = self._answers(entry, None)
        for item in [item for section in self.form.sections[2:] for item in section.walk()]:
            answers.put(item.link_id, ())
        answers.marks.clear()
        answers.rows.clear()
        enabled = self._enabled_for(answers, entry.appointment.client, self.now)
        response = self._response(
            entry.appointment.client, invitation, answers, enabled, at=self.now, status=Response.Status.DRAFT
        )
        response.current_step = 2
        invitation.state = Invitation.State.STARTED

    def _response(
        self,
        client: Client,
        invitation: Invitation,
        answers: Answers,
        enabled: set[str],
        *,
        at: dt.datetime,
        status: str,
    ) -> Response:
        canonical = f"{self.questionnaire.definition['url']}|{self.questionnaire.version}"
        kept = write_response(
            self.form,
            answers,
            questionnaire=canonical,
            status="completed" if status == Response.Status.COMPLETED else "in-progress",
            authored=at,
            enabled=enabled,
        )
        response = Response(
            id=draw_uuid(self.chance),
            questionnaire=self.questionnaire,
            client=client,
            invitation=invitation,
            status=status,
            answers=kept,
        )
        self.paper.responses.append(response)
        return response

    def _enabled_for(self, answers: Answers, client: Client, at: dt.datetime) -> set[str]:
        """What is asked depends on the marks, the limits and the rows alone, so equal ones are reckoned once."""
        key = (
            frozenset((mark.key, mark.spreads_to) for mark in answers.all_marks()),
            tuple(answers.all("contraindications")),
            answers.rows.get("psfs", 0),
        )
        if key not in self._enabled:
            self._enabled[key] = enabled_items(self.form, answers, Situation(age=40))
        return self._enabled[key]

    def _answers(self, entry: Booked, raised: str | None) -> Answers:
        plan, pain, pick = entry.plan, entry.visit.pain, self.chance.choice
        answers = Answers()
        said: dict[str, Any] = {
            "reason.main": pick(REASONS),
            "question": pick(QUESTIONS),
            "nprs.now": max(0, pain - self.chance.randint(0, 2)),
            "nprs.worst": min(10, pain + self.chance.randint(1, 3)),
            "nprs.average": pain,
            "sitting-total": self.chance.randint(3, 10),
            "car-sitting": self.chance.choice((0, 20, 45, 90)),
            "sleep-quality": self.chance.randint(2, 9),
            "activity-minutes": self.chance.choice((0, 30, 90, 150, 240)),
            "contraindications": "ci-anticoagulant" if self.chance.random() < 0.06 else "none",
            "medication": pick(("", "", "Ibuprofen now and then", "Blood pressure tablets")),
            "signature": Signature(entry.appointment.client.full_name, SCRAWL),
        } | {item.link_id: True for item in self._consents}
        for item in self.form.by_link_id.values():
            if item.kind is Kind.RED_FLAG:
                rule = self._rules[item.code]
                said[item.link_id] = _gravest(rule) if item.code == raised else _harmless(rule)
            elif item.type == "choice" and item.link_id not in said and item.options:
                options = [option.code for option in item.options if not option.is_exclusive]
                said[item.link_id] = (
                    self.chance.sample(options, min(2, len(options))) if item.repeats else pick(options)
                )
        for link_id, value in said.items():
            answers.put(link_id, value if isinstance(value, list) else [] if value == "" else [value])
        answers.put_marks("pain-map", marks_of(plan.picture, plan.side, pain))
        change.put(answers, change.named(pain, self.chance))
        return answers

    def _draw_flag(self, *, is_ahead: bool, location: Location) -> str | None:
        """One emergency waits at the first place; elsewhere a night pain now and then."""
        if is_ahead and self._emergency_is_due and location == self.ground.places[0]:
            self._emergency_is_due = False
            return EMERGENCY
        return NIGHT if self.chance.random() < 0.06 else None

    def _raise(
        self, response: Response, rule: Rule, answer: str, urgency: Urgency, *, at: dt.datetime, is_open: bool
    ) -> None:
        flag = RedFlag(
            id=draw_uuid(self.chance),
            client=response.client,
            response=response,
            rule=self._rule_rows[rule.code],
            answer=answer,
            urgency=urgency,
            raised_at=at,
        )
        if not is_open:
            flag.acknowledged_at = at + dt.timedelta(hours=2)
            flag.acknowledged_by = self.chance.choice(self.ground.therapists)
            flag.action_taken = self.chance.choice(ACTIONS)
        self.paper.flags.append(flag)

    def draw(
        self, client: Client, marks: list[Mark], *, at: dt.datetime, response: Response | None = None
    ) -> PainDrawing:
        drawing = PainDrawing(id=draw_uuid(self.chance), client=client, response=response, drawn_at=at)
        self.paper.drawings.append(drawing)
        self.paper.marks.extend(
            PainMark(
                id=draw_uuid(self.chance),
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

    def _consent(self, client: Client, response: Response, at: dt.datetime) -> None:
        for item in self._consents:
            self.paper.consents.append(
                Consent(
                    id=draw_uuid(self.chance),
                    client=client,
                    response=response,
                    kind=str(item.extensions["consent"]),
                    consent_text=(words := self._wordings[str(item.extensions["consent"])]),
                    text_version=str(words.version),
                    title=words.title,
                    text=words.text,
                    signed_name=client.full_name,
                    signature=json.loads(SCRAWL),
                    given_at=at,
                )
            )


def _harmless(rule: Rule) -> str:
    """The answer that raises nothing."""
    return next(
        answer
        for answer in reversed(rule.answers)
        if rule.urgencies.get(answer, Urgency.NONE) is Urgency.NONE and answer != "skip"
    )


def _gravest(rule: Rule) -> str:
    return min(rule.urgencies, key=lambda answer: list(Urgency).index(rule.urgencies[answer]))

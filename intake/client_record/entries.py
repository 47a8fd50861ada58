"""Forms asked for and answered, and red flags, as entries of the record's timeline."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.people.permissions import Permission
from clinic.people.record import timeline
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import joined, time_or_day
from intake.models import Invitation, Questionnaire, RedFlag, Response
from intake.rules import Urgency

State = Invitation.State


class FormRequests(timeline.Source):
    """Forms a client was asked for. Each stands where it was answered, else where it was asked."""

    name = "form-requests"
    kind = Kind.FORMS
    permission = Permission.VIEW_INTAKE_STATE

    def rows(self, reading: Reading) -> QuerySet[Invitation]:
        rows: QuerySet[Invitation] = Invitation.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.annotate(at=Coalesce("completed_at", "created_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """Three queries: requests, their forms, which of them were answered. Neither questions nor answers are read."""
        forms = Prefetch("questionnaires", Questionnaire.objects.only("title"))
        answers = Prefetch("responses", Response.objects.only("invitation_id", "source", "completed_at"))
        rows = Invitation.objects.filter(pk__in=keys).select_related("created_by", "link")
        return {row.pk: _request(row, reading) for row in rows.prefetch_related(forms, answers)}


def _request(row: Invitation, reading: Reading) -> Entry:
    answered = [response for response in row.responses.all() if response.completed_at]
    forms = [form.title for form in row.questionnaires.all()]
    asked = _("asked by %(name)s") % {"name": row.created_by.name} if row.created_by else _("asked automatically")
    url = _answers_url(answered[0]) if answered and reading.may(Permission.VIEW_INTAKE) else ""
    state, icon, tone = _state(row, reading)
    return Entry(
        icon={State.DONE: "form-done", State.STARTED: "form-started"}.get(State(row.state), "form-missing"),
        title=", ".join(forms),
        detail=joined(str(answered[0].get_source_display()) if answered else "", asked),
        url=url,
        state=state,
        state_icon=icon,
        tone=tone,
    )


def _state(row: Invitation, reading: Reading) -> tuple[str, str, str]:
    """What became of it: words, icon, tone."""
    if row.completed_at:
        return _("Done %(when)s") % {"when": time_or_day(row.completed_at, row.completed_at, reading.zone)}, "check", ""
    if has_ended(row, reading.now):
        return _("Not answered in time"), "cancelled", ""
    if row.state == State.STARTED:
        return _("In progress"), "clock", ""
    return _("Not answered yet"), "clock", "warn"


def has_ended(row: Invitation, now: dt.datetime) -> bool:
    """Whether the link no longer leads to the form."""
    return row.link is not None and (row.link.revoked_at is not None or row.link.expires_at <= now)


def _answers_url(response: Response) -> str:
    return reverse("intake:response-detail", args=[response.pk])


class Answers(timeline.Source):
    """Forms answered without having been asked for, at the desk for one."""

    name = "answers"
    kind = Kind.FORMS
    permission = Permission.VIEW_INTAKE_STATE

    def rows(self, reading: Reading) -> QuerySet[Response]:
        rows: QuerySet[Response] = (
            Response.objects.visible_to(reading.user).completed().filter(client__in=reading.ids, invitation=None)
        )
        return rows.annotate(at=F("completed_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = Response.objects.filter(pk__in=keys).select_related("questionnaire")
        rows = rows.only("source", "questionnaire__title")
        return {row.pk: self._entry(row, reading) for row in rows}

    def _entry(self, row: Response, reading: Reading) -> Entry:
        return Entry(
            icon="form-done",
            title=row.questionnaire.title,
            detail=row.get_source_display(),
            url=_answers_url(row) if reading.may(Permission.VIEW_INTAKE) else "",
            state=_("Done"),
            state_icon="check",
        )


class RedFlags(timeline.Source):
    """Who may not read answers sees that there is one and how urgent, not what it is about."""

    name = "red-flags"
    kind = Kind.ALERTS
    permission = Permission.VIEW_INTAKE_STATE

    def rows(self, reading: Reading) -> QuerySet[RedFlag]:
        rows: QuerySet[RedFlag] = RedFlag.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.annotate(at=F("raised_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = RedFlag.objects.filter(pk__in=keys).select_related("rule", "acknowledged_by")
        return {row.pk: _flag(row, reading) for row in rows.defer("rule__data", "rule__sources")}


def _flag(row: RedFlag, reading: Reading) -> Entry:
    sees_answers = reading.may(Permission.VIEW_INTAKE)
    urgency = _("Red flag, %(urgency)s") % {"urgency": str(row.get_urgency_display()).lower()}
    taken_back = _("the client changed the answer afterwards") if row.taken_back_at else ""
    waits = row.acknowledged_at is None
    grave = row.urgency in (Urgency.EMERGENCY, Urgency.URGENT)
    name = row.acknowledged_by.name if row.acknowledged_by else ""
    return Entry(
        icon="flag",
        title=row.rule.label if sees_answers else urgency,
        detail=joined(urgency, taken_back, row.action_taken) if sees_answers else taken_back,
        url=reverse("intake:flag-acknowledge", args=[row.pk]),
        state=_("Not acknowledged") if waits else _("Acknowledged by %(name)s") % {"name": name},
        state_icon="flag" if waits else "check",
        tone=("danger" if grave else "warn") if waits else "",
    )


for source in (FormRequests(), Answers(), RedFlags()):
    timeline.register(source)

"""The forms a visit asks for reach the client by themselves, and a reminder follows until they are done."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Refused
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.messaging.services import enqueue, wants
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission, require
from intake.consent_texts import RENEWAL_FORM, Renewal, renewals
from intake.models import Invitation, Questionnaire, Response
from intake.services import invite, send_invitation
from intake.services.invitations import LINK_LIVES, MAIL_PURPOSES, take_back_mails
from scheduling.models import Appointment, Service
from scheduling.rules.asking import ASKED_BEFORE, EACH_VISIT, reminder_is_due
from scheduling.services.locks import lock_appointment
from scheduling.services.mails import UNDO_TIME

REMINDED_OF = {Purpose.INTAKE, Purpose.BEFORE_VISIT}


def ask_for_visit(
    *,
    client: Client,
    service: Service,
    therapist: User,
    location: Location,
    during: tuple[dt.datetime, dt.datetime],
    by: User | None,
) -> Invitation | None:
    """The request that goes with a new booking: what its service asks for once and the client never answered, and
    consents that are to be given again by then, unless the short questions before the visit will bring them along.

    One that is open already serves this visit too. None when nothing is due.
    """
    starts_at, ends_at = during
    due = _unanswered(client, [slug for slug in service.forms if slug not in EACH_VISIT])
    if not due and not _is_asked_before(client, service):
        due = _renewal(client, until=ends_at)
    if not due:
        return None
    waiting = Invitation.objects.waiting_at(starts_at)
    asked: Invitation | None = waiting.filter(client=client, purpose=Purpose.INTAKE).first()
    if asked is None:
        expires_at = max(clock.now() + LINK_LIVES, ends_at)
        asked, _secret = invite(
            client=client, forms=due, by=by, location=location, responsible=therapist, expires_at=expires_at
        )
    return asked


@transaction.atomic
def ask_for_consents(*, appointment: Appointment, by: User) -> bool:
    """Send what the client has to agree to again before a visit. Returns whether a mail was written.

    Raises Refused when nothing is to be renewed, or a form that waits for the client asks for it already.
    """
    require(by, Permission.SEND_INTAKE, appointment)
    appointment = lock_appointment(appointment)
    if open_request(appointment.client):
        raise Refused(_("The form that is on its way asks for it."), code="asked-already")
    forms = _renewal(appointment.client, until=appointment.ends_at)
    if not forms or not appointment.is_active or appointment.ends_at <= clock.now():
        raise Refused(_("There is nothing to agree to again."), code="nothing-due")
    invitation, _secret = invite(
        client=appointment.client,
        forms=forms,
        by=by,
        location=appointment.location,
        responsible=appointment.therapist,
        expires_at=appointment.ends_at,
    )
    if appointment.invitation is None:
        appointment.invitation = invitation
        appointment.save(update_fields=["invitation", "updated_at"])
    return send_invitation(invitation=invitation, by=by, visit_at=appointment.starts_at) is not None


def open_request(client: Client) -> Invitation | None:
    """The newest form that waits for the client: whatever is to be agreed to again is asked for along with it."""
    waiting = Invitation.objects.waiting_at(clock.now()).filter(client=client).exclude(purpose=Purpose.FOLLOW_UP)
    found: Invitation | None = waiting.order_by("-created_at").first()
    return found


def renewals_for(appointment: Appointment) -> list[Renewal]:
    """Consents to be given again by the end of a visit that is still to come: three queries at most."""
    if not appointment.is_active or appointment.ends_at <= clock.now():
        return []
    return renewals(appointment.client, until=appointment.ends_at)


def tell(appointment: Appointment) -> None:
    """Write the mail with the form's link, once; for a visit that moved, with its new time when none has gone yet."""
    invitation = appointment.invitation
    if invitation is None or not _is_open(invitation) or appointment.starts_at <= clock.now():
        return
    _keep_open(invitation, appointment.ends_at)
    take_back_mails(invitation=invitation, reason=_("moved"))
    if not _mails([invitation.pk])[invitation.pk]:
        send_invitation(invitation=invitation, by=None, visit_at=appointment.starts_at, due_at=clock.now() + UNDO_TIME)


def hush(appointment: Appointment) -> None:
    """Take back what waits about the form of a visit that will not be, unless another visit asks for it."""
    invitation = appointment.invitation
    if invitation is None:
        return
    others = invitation.appointments.active().exclude(pk=appointment.pk)
    if not others.filter(during__startswith__gt=clock.now()).exists():
        take_back_mails(invitation=invitation, reason=_("cancelled"))


def ask_before_visits(*, now: dt.datetime) -> int:
    """Ask returning clients the short questions two days before they come. Returns how many were asked now.

    Idempotent: a visit that another worker holds is left to it, one that was asked about is not found again.
    """
    due = Appointment.objects.awaiting_questions(now, now + ASKED_BEFORE)
    return sum(_ask_before(pk, now) for pk in due.values_list("pk", flat=True))


def remind_of_forms(*, now: dt.datetime) -> int:
    """Remind of every form that is asked for and not done. Returns how many mails were written.

    What stops it is read anew each time: done, cancelled, moved, ended, or no mail wished. Four queries, and four for
    each mail.
    """
    visits = _next_visits(now)
    waiting = _waiting(visits, now)
    mails = _mails([invitation.pk for invitation in waiting])
    return sum(_remind(each, mails[each.pk], visits.get(each.pk), now) for each in waiting)


@transaction.atomic
def _ask_before(pk: UUID, now: dt.datetime) -> bool:
    visit: Appointment | None = (
        Appointment.objects.awaiting_questions(now, now + ASKED_BEFORE)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("client", "location", "therapist", "service")
        .filter(pk=pk)
        .first()
    )
    forms = _published(EACH_VISIT.intersection(visit.service.forms)) if visit else []
    if visit is None or not forms:
        return False
    visit.invitation, _secret = invite(
        client=visit.client,
        forms=forms,
        by=None,
        purpose=Purpose.BEFORE_VISIT,
        location=visit.location,
        responsible=visit.therapist,
        expires_at=visit.ends_at,
    )
    visit.save(update_fields=["invitation", "updated_at"])
    send_invitation(invitation=visit.invitation, by=None, visit_at=visit.starts_at)
    return True


def _next_visits(now: dt.datetime) -> dict[UUID, Appointment]:
    """The next visit of each open request, by the request."""
    rows = (
        Appointment.objects.to_come(now)
        .filter(invitation__isnull=False)
        .exclude(invitation__state=Invitation.State.DONE)
        .select_related("location")
        .order_by("-during")
    )
    return {row.invitation_id: row for row in rows}


def _waiting(visits: Mapping[UUID, Appointment], now: dt.datetime) -> list[Invitation]:
    """Requests whose link still leads to the form: those of a visit to come, and those sent without one."""
    sent_alone = Q(appointments=None, created_at__gt=now - LINK_LIVES)
    open_ones = Invitation.objects.waiting_at(now).filter(purpose__in=REMINDED_OF)
    wanted = open_ones.filter(Q(pk__in=visits.keys()) | sent_alone, client__archived_at=None, client__merged_into=None)
    return list(wanted.select_related("client", "location", "link").order_by("created_at"))


def _remind(
    invitation: Invitation, mails: list[tuple[str, dt.datetime]], visit: Appointment | None, now: dt.datetime
) -> bool:
    asked = [at for purpose, at in mails if purpose != Purpose.FORM_REMINDER]
    reminded = [at for purpose, at in mails if purpose == Purpose.FORM_REMINDER]
    visit_at = visit.starts_at if visit else None
    zone = invitation.location.zone
    if not asked or not reminder_is_due(
        asked_at=max(asked), reminded_at=reminded, visit_at=visit_at, now=now, zone=zone
    ):
        return False
    if not all(wants(invitation.client, purpose=purpose) for purpose in (invitation.purpose, Purpose.REMINDER)):
        return False
    written = enqueue(
        purpose=Purpose.FORM_REMINDER,
        dedupe_key=f"{Purpose.FORM_REMINDER}:{invitation.pk}:{len(reminded) + 1}",
        location=visit.location if visit else invitation.location,
        client=invitation.client,
        link=invitation.link,
        about_id=invitation.pk,
        about_at=visit_at,
    )
    return written is not None


def _mails(pks: list[UUID]) -> defaultdict[UUID, list[tuple[str, dt.datetime]]]:
    """What was written about each request and not taken back: purpose and when it was due."""
    found: defaultdict[UUID, list[tuple[str, dt.datetime]]] = defaultdict(list)
    rows = OutboundMessage.objects.filter(about_id__in=pks, purpose__in=MAIL_PURPOSES)
    for about, purpose, due_at in rows.exclude(state="void").values_list("about_id", "purpose", "due_at"):
        found[about].append((purpose, due_at))
    return found


def _is_open(invitation: Invitation) -> bool:
    link = invitation.link
    return invitation.state != Invitation.State.DONE and link is not None and link.revoked_at is None


def _keep_open(invitation: Invitation, until: dt.datetime) -> None:
    """A link lives as long as the visit it is for."""
    link = invitation.link
    if link and link.expires_at < until:
        link.expires_at = until
        link.save(update_fields=["expires_at", "updated_at"])


def _renewal(client: Client, *, until: dt.datetime) -> list[str]:
    """The form that asks for consents alone, when one is to be given again."""
    return _published([RENEWAL_FORM]) if renewals(client, until=until) else []


def _is_asked_before(client: Client, service: Service) -> bool:
    """Whether a returning client gets the short questions of this service, with whatever is to be agreed to again."""
    if not _published(EACH_VISIT.intersection(service.forms)):
        return False
    return bool(Appointment.objects.active().filter(client=client, during__endswith__lte=clock.now()).exists())


def _unanswered(client: Client, slugs: list[str]) -> list[str]:
    answered = Response.objects.completed().filter(client=client, questionnaire__slug__in=slugs)
    done = set(answered.values_list("questionnaire__slug", flat=True)) if slugs else set()
    return _published(slug for slug in slugs if slug not in done)


def _published(slugs: Iterable[str]) -> list[str]:
    """Those of the forms a practice has published: a form still in draft holds up no booking."""
    wished = list(slugs)
    published = Questionnaire.objects.filter(slug__in=wished, status=Questionnaire.Status.PUBLISHED)
    known = set(published.values_list("slug", flat=True)) if wished else set()
    return [slug for slug in wished if slug in known]

"""Messages about visits of the last weeks and the next, in every state that a message can be in."""

import datetime as dt
import random

from clinic.core import tokens
from clinic.demo.bulk import copy_in
from clinic.demo.diary import draw_uuid
from clinic.demo.ground import Ground
from clinic.demo.visits import Booked
from clinic.messaging import links, wordings
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from intake.models import Invitation
from scheduling.models import Appointment

State = OutboundMessage.State
BEHIND, AHEAD = dt.timedelta(days=14), dt.timedelta(days=10)
OPENED = 0.55
LETTERS = 8
TROUBLE = (
    (State.BOUNCED, "550 no such mailbox"),
    (State.FAILED, "421 try again later, 8 times"),
)


class MailWriter:
    """One booking mail and the practice's reminders for each visit near today."""

    def __init__(self, *, ground: Ground, now: dt.datetime, chance: random.Random) -> None:
        self.ground, self.now, self.chance = ground, now, chance
        self.links: list[ClientLink] = []
        self.messages: list[OutboundMessage] = []

    def write(self, booked: list[Booked]) -> int:
        """Insert links and messages. Returns how many messages."""
        for entry in booked:
            appointment = entry.appointment
            if -BEHIND < appointment.during.lower - self.now < AHEAD and appointment.client.email:
                self._about(appointment)
        self._ask_for_forms(booked)
        copy_in(self.links)
        copy_in(self.messages)
        return len(self.messages)

    def _about(self, appointment: Appointment) -> None:
        start = appointment.during.lower
        link = ClientLink(
            id=draw_uuid(self.chance),
            client=appointment.client,
            purpose="appointment",
            object_id=appointment.pk,
            expires_at=start + dt.timedelta(days=7),
        )
        link.token_digest = tokens.digest(links.token_of(link))
        self.links.append(link)
        self._message(appointment, link, Purpose.BOOKING, due_at=appointment.created_at)
        for hours in self.ground.practice.reminder_hours:
            self._message(appointment, link, Purpose.REMINDER, due_at=start - dt.timedelta(hours=hours), key=str(hours))
        if not appointment.is_active and appointment.cancelled_at:
            self._message(appointment, link, Purpose.CANCELLED, due_at=appointment.cancelled_at)

    def _ask_for_forms(self, booked: list[Booked]) -> None:
        """Letters that the worker sends as soon as it starts, so that the mailbox has links to follow."""
        open_forms = [
            entry.appointment
            for entry in booked
            if self.now < entry.appointment.during.lower < self.now + AHEAD
            and entry.appointment.is_active
            and entry.appointment.client.email
            and entry.appointment.invitation
            and entry.appointment.invitation.state != Invitation.State.DONE
        ]
        for appointment in sorted(open_forms, key=lambda each: each.during.lower)[:LETTERS]:
            invitation = appointment.invitation
            if invitation and invitation.link:
                self._message(appointment, invitation.link, Purpose.INTAKE, due_at=self.now, is_due=True)

    def _message(
        self,
        appointment: Appointment,
        link: ClientLink,
        purpose: str,
        *,
        due_at: dt.datetime,
        key: str = "",
        is_due: bool = False,
    ) -> None:
        subject, body = wordings.render(
            wording=self._wording(purpose),
            location=appointment.location,
            person=appointment.client,
            about_at=appointment.during.lower,
        )
        message = OutboundMessage(
            id=draw_uuid(self.chance),
            client=appointment.client,
            location=appointment.location,
            purpose=purpose,
            address=appointment.client.email,
            subject=subject,
            body=body,
            link=link,
            about_id=appointment.pk,
            about_at=appointment.during.lower,
            due_at=due_at,
            created_at=min(due_at, appointment.created_at) if purpose == Purpose.REMINDER else due_at,
            expires_at=appointment.during.lower,
            dedupe_key=":".join(filter(None, [str(appointment.pk), purpose, key, str(appointment.version)])),
        )
        if not is_due:
            self._settle(message, appointment)
        if message.sent_at and link.opened_at is None and self.chance.random() < OPENED:
            link.opened_at = min(self.now, message.sent_at + dt.timedelta(minutes=self.chance.randint(1, 600)))
        self.messages.append(message)

    def _settle(self, message: OutboundMessage, appointment: Appointment) -> None:
        """What became of it: void with its visit, waiting, or gone out and, seldom, in trouble."""
        ended = appointment.cancelled_at
        if ended and message.due_at > ended and message.purpose == Purpose.REMINDER:
            message.state = State.VOID
        elif message.due_at <= self.now:
            message.state, message.attempts = State.SENT, 1
            message.sent_at = message.due_at + dt.timedelta(seconds=self.chance.randint(2, 50))
            message.message_id = f"<{message.pk}@example.org>"
            if self.chance.random() < 0.025:
                message.state, message.last_error = self.chance.choice(TROUBLE)
                message.sent_at = None

    def _wording(self, purpose: str) -> wordings.Wording:
        return wordings.default_of(purpose, "en")

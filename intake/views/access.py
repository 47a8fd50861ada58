"""Who holds a client link, and whether they have passed the birth-date check."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Missing
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from intake.kiosk_door import turn_of
from intake.models import Invitation, KioskTurn, Response
from intake.services import drafts_of, kiosk, open_drafts
from intake.steps import Step, steps_of

COOKIE = "palpate_form"
SALT = "intake.checked"
LIVES_SECONDS = 4 * 60 * 60
PURPOSE = "intake"


@dataclass
class Visit:
    """One request by a client link, or at a tablet that staff lent for a turn."""

    link: ClientLink
    invitation: Invitation
    path: str
    turn: KioskTurn | None = None

    @cached_property
    def responses(self) -> list[Response]:
        return drafts_of(self.invitation)

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(self.responses)

    @property
    def is_done(self) -> bool:
        return self.invitation.state == Invitation.State.DONE

    def step(self, number: int) -> Step:
        """Raises Missing for a screen that is not there."""
        if not 1 <= number <= len(self.steps):
            raise Missing(_("There is no such page in this form."))
        return self.steps[number - 1]

    def step_path(self, number: int) -> str:
        return f"{self.path}step/{number}/"

    @property
    def is_over(self) -> bool:
        """Whether a turn at a tablet has ended, by hand or by itself: the page then holds nobody's data."""
        return self.turn is not None and self.turn.is_over(clock.now())

    def begin(self) -> None:
        """The date of birth was right: the forms are opened."""
        open_drafts(invitation=self.invitation)
        if self.turn:
            kiosk.begin_turn(turn=self.turn)

    def has_passed(self, request: HttpRequest) -> bool:
        """Whether this browser has given the right date of birth for this very link, or turn."""
        checked = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIVES_SECONDS)
        return checked == self._key

    @property
    def _key(self) -> str:
        return str(self.turn.pk if self.turn else self.link.pk)

    def remember(self, response: HttpResponse) -> None:
        """Let this browser go on without asking again for a while; the cookie goes to this link's pages alone."""
        response.set_signed_cookie(
            COOKIE,
            self._key,
            salt=SALT,
            max_age=LIVES_SECONDS,
            path=self.path,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def visit_of(token: str) -> Visit:
    """The request a token opens. Raises Missing, always alike, for whatever is wrong with it."""
    link = links.resolve(token, purpose=PURPOSE)
    invitation = Invitation.objects.select_related("location").get(pk=link.object_id)
    invitation.link = link
    if invitation.client_id == link.client_id:
        invitation.client = link.client
    return Visit(link, invitation, links.PATHS[PURPOSE].format(token=token))


def visit_at_desk(request: HttpRequest, pk: UUID) -> Visit:
    """The turn of the tablet that asks. Raises Missing for any other browser's."""
    turn = turn_of(request, pk)
    if request.method == "POST" and turn.opened_at:
        kiosk.note_activity(turn=turn)
    link = turn.invitation.link
    if link is None:
        raise Missing(_("This device is not set up for clients’ forms."))
    return Visit(link, turn.invitation, kiosk_path(turn), turn)


def kiosk_path(turn: KioskTurn) -> str:
    return reverse("intake:turn-gate", args=[turn.pk])


def today_of(visit: Visit) -> dt.date:
    return clock.today(visit.invitation.location.zone)

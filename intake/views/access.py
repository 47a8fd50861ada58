"""Who holds a client link, and whether they have passed the birth-date check."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Missing
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from intake.models import Invitation, Response
from intake.services import drafts_of
from intake.steps import Step, steps_of

COOKIE = "palpate_form"
SALT = "intake.checked"
LIVES_SECONDS = 4 * 60 * 60
PURPOSE = "intake"


@dataclass
class Visit:
    """One request by a client link."""

    link: ClientLink
    invitation: Invitation
    path: str

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

    def has_passed(self, request: HttpRequest) -> bool:
        """Whether this browser has given the right date of birth for this very link."""
        checked = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIVES_SECONDS)
        return checked == str(self.link.pk)

    def remember(self, response: HttpResponse) -> None:
        """Let this browser go on without asking again for a while; the cookie goes to this link's pages alone."""
        response.set_signed_cookie(
            COOKIE,
            str(self.link.pk),
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
    invitation = Invitation.objects.select_related("location", "client").get(pk=link.object_id)
    invitation.link = link
    return Visit(link, invitation, links.PATHS[PURPOSE].format(token=token))


def today_of(visit: Visit) -> dt.date:
    return clock.today(visit.invitation.location.zone)

"""The client's own page of exercises: by link, no account."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.core.errors import Conflict, DomainError, Refused, TooMany
from clinic.core.throttles import PublicThrottle
from clinic.messaging import links
from clinic.messaging.models import ClientLink
from clinic.people.access import comes_from_script, public
from scheduling.services.online_limits import address_digest
from treatments.models import ExercisePicture
from treatments.reads.programme import DayPage, current_of
from treatments.services import tick, untick
from treatments.services.programme import LINK_PURPOSE
from treatments.views.exercise_files import handed_out, shown

REASON = "Opened by a secret link that shows one client's own exercises."


class _Throttle(PublicThrottle):
    """By network, as for online booking: more than a household opens, less than a robot that guesses links."""

    rate = "120/min"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"exercises-throttle-{address_digest()}"


def by_link(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Passes the live link on; a wrong, expired or foreign one is the same 404. Raises TooMany for a flood."""

    @wraps(view)
    def page(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        throttle = _Throttle()
        if not throttle.allow_request(request, None):  # type: ignore[arg-type]
            raise TooMany(_("Too many pages were opened at once. Try again in a minute."), code="too-fast")
        response = view(request, links.resolve(token, purpose=LINK_PURPOSE), token, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return page


@public(REASON)
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def today(request: HttpRequest, link: ClientLink, token: str) -> HttpResponse:
    """What is to be done today, or was yesterday; a POST ticks, takes a tick back, or says how it felt."""
    is_yesterday = request.GET.get("day") == "yesterday"
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            _take(request, link)
        except (Refused, Conflict) as error:
            refusal = error
        if refusal is None and not comes_from_script(request):
            return redirect(f"{reverse('treatments:exercises-today', args=[token])}{'?day=yesterday' * is_yesterday}")
    context = DayPage(link.client, is_yesterday=is_yesterday).context()
    context |= {"link": link, "token": token, "refusal": refusal}
    template = "treatments/_today.html" if comes_from_script(request) else "treatments/today.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _take(request: HttpRequest, link: ClientLink) -> None:
    """One tick as the page, or what a telephone kept while it had no connection, sends it."""
    given = request.POST
    try:
        about: Any = {
            "prescription_id": uuid.UUID(given.get("exercise", "")),
            "done_on": dt.date.fromisoformat(given.get("on", "")),
        }
        pain_after = int(given["pain"]) if given.get("pain") else None
    except ValueError as error:
        raise Refused(_("That could not be read. Load the page again."), code="unreadable") from error
    if given.get("done") == "0":
        untick(link=link, **about)
    else:
        tick(link=link, pain_after=pain_after, **about)


@public(REASON)
@require_safe
@by_link
def picture(request: HttpRequest, link: ClientLink, token: str, pk: uuid.UUID) -> HttpResponseBase:
    """The practice's own picture of an exercise that is on the client's list."""
    on_list = [row.exercise_id for row in current_of(link.client)]
    found: ExercisePicture = get_object_or_404(ExercisePicture.objects.filter(exercise__in=on_list), exercise=pk)
    return shown(found)


@public(REASON)
@require_safe
@by_link
def paper(request: HttpRequest, link: ClientLink, token: str) -> HttpResponse:
    """All of it with its pictures, as a PDF to keep on the fridge."""
    return handed_out(link.client)

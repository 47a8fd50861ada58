"""The client moves a visit by their own link: to a free time with the same therapist, while the notice lasts."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clinic.core.errors import DomainError
from clinic.core.numbers import whole
from clinic.people.access import public
from scheduling.models import Appointment, BookingRules
from scheduling.services.moving_by_link import check_movable, move_by_link, wanted_for
from scheduling.views import online_times as times_of
from scheduling.views.by_link import REASON, private
from scheduling.views.client_pages import resolve
from scheduling.views.online_steps import date_in_address, month_in, url
from scheduling.views.parsing import instant_in


@public(REASON)
@private
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows free times and changes nothing; a time that is pressed is where the visit goes."""
    link, appointment = resolve(token)
    rules = BookingRules.current()
    if request.method != "POST":
        return _page(request, token, appointment, rules, refusal=check_movable(appointment, rules))
    try:
        move_by_link(
            link=link,
            appointment=appointment,
            starts_at=instant_in(request.POST.get("at", "")),
            version=whole(request.POST.get("version", "")),
            rules=rules,
        )
    except DomainError as refusal:
        _link, appointment = resolve(token)
        return _page(request, token, appointment, rules, refusal=refusal, status=refusal.status)
    return redirect("scheduling:client-page", token=token)


def _page(
    request: HttpRequest,
    token: str,
    appointment: Appointment,
    rules: BookingRules,
    *,
    refusal: DomainError | None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"appointment": appointment, "token": token, "refusal": refusal}
    if check_movable(appointment, rules) is None:
        wanted = wanted_for(appointment, rules)
        address = partial(url, "client-page-move", token)
        context |= {"wanted": wanted, "address": address()}
        month = None if refusal else month_in(request)
        since, day = date_in_address(request, "from"), date_in_address(request, "day")
        if month:
            context |= times_of.month_shown(wanted, address, month)
        else:
            context |= times_of.days_shown(wanted, address, since=since, day=day)
    return render(request, "scheduling/client_move.html", context, status=status)

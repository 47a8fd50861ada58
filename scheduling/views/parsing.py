"""What stands in an address, read strictly: nonsense is refused, not guessed."""

import datetime as dt
import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from clinic.core.errors import Refused, StaleVersion
from clinic.core.numbers import whole
from clinic.people.models import Location, User
from scheduling.rules.walltime import instant_of


class StaffRequest(HttpRequest):
    """A request that `@access` has let through: somebody who works here."""

    user: User


def asked(request: HttpRequest, name: str) -> str:
    """A parameter, sent with a form or standing in the address."""
    return request.POST.get(name) or request.GET.get(name) or ""


def date_in(request: HttpRequest, name: str, default: dt.date) -> dt.date:
    """A date parameter; `default` when it is absent. Raises Refused when it is none."""
    text = asked(request, name)
    if not text:
        return default
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        raise Refused(_("“%(text)s” is not a date.") % {"text": text[:20]}, code="bad-date")
    return day


def instant_in(text: str) -> dt.datetime:
    """An instant with its offset. Raises Refused otherwise."""
    instant = _moment_in(text)
    if instant.tzinfo is None:
        raise _no_time()
    return instant.astimezone(dt.UTC)


def time_in(text: str, location: Location, *, fold: int | None = None) -> dt.datetime:
    """Wall time at the location, or an instant with its offset. Raises Refused for a time that cannot be.

    `fold` says which one is meant of a time that comes twice; without it, that is asked.
    """
    moment = _moment_in(text)
    return moment.astimezone(dt.UTC) if moment.tzinfo else instant_of(moment, location.zone, fold=fold)


def _moment_in(text: str) -> dt.datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or not 2000 <= moment.year <= 2100:
        raise _no_time()
    return moment


def _no_time() -> Refused:
    return Refused(_("That is not a time. Choose one from the list."), code="bad-time")


def version_in(request: HttpRequest) -> int | None:
    """The version that a form was filled in over; None from a form that does not say. Raises StaleVersion."""
    text = asked(request, "version")
    version = whole(text)
    if text and version is None:
        raise StaleVersion(_("Somebody changed this in the meantime. Look again before you go on."))
    return version


def overlap_reason_in(request: HttpRequest) -> str:
    """Whoever pressed the button of an overlap has to say why. Raises Refused otherwise."""
    reason = request.POST.get("overlap_reason", "").strip()[:200]
    if request.POST.get("overlap") and not reason:
        raise Refused(_("Say why the two visits may overlap."), code="no-reason")
    return reason


def uuid_in(text: str) -> uuid.UUID:
    """Raises Http404 for what cannot be the id of anything."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError) as error:
        raise Http404 from error


def chosen(queryset: Any, text: str) -> Any:
    """The row an id names, within what may be seen; None without an id. Raises Http404."""
    return get_object_or_404(queryset, pk=uuid_in(text)) if text else None


def place_in(request: HttpRequest, places: list[Location], *, is_kept: bool = True) -> Location:
    """The location asked for, or the one shown last; `is_kept`: to be shown next. Raises Refused without any."""
    if not places:
        raise Refused(_("You work at no location yet. Ask the owner to add you to one."), code="no-location")
    text = asked(request, "location")
    if text:
        wanted = uuid_in(text)
        place = next((each for each in places if each.pk == wanted), None)
        if place is None:
            raise Http404
        if is_kept and request.session.get("location") != str(place.pk):
            request.session["location"] = str(place.pk)
        return place
    shown_last = request.session.get("location")
    return next((each for each in places if str(each.pk) == shown_last), places[0])


def places_of(user: User) -> list[Location]:
    """Active locations the user works at, by name; all of them for an owner. 1 query."""
    if user.is_owner:
        return list(Location.objects.active())
    return sorted((each for each in user.locations.all() if each.is_active), key=lambda place: place.name)


def back_to(request: HttpRequest, default: str) -> str:
    """Where a form asked to go on to, if that is one of our own pages."""
    wanted = request.POST.get("next", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return default


def day_url(instant: dt.datetime, location: Location) -> str:
    """The calendar of an instant's day."""
    day = instant.astimezone(location.zone).date()
    return f"{reverse('scheduling:day')}?date={day.isoformat()}&location={location.pk}"

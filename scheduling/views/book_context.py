"""What the booking sheet shows, from what has been chosen so far."""

import datetime as dt
import uuid
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Client, Location, User
from scheduling.availability import Search
from scheduling.forms.appointments import NewClientForm
from scheduling.forms.series import RepeatForm
from scheduling.models import Appointment, Service
from scheduling.views.book_beside import beside, refused_at
from scheduling.views.offers import offers
from scheduling.views.parsing import StaffRequest, asked, chosen, date_in, place_in, places_of, time_in

CARRIED = ("client", "service", "therapist", "location", "from", "at", "anywhere", "next")


def address(request: StaffRequest, **changes: str) -> str:
    """The sheet's address with what was chosen so far and these changes."""
    params = {name: value for name in CARRIED if (value := asked(request, name))} | changes
    return f"{reverse('scheduling:appointment-create')}?{urlencode({k: v for k, v in params.items() if v})}"


def suggested(request: StaffRequest, text: str) -> list[dict[str, Any]]:
    """Clients for what is being typed, each with the address that goes on from there; last, somebody new."""
    known = [
        {
            "url": address(request, client=str(client.pk)),
            "value": str(client.pk),
            "name": client.full_name,
            "detail": " · ".join(
                filter(None, [date_format(client.born_on, _("j M Y")) if client.born_on else "", _contact(client)])
            ),
            "note": f"#{client.number}",
        }
        for client in Client.objects.visible_to(request.user).suggest(text[:100])
    ]
    if not text.strip():
        return known
    name = _("New client: %(name)s") % {"name": text.strip()[:100]}
    return [*known, {"url": address(request, client="", q=text.strip()[:100], new="1"), "value": "new", "name": name}]


def _as_client(text: str) -> dict[str, str]:
    """What was typed into the search as the fields of somebody new: a mail address, a phone number, or a name."""
    text = text.strip()
    if "@" in text:
        return {"email": text}
    if any(character.isdigit() for character in text):
        return {"phone": text}
    given, _space, family = text.rpartition(" ")
    return {"given_name": given or family, "family_name": family if given else ""}


def book_context(
    request: StaffRequest, refusal: Conflict | Refused | None, *, new_client: NewClientForm | None = None
) -> dict[str, Any]:
    """Client, services, therapists and free times; times only once there is a client to hold them against."""
    places = places_of(request.user)
    location = place_in(request, places)
    client = chosen(Client.objects.visible_to(request.user).current(), asked(request, "client"))
    bookable = list(Service.objects.active())
    service = chosen(Service.objects.visible_to(request.user), asked(request, "service")) or _usual(client, bookable)
    therapists = (
        list(User.objects.therapists().visible_to(request.user).filter(services=service).order_by("name"))
        if service
        else []
    )
    therapist = next((each for each in therapists if str(each.pk) == asked(request, "therapist")), None)
    at, twice = _asked_time(request, location) if asked(request, "at") else (refused_at(request, refusal), [])
    meant = at or (twice[0] if twice else clock.now())
    start = date_in(request, "from", meant.astimezone(location.zone).date())
    context = _typed(request) | {
        "client": client,
        "services": bookable,
        "service": service,
        "therapists": therapists,
        "therapist": therapist,
        "places": places,
        "location": location,
        "start": start,
        "new_client": new_client or NewClientForm(initial=_as_client(asked(request, "q"))),
        "is_new_open": new_client is not None or bool(asked(request, "new")),
        "refusal": refusal,
        "repeat": RepeatForm(initial=_repeated(request)),
        "twice": [(each, address(request, at=each.isoformat())) for each in twice],
    }
    if not client and asked(request, "q") and not asked(request, "new"):
        context["options"] = suggested(request, asked(request, "q"))
    if client and service:
        context["offered"] = _offered(request, context, at=at)
        context["beside"] = beside(request, location, refusal, at)
    return context


def _typed(request: StaffRequest) -> dict[str, Any]:
    return {
        "is_anywhere": bool(asked(request, "anywhere")),
        "at": asked(request, "at"),
        "typed": asked(request, "q"),
        "note": asked(request, "note"),
        "request_key": uuid.uuid4(),
        "next": asked(request, "next"),
        "address": address(request),
        "without_client": address(request, client=""),
    }


def _asked_time(request: StaffRequest, location: Location) -> tuple[dt.datetime | None, list[dt.datetime]]:
    """The time asked for, or both it may mean. Raises Refused for one that is none."""
    try:
        return time_in(asked(request, "at"), location), []
    except Refused as refusal:
        if "choices" not in refusal.details:
            raise
        return None, [dt.datetime.fromisoformat(text) for text in refusal.details["choices"]]


def _repeated(request: StaffRequest) -> dict[str, Any]:
    """What was typed of a series, for the page that comes back; it is checked where the series is made."""
    sent = {name: request.POST[name] for name in ("every", "unit", "ends", "times", "until") if name in request.POST}
    return sent | ({"weekday": request.POST.getlist("weekday")} if sent else {})


def _offered(request: StaffRequest, context: dict[str, Any], *, at: dt.datetime | None) -> dict[str, Any]:
    location: Location = context["location"]
    since = max(clock.day_bounds(context["start"], location.zone)[0], clock.now())
    search = Search(
        service=context["service"],
        since=since,
        user=request.user,
        therapist=context["therapist"],
        location=None if context["is_anywhere"] else location,
        client=context["client"],
    )
    return offers(search, places=context["places"], at=at, is_chosen=not context["twice"])


def _usual(client: Client | None, bookable: list[Service]) -> Service | None:
    """What they had last; for somebody new what is meant for a first visit."""
    if client:
        last = Appointment.objects.filter(client=client, service__is_active=True).order_by("-during").first()
        if last:
            return next((each for each in bookable if each.pk == last.service_id), None)
    first_visits = [each for each in bookable if each.is_first_visit == bool(client)]
    return (first_visits or bookable or [None])[0]  # type: ignore[list-item]


def _contact(client: Client) -> str:
    return client.phone.as_national if client.phone else client.email

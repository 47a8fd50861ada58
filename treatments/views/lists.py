"""Lists of notes and of episodes, and the fragment that the day page loads."""

import datetime as dt
import uuid
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.access import access
from clinic.people.models import Client, Location, Room, User
from clinic.people.permissions import Permission, may
from treatments.models import SessionNote
from treatments.reads.episode import client_page
from treatments.reads.unsigned import CO_SIGN, MOST_SHOWN, filtered, missing_of, unfinished_of, waiting_for_co_signature

PER_PAGE = 30
STATES = ("draft", "signed", CO_SIGN)


@access(Permission.VIEW_NOTES)
@require_GET
def note_list(request: HttpRequest) -> HttpResponse:
    """Notes, the unsigned ones first. A therapist begins with their own."""
    picked = _picked(request)
    user, now = request.user, clock.now()
    waits = waiting_for_co_signature(user)  # type: ignore[arg-type]
    rows = filtered(waits if picked["status"] == CO_SIGN else SessionNote.objects.visible_to(user), picked)
    missing = missing_of(user, picked, now=now)  # type: ignore[arg-type]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    sessions = missing[:MOST_SHOWN] if page.number == 1 else []
    shown = len(page.object_list) + len(sessions)
    audit.record(user, "note.listed", client=picked["client"], changes={"rows": shown})  # type: ignore[arg-type]
    context = picked | {
        "page": page,
        "sessions": sessions,
        "has_more": len(missing) > len(sessions),
        "therapists": _therapists(request),
    }
    context |= {"mine": unfinished_of(user, now=now), "now": now, "states": _states(picked["status"], waits)}  # type: ignore[arg-type]
    return render(request, "treatments/note_list.html", context)


def _picked(request: HttpRequest) -> dict[str, Any]:
    """The filters of the address; what makes no sense counts as nothing. Without any, a therapist sees their own."""
    given = request.GET
    status = given.get("status", "")
    client = _of(Client.objects.visible_to(request.user), given.get("client"))
    therapist = given.get("therapist", "")
    starts_anywhere = "therapist" in given or client is not None or status == CO_SIGN
    if not starts_anywhere and request.user.is_therapist:  # type: ignore[union-attr]
        therapist = str(request.user.pk)
    found = _of(User.objects.visible_to(request.user), therapist)
    return {
        "client": client,
        "therapist": found.pk if found else None,
        "status": status if status in STATES else "",
        "location": _of(Location.objects.visible_to(request.user), given.get("location")),
    }


def _of(rows: Any, pk: str | None) -> Any:
    try:
        return rows.filter(pk=uuid.UUID(pk or "")).first()
    except ValueError:
        return None


def _therapists(request: HttpRequest) -> list[User]:
    return list(
        User.objects.therapists().filter(pk__in=User.objects.visible_to(request.user).values("pk")).order_by("name")
    )


def _states(status: str, waits: QuerySet[SessionNote]) -> list[dict[str, Any]]:
    """The chips; the last only while something waits for one's co-signature (one query)."""
    words: list[tuple[str, str, int | None]] = [("", _("All"), None), ("draft", _("Not signed"), None)]
    words.append(("signed", _("Signed"), None))
    waiting = waits.count()
    if waiting or status == CO_SIGN:
        words.append((CO_SIGN, _("Waits for my co-signature"), waiting))
    return [
        {"value": value, "label": label, "count": count, "is_current": status == value} for value, label, count in words
    ]


@access(Permission.VIEW_NOTES)
@require_GET
def client_episodes(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """All episodes of a client with course, maps and notes; the open ones stand on the client's page too."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    context = client_page(client)
    may_write = may(request.user, Permission.WRITE_NOTE) and not client.is_archived
    audit.record(request.user, "episode.listed", client=client, changes={"rows": len(context["episodes"])})  # type: ignore[arg-type]
    return render(request, "treatments/client_episodes.html", context | {"client": client, "may_write": may_write})


@access(Permission.VIEW_CALENDAR)
@require_GET
def note_marks(request: HttpRequest) -> HttpResponse:
    """For the cards of the day page: the state of each session's note, never its content."""
    marks: list[tuple[uuid.UUID, str]] = []
    location = _of(Location.objects.visible_to(request.user), request.GET.get("location"))
    if location is not None:
        start, end = _days(request, location)
        rows = SessionNote.objects.filter(
            appointment__location=location,
            appointment__during__startswith__gte=start,
            appointment__during__startswith__lt=end,
            **_columns(request),
        )
        marks = list(rows.values_list("appointment_id", "status"))
    return render(request, "treatments/_note_marks.html", {"marks": marks})


def _columns(request: HttpRequest) -> dict[str, Any]:
    """Only what the calendar has a card for: some therapists, one room's week, the rooms in use, or everything."""
    given = request.GET
    if room := given.get("room"):
        return {"appointment__room": _of(Room.objects.visible_to(request.user), room)}
    if given.get("columns") == "week" or given.get("therapist"):
        people = User.objects.visible_to(request.user)
        return {"appointment__therapist__in": [_of(people, each) for each in given.getlist("therapist")]}
    return {"appointment__room__is_active": True} if given.get("columns") == "rooms" else {}


def _days(request: HttpRequest, location: Location) -> tuple[dt.datetime, dt.datetime]:
    """From `date`, today without one, to the end of `until`: a week at most."""
    first = _day(request.GET.get("date")) or clock.today(location.zone)
    last = _day(request.GET.get("until")) or first
    last = min(max(last, first), first + dt.timedelta(days=6))
    return clock.day_bounds(first, location.zone)[0], clock.day_bounds(last, location.zone)[1]


def _day(text: str | None) -> dt.date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None

"""The page before a session: may I treat, where does it hurt now, what changed, what did we try, did it help."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinic.core import clock
from clinic.people.models import Client
from intake.answers import age_on, summary
from intake.models import RedFlag, Response
from scheduling.models import Appointment
from treatments.models import Episode, FollowUp, Prescription, SessionNote
from treatments.reads.adherence import adherence_of
from treatments.reads.course import courses_of
from treatments.reads.maps import maps_of
from treatments.reads.prompts import Choice, prompts_for

# Shown elsewhere on the page: as scores, or on the map.
NOT_AGAIN = ("Where it hurts", "Average pain", "Pain now", "Worst pain")
# Forms are kept in memory: what they are made of need not come with every answer to them.
LONG = ("questionnaire__definition", "questionnaire__source_text", "questionnaire__report")
FLAG_MEMORY = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Answer:
    label: str
    value: str
    was: str  # what the same question was answered the time before, if it was something else


def head(appointment: Appointment, episode: Episode | None) -> dict[str, Any]:
    """Who sits here and in which session of `episode`: for every page of a session (two queries)."""
    client = appointment.client
    born_on = client.born_on
    today = clock.today(appointment.zone)
    return {
        "appointment": appointment,
        "client": client,
        "zone": appointment.zone,
        "age": age_on(born_on, today) if born_on else None,
        "is_today": appointment.during.lower.astimezone(appointment.zone).date() == today,
        "episode": episode,
        "session_number": session_number(appointment, episode),
        "alerts": list(client.alerts.open()),
    }


def before(appointment: Appointment, query: Mapping[str, str]) -> dict[str, Any]:
    """Everything on the page; `query` chooses which marks the prompts look at. About twenty queries, however long
    the client's history."""
    client = appointment.client
    episode = open_episode_of(client)
    context = head(appointment, episode)
    newest, earlier = _last_two(client)
    maps = maps_of(client, before=appointment.during.upper)
    choice = Choice.of(maps.now.marks if maps.now else (), query)
    courses = courses_of([episode], appointment.zone)[episode.pk] if episode else []
    note = SessionNote.objects.filter(appointment=appointment).first()
    return context | {
        "flags": flags_of(client),
        "response": newest,
        "answers": answers_of(newest, earlier),
        "maps": maps,
        "courses": courses,
        "previous": SessionNote.objects.of_client(client).before(appointment.during.lower).for_looking_back().first(),
        "adherence": adherence_of(prescriptions_of(episode), appointment.zone),
        "follow_up": FollowUp.objects.answered()
        .filter(note__client__in=client.identity_ids)
        .order_by("-answered_at")
        .first(),
        "choice": choice,
        "groups": prompts_for(maps.now.marks, quality=choice.quality, side=choice.side) if maps.now else [],
        "note": note,
    }


def open_episode_of(client: Client) -> Episode | None:
    """The open episode that began last."""
    return Episode.objects.open().filter(client=client).select_related("condition").first()


def session_number(appointment: Appointment, episode: Episode | None) -> int:
    """Which session this is: of its episode, or of all the client had when none is open."""
    held = Appointment.objects.active().filter(
        client=appointment.client_id, during__startswith__lt=appointment.during.lower
    )
    if episode is not None:
        held = held.filter(during__startswith__gte=episode.opened_at - dt.timedelta(days=1))
    return held.count() + 1


def flags_of(client: Client) -> list[RedFlag]:
    """Red flags: what waits first, then what was followed up within a year."""
    flags = (
        RedFlag.objects.filter(client=client)
        .select_related("rule", "acknowledged_by")
        .defer("rule__data", "rule__sources")
    )
    recent = clock.now() - FLAG_MEMORY
    return [flag for flag in flags if flag.acknowledged_at is None or flag.acknowledged_at > recent]


def prescriptions_of(episode: Episode | None) -> list[Prescription]:
    return list(episode.prescriptions.current().select_related("exercise")) if episode else []


def _last_two(client: Client) -> tuple[Response | None, Response | None]:
    rows = Response.objects.completed().filter(client=client).exclude(questionnaire__slug="follow-up")
    found = list(rows.select_related("questionnaire").defer(*LONG).order_by("-completed_at")[:2])
    return (found[0] if found else None), (found[1] if len(found) > 1 else None)


def answers_of(newest: Response | None, earlier: Response | None) -> list[Answer]:
    """The answers that matter, each with what it was before."""
    if newest is None:
        return []
    were = dict(summary(earlier)) if earlier else {}
    return [
        Answer(label, value, were.get(label, "") if were.get(label) != value else "")
        for label, value in summary(newest)
        if label not in NOT_AGAIN
    ]

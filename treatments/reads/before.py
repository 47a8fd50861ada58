"""The page before a session: may I treat, where does it hurt now, what changed, what did we try, did it help."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from clinic.core import clock
from clinic.people.models import Client
from intake.answers import age_on, summary
from intake.knowledge import source
from intake.models import RedFlag, Response
from scheduling.models import Appointment
from treatments.models import Episode, FollowUp, Goal, Prescription, SessionNote
from treatments.reads.adherence import adherence_of
from treatments.reads.course import courses_of
from treatments.reads.episode import thoughts_of
from treatments.reads.goals import goal_rows
from treatments.reads.maps import maps_of
from treatments.reads.planning import techniques_next
from treatments.reads.prompts import Choice, prompts_for
from treatments.reads.responding import reassessment_of, responses_of

# Shown elsewhere on the page: as scores, or on the map.
NOT_AGAIN = ("Where it hurts", "Average pain", "Pain now", "Worst pain")
# Forms are kept in memory: what they are made of need not come with every answer to them.
LONG = ("questionnaire__definition", "questionnaire__source_text", "questionnaire__report")
FLAG_MEMORY = dt.timedelta(days=365)
VISITS_LOOKED_BACK = 3
ANSWERS_AT_ONCE = 9
MOST_OPEN = 5


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
    note = SessionNote.objects.filter(appointment=appointment).select_related("episode__condition").first()
    opened = open_episodes_of(client)
    episode = (note.episode if note else None) or next(iter(opened), None)
    context = head(appointment, episode)
    newest, earlier = _last_two(client)
    maps = maps_of(client, before=appointment.during.upper)
    choice = Choice.of(maps.now.marks if maps.now else (), query)
    answers = sorted(answers_of(newest, earlier), key=lambda one: not one.was)  # what changed stands first
    visits = list(
        SessionNote.objects.of_client(client).before(appointment.during.lower).for_looking_back()[:VISITS_LOOKED_BACK]
    )
    return context | {
        "flags": flags_of(client),
        "response": newest,
        "answers": answers[:ANSWERS_AT_ONCE],
        "other_answers": answers[ANSWERS_AT_ONCE:],
        "maps": maps,
        **_so_far(episode, appointment, context["session_number"]),
        "also_open": [one for one in opened if one != episode],
        "previous": visits[0] if visits else None,
        "tried": [visit for visit in visits if visit.techniques.all()],
        "next_planned": techniques_next(visits[0]) if visits else [],
        "adherence": adherence_of(prescriptions_of(episode), appointment.zone),
        "follow_up": FollowUp.objects.answered()
        .filter(note__client__in=client.identity_ids)
        .order_by("-answered_at")
        .first(),
        "choice": choice,
        "groups": prompts_for(maps.now.marks, quality=choice.quality, side=choice.side) if maps.now else [],
        "note": note,
    }


def _so_far(episode: Episode | None, appointment: Appointment, session: int) -> dict[str, Any]:
    """Did it help, what is it for, what is thought: of one episode, at most five queries."""
    if episode is None:
        return {"courses": [], "responses": [], "reassessment": None, "goal_rows": [], "thoughts": []}
    courses = courses_of([episode], appointment.zone)[episode.pk]
    responses = responses_of(courses)
    return {
        "courses": courses,
        "responses": responses,
        "reassessment": reassessment_of(episode, responses, session),
        "goal_rows": goal_rows(Goal.objects.filter(episode=episode, dropped_at=None)),
        "thoughts": thoughts_of([episode]).get(episode.pk, []),
    }


def open_episodes_of(client: Client) -> list[Episode]:
    """The open episodes, the one that began last first."""
    rows = Episode.objects.open().filter(client=client).select_related("condition")
    return list(rows.defer("condition__data", "condition__sources")[:MOST_OPEN])


def session_number(appointment: Appointment, episode: Episode | None) -> int:
    """Which session this is: of its episode, or of all the client had when none is open.

    A visit whose note says that it was about another episode does not count; one that served both does.
    """
    held = Appointment.objects.active().filter(
        client=appointment.client_id, during__startswith__lt=appointment.during.lower
    )
    if episode is not None:
        ours = Q(session_note__episode__isnull=True) | Q(session_note__episode=episode)
        held = held.filter(during__startswith__gte=episode.opened_at - dt.timedelta(days=1))
        held = held.filter(ours | Q(session_note__other_episode=episode))
    return held.count() + 1


def flags_of(client: Client) -> list[RedFlag]:
    """Red flags: what waits first, then what was followed up within a year."""
    flags = (
        RedFlag.objects.filter(client=client)
        .select_related("rule", "acknowledged_by")
        .defer("rule__data", "rule__sources")
    )
    recent = clock.now() - FLAG_MEMORY
    known = source.by_code("red_flags")
    for flag in flags:
        flag.to_do = known.get(flag.rule.code, {}).get("advice_staff", "")
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

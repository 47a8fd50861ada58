"""Clients' own answers become scores of the episode they belong to.

That is the episode a follow-up was asked about, the one that was the client's only open one when the form was sent, or
that of the note for whose visit it was asked. Forms know nothing of episodes, so the scores are taken from here.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from intake.models import Response
from intake.scores import activities_in, measures_in
from treatments.models import Episode, SessionNote
from treatments.outcomes.models import Score
from treatments.outcomes.services import record_score
from treatments.services.thinking import mean_of

PAIN_MEASURE, ACTIVITIES_MEASURE = "nprs", "psfs"
# Intake data, statistics.yaml, convention `baseline-window`: completed before the table, at most this long ago.
BASELINE_DAYS = 14
OF_CHANGE = frozenset({"groc"})  # rated against an earlier day: no score of how an episode began
LATE = dt.timedelta(days=3)  # a worker that was down still finds what came in meanwhile; a signed note finds the rest


@transaction.atomic
def record_answers(*, response: Response, episode: Episode) -> list[Score]:
    """Record what a completed form scores and this episode does not have from it yet.

    Activities of the client's own are scored while they stay those that were rated first in the episode.
    """
    Episode.objects.select_for_update(of=("self",)).get(pk=episode.pk)
    return _record(response, episode, leave_out=frozenset())


def _record(response: Response, episode: Episode, *, leave_out: frozenset[str]) -> list[Score]:
    if response.completed_at is None:
        return []
    has = Score.objects.filter(episode=episode, response=response).values_list("measure__code", flat=True)
    skipped = leave_out | set(has)
    return [
        record_score(
            episode=episode,
            measure_code=out.measure,
            value=out.value,
            recorded_at=response.completed_at,
            response=response,
        )
        for out in measures_in(response, _activities_of(episode, response))
        if out.measure not in skipped
    ]


def _activities_of(episode: Episode, response: Response) -> tuple[str, ...]:
    """The activities the episode's PSFS began with; none while it has not begun."""
    rated = Score.objects.filter(episode=episode, measure__code="psfs", response__isnull=False).exclude(
        response=response
    )
    first = rated.select_related("response__questionnaire").order_by("recorded_at").first()
    return activities_in(first.response) if first and first.response else ()


def adopt_baseline(episode: Episode) -> None:
    """From completed answers of the days before, the newest score of each measure; none is no error."""
    window = (episode.opened_at - dt.timedelta(days=BASELINE_DAYS), episode.opened_at)
    responses = Response.objects.completed().filter(client=episode.client, completed_at__range=window)
    found: set[str] = set()
    for response in responses.select_related("questionnaire").order_by("-completed_at"):
        scores = _record(response, episode, leave_out=OF_CHANGE | found)
        found |= {score.measure.code for score in scores}


def record_note(note: SessionNote) -> None:
    """What a signed note says of pain and of the client's own activities, for each episode its visit served.

    The scores belong to the session, however late the note is signed.
    """
    ratings = list(note.goal_ratings.select_related("goal"))
    served = ((note.episode, note.pain_average), (note.other_episode, note.other_pain_average))
    for episode, pain in served:
        if episode is None:
            continue
        activities = mean_of(row for row in ratings if row.goal.episode_id == episode.pk)
        for measure, value in ((PAIN_MEASURE, pain), (ACTIVITIES_MEASURE, activities)):
            if value is not None:
                record_score(
                    episode=episode,
                    measure_code=measure,
                    value=value,
                    recorded_at=min(note.appointment.during.lower, note.signed_at or note.updated_at),
                    note=note,
                )
    adopt_answers_of_visit(note)


def adopt_answers_of_visit(note: SessionNote) -> None:
    """The form a client was asked for before this visit, for the episode its note belongs to."""
    invitation = note.appointment.invitation
    if invitation is None or note.episode is None:
        return
    for response in invitation.responses.completed().select_related("questionnaire", "client"):
        if not Score.objects.filter(response=response).exists():
            record_answers(response=response, episode=note.episode)


def waiting_answers(*, now: dt.datetime) -> list[tuple[Response, Episode]]:
    """Forms of the last days that no episode has scores of, each with its client's only open one. Two queries."""
    scored = Score.objects.filter(response=OuterRef("pk"))
    open_ones = Count("client__episodes", filter=Q(client__episodes__closed_at=None))
    rows = Response.objects.completed().filter(completed_at__gt=now - LATE).exclude(scores={})
    rows = rows.annotate(open_episodes=open_ones).filter(~Exists(scored), open_episodes=1)
    waiting = list(rows.select_related("questionnaire", "client"))
    episodes = Episode.objects.open().filter(client__in=[row.client_id for row in waiting])
    by_client = {episode.client_id: episode for episode in episodes.select_related("location")}
    pairs = [(row, by_client[row.client_id]) for row in waiting if row.client_id in by_client]
    return [(row, episode) for row, episode in pairs if row.completed_at and row.completed_at >= episode.opened_at]

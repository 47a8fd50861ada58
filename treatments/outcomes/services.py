"""Recording scores, and keeping each episode's summary true to them."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from clinic.core.errors import Conflict, Refused
from intake.models import Measure, Response
from treatments.models import Episode, SessionNote
from treatments.outcomes import rules
from treatments.outcomes.models import EpisodeSummary, Score


@transaction.atomic
def record_score(
    *,
    episode: Episode,
    measure_code: str,
    value: float | Decimal,
    recorded_at: dt.datetime,
    response: Response | None = None,
    note: SessionNote | None = None,
) -> Score:
    """Record one score of an episode with its source, and bring the summary up to date in the same transaction.

    Called by the services that sign a note or take an answer: they hold the permission and write the audit event.
    Raises Refused for an unknown measure, a value outside the scale or not exactly one source, and Conflict when the
    source has scored on this episode before.
    """
    if (response is None) == (note is None):
        raise Refused(_("A score comes from one form or one note."), code="score-source")
    measure = Measure.objects.filter(code=measure_code).first()
    if measure is None:
        raise Refused(_("This outcome measure is not known here."), code="unknown-measure")
    if not rules.Scale.of(measure.data).contains(float(value)):
        raise Refused(_("This score lies outside the scale."), code="score-range")
    Episode.objects.select_for_update(of=("self",)).get(pk=episode.pk)
    if Score.objects.filter(episode=episode, measure=measure, response=response, note=note).exists():
        raise Conflict(_("This form or note has been scored already."), code="scored-already")
    score = Score.objects.create(
        episode=episode,
        measure=measure,
        value=Decimal(str(value)),
        recorded_at=recorded_at,
        response=response,
        note=note,
    )
    _refresh(episode=episode, measure=measure)
    return score


@transaction.atomic
def rebuild_summaries(*, episodes: Iterable[Episode], measure_code: str) -> int:
    """Write the summaries of episodes afresh from their scores, after a bulk load for one. Returns how many.

    Four queries and one for each thousand rows.
    """
    measure = Measure.objects.get(code=measure_code)
    by_id = {episode.pk: episode for episode in episodes}
    prefetch_related_objects(list(by_id.values()), "location")
    scores: dict[Any, list[Score]] = {pk: [] for pk in by_id}
    for score in Score.objects.filter(episode__in=by_id, measure=measure):
        scores[score.episode_id].append(score)
    sessions: dict[Any, int] = dict.fromkeys(by_id, 0)
    of_these = Q(episode__in=by_id) | Q(other_episode__in=by_id)
    for served in SessionNote.objects.signed().filter(of_these).values_list("episode", "other_episode"):
        for pk in sessions.keys() & served:
            sessions[pk] += 1
    rows = [
        EpisodeSummary(episode=episode, measure=measure, **_fields(episode, measure, scores[pk], sessions[pk]))
        for pk, episode in by_id.items()
    ]
    EpisodeSummary.objects.bulk_create(
        rows,
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["episode", "measure"],
        update_fields=[*SUMMARY_FIELDS, "updated_at"],
    )
    return len(rows)


def _refresh(*, episode: Episode, measure: Measure) -> None:
    scores = list(Score.objects.filter(episode=episode, measure=measure))
    sessions = SessionNote.objects.signed().of_episode(episode).count()
    EpisodeSummary.objects.update_or_create(
        episode=episode, measure=measure, defaults=_fields(episode, measure, scores, sessions)
    )


SUMMARY_FIELDS = (
    "baseline",
    "baseline_at",
    *(window.field for window in rules.CURVE),
    "latest",
    "latest_at",
    "best",
    "change",
    "has_reached_mcid",
    "mcid_reached_at",
    "score_count",
    "session_count",
)


def _fields(episode: Episode, measure: Measure, scores: list[Score], session_count: int) -> dict[str, Any]:
    begins_at = _begins_at(episode, scores)
    course = rules.summarise(_points(episode, scores, begins_at), rules.Scale.of(measure.data), begins_at=begins_at)
    return {
        "baseline": course.baseline.value if course.baseline else None,
        "baseline_at": course.baseline.at if course.baseline else None,
        "latest": course.latest.value if course.latest else None,
        "latest_at": course.latest.at if course.latest else None,
        "best": course.best,
        "change": course.change,
        "has_reached_mcid": course.has_reached_mcid,
        "mcid_reached_at": course.mcid_reached_at,
        "score_count": course.score_count,
        "session_count": session_count,
        **course.at_windows,
    }


def _begins_at(episode: Episode, scores: list[Score]) -> dt.datetime:
    """The first treatment: the opening of the episode, or its first session if that was earlier."""
    return min([episode.opened_at, *(score.recorded_at for score in scores if score.note_id)])


def _points(episode: Episode, scores: list[Score], begins_at: dt.datetime) -> list[rules.Point]:
    """Scores by day from the first treatment."""
    zone = episode.location.zone
    first_day = begins_at.astimezone(zone).date()
    return [
        rules.Point(
            value=float(score.value),
            at=score.recorded_at,
            day=(score.recorded_at.astimezone(zone).date() - first_day).days,
            is_own_answer=score.response_id is not None,
        )
        for score in scores
    ]

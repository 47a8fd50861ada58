"""The map of many clients, added up beforehand: each episode counts once, by the drawing it began with."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Subquery

from intake.models import PainDrawing
from treatments.models import Episode
from treatments.outcomes.models import MarkTally

# From the days before the first visit, as for the first score (statistics.yaml, `baseline-window`), or of its day.
BEFORE, AFTER = dt.timedelta(days=14), dt.timedelta(days=1)

# The marks of an episode's first drawing, and a row without a place for the drawing itself; one order for every writer.
_COUNT = """
INSERT INTO outcomes_marktally
       (condition_id, location_id, month, region, side, episodes, rated, intensity_sum)
SELECT episode.condition_id, episode.location_id, date_trunc('month', episode.opened_at AT TIME ZONE 'UTC')::date,
       coalesce(mark.region, ''), coalesce(mark.side, ''),
       count(*), count(mark.intensity), coalesce(sum(mark.intensity), 0)
  FROM treatments_episode AS episode
 CROSS JOIN LATERAL (
       SELECT region, side, intensity FROM intake_painmark WHERE drawing_id = episode.first_drawing_id
        UNION ALL
       SELECT NULL, NULL, NULL
       ) AS mark
 WHERE episode.first_drawing_id IS NOT NULL AND (%(episode)s::uuid IS NULL OR episode.id = %(episode)s::uuid)
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (condition_id, location_id, month, region, side) DO UPDATE
   SET episodes = outcomes_marktally.episodes + excluded.episodes,
       rated = outcomes_marktally.rated + excluded.rated,
       intensity_sum = outcomes_marktally.intensity_sum + excluded.intensity_sum
"""


@transaction.atomic
def adopt_first_drawing(*, episode: Episode) -> None:
    """Take the newest drawing from the days before, and count it; none is no error. Once for each episode."""
    episode.first_drawing = PainDrawing.objects.filter(
        client=episode.client, drawn_at__range=(episode.opened_at - BEFORE, episode.opened_at + AFTER)
    ).first()
    if episode.first_drawing is not None:
        episode.save(update_fields=["first_drawing", "updated_at"])
        _count(episode)


@transaction.atomic
def rebuild_tallies() -> int:
    """Find first drawings that came after their episode was opened, and count everything anew. Gives the rows.

    About a second for 100,000 drawings. Who counts an episode meanwhile waits; readers see the old figures until then.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE outcomes_marktally IN SHARE ROW EXCLUSIVE MODE")
    near = PainDrawing.objects.filter(
        client=OuterRef("client"), drawn_at__range=(OuterRef("opened_at") - BEFORE, OuterRef("opened_at") + AFTER)
    )
    found = Subquery(near.order_by("-drawn_at").values("pk")[:1])
    Episode.objects.filter(first_drawing=None).filter(Exists(near)).update(first_drawing=found)
    MarkTally.objects.all().delete()
    return _count(None)


def _count(episode: Episode | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"episode": episode.pk if episode else None})
        return int(cursor.rowcount)

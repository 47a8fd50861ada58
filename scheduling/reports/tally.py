"""Counts the visits of two periods by everything that is asked later."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction

from scheduling.reports.filters import Filters, segments
from scheduling.rules.figures import Cells
from scheduling.rules.status import CANCELLED, INACTIVE

NOTICE_DAYS = (1, 3, 8)
FAR_AHEAD = 366  # days: whoever books earlier than that counts as if they had not
NO_CELL = 24 * 7
_CELLS = [divmod(hour, 24) for hour in range(NO_CELL)]

# Every function of a range or a calendar costs more than the rest of a row, so each is called once at most. OFFSET 0
# keeps PostgreSQL from reckoning anew wherever a value is named.
_SEGMENTS = """unnest(%(places)s::uuid[], %(firsts)s::timestamptz[], %(untils)s::timestamptz[], %(nows)s::bool[],
    %(offsets)s::bigint[]) AS segment (place, first_at, until_at, is_now, offset_seconds)"""
_WHERE = """visit.location_id = ANY(%(locations)s)
    AND during && tstzrange(%(first)s, %(until)s)
    AND (%(therapist)s::uuid IS NULL OR therapist_id = %(therapist)s)
    AND (%(service)s::uuid IS NULL OR service_id = %(service)s)"""
_IN_PLACE = "place = location_id AND begins >= first_at AND begins < until_at"

_KINDS = f"""
SELECT is_now, status, origin, cancelled_by, is_first_visit, is_overlap_allowed,
    CASE WHEN invitation_id IS NULL THEN 0 WHEN completed_at <= begins THEN 2 ELSE 1 END AS form,
    CASE WHEN cancelled_at IS NULL THEN -1
        ELSE width_bucket(date_part('epoch', begins - cancelled_at), %(notices)s::float8[]) END AS notice,
    CASE WHEN series_id IS NULL AND begins >= created_at AND status <> ALL(%(cancelled)s)
        THEN least(date_part('day', begins - created_at), {FAR_AHEAD})::int ELSE -1 END AS lead,
    count(*)
FROM (
    SELECT visit.location_id, status, origin, cancelled_by, is_first_visit, is_overlap_allowed, invitation_id,
        form.completed_at, cancelled_at, series_id, visit.created_at, lower(during) AS begins
    FROM scheduling_appointment visit LEFT JOIN intake_invitation form ON form.id = invitation_id
    WHERE {_WHERE} OFFSET 0
) visit JOIN {_SEGMENTS} ON {_IN_PLACE}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""  # noqa: S608  # of constants of this module
# Visits that begin in one hour of the week and reach as many hours further are counted together: of their sums follows
# how much of each of those hours they take.
_HOURS = f"""
SELECT therapist_id::text, room_id::text,
    CASE WHEN is_now THEN (wall_seconds / 3600 + 72) %% 168 ELSE {NO_CELL} END AS cell,
    (wall_seconds %% 3600 + seconds - 1) / 3600 AS further,
    count(*), sum((wall_seconds %% 3600)::int), sum(seconds)
FROM (
    SELECT therapist_id, room_id, is_now, date_part('epoch', begins)::bigint + offset_seconds AS wall_seconds, seconds
    FROM (
        SELECT location_id, therapist_id, room_id, lower(during) AS begins,
            date_part('epoch', upper(during) - lower(during))::int AS seconds
        FROM scheduling_appointment visit
        WHERE {_WHERE} AND status <> ALL(%(inactive)s) AND NOT is_overlap_allowed OFFSET 0
    ) visit JOIN {_SEGMENTS} ON {_IN_PLACE} OFFSET 0
) visit
GROUP BY therapist_id, room_id, cell, further
"""  # noqa: S608
_SEEN = f"""
SELECT is_now, count(*) FROM (
    SELECT is_now, client_id FROM (
        SELECT location_id, client_id, lower(during) AS begins
        FROM scheduling_appointment visit WHERE {_WHERE} AND status = 'completed' OFFSET 0
    ) visit JOIN {_SEGMENTS} ON {_IN_PLACE} GROUP BY 1, 2
) client GROUP BY 1
"""  # noqa: S608


class Kind(NamedTuple):
    """What visits are counted by."""

    status: str
    origin: str
    cancelled_by: str
    is_first_visit: bool
    is_overlap_allowed: bool
    form: int  # 0 not asked for, 1 not done in time, 2 done in time
    notice: int  # how many of NOTICE_DAYS the cancellation kept; -1 when it is none
    lead_days: int  # whole days from booking on; -1 when it was not waited for


@dataclass(slots=True)
class Booked:
    """Hours of one therapist or room: by hour of the week, and the sum of the period before."""

    cells: Cells = field(default_factory=lambda: defaultdict(float))
    hours_before: float = 0.0

    def add(self, spent: list[tuple[tuple[int, int], float]]) -> None:
        for cell, hours in spent:
            self.cells[cell] += hours


def _spent(
    cell: int, further: int, count: int, first_seconds: int, seconds: int
) -> list[tuple[tuple[int, int], float]]:
    """Visits from one hour on: how many, how far into the hour they begin, and how long they are, in sum."""
    spent = []
    for hour in range(further + 1):
        here = 3600 * count if hour < further else first_seconds + seconds - 3600 * further * count
        spent.append((_CELLS[(cell + hour) % NO_CELL], (here - (first_seconds if hour == 0 else 0)) / 3600))
    return spent


@dataclass(slots=True)
class Side:
    """One of the two periods."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    seen: int = 0


@dataclass(slots=True)
class Tally:
    now: Side = field(default_factory=Side)
    before: Side = field(default_factory=Side)
    therapists: dict[uuid.UUID, Booked] = field(default_factory=dict)
    rooms: dict[uuid.UUID, Booked] = field(default_factory=dict)

    def side(self, *, is_now: bool) -> Side:
        return self.now if is_now else self.before


def tally(filters: Filters) -> Tally:
    """Count the period and the one before. 3 queries, and one to give them room in memory."""
    found, params = Tally(), _params(filters)
    with transaction.atomic(), connection.cursor() as cursor:
        # Else the clients of a large practice are counted on disk, and those of a small one sorted by nine columns.
        # Compiling the statements takes longer than it saves.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_sort = off; SET LOCAL jit = off")
        cursor.execute(_KINDS, params)
        for is_now, *kind, count in cursor.fetchall():
            found.side(is_now=is_now).kinds[Kind(*kind)] += count
        cursor.execute(_HOURS, params)
        _take_in(found, cursor.fetchall())
        cursor.execute(_SEEN, params)
        for is_now, clients in cursor:
            found.side(is_now=is_now).seen = clients
    return found


def _take_in(found: Tally, rows: list[tuple[Any, ...]]) -> None:
    """Rows of _HOURS. Their ids are text, which a dictionary finds at a fraction of what a UUID takes."""
    people: dict[str, Booked] = defaultdict(Booked)
    rooms: dict[str, Booked] = defaultdict(Booked)
    for therapist, room, cell, *sums in rows:
        both = people[therapist], rooms[room]
        if cell == NO_CELL:
            for booked in both:
                booked.hours_before += sums[-1] / 3600
            continue
        spent = _spent(cell, *sums)
        for booked in both:
            booked.add(spent)
    found.therapists = {uuid.UUID(key): booked for key, booked in people.items()}
    found.rooms = {uuid.UUID(key): booked for key, booked in rooms.items()}


def _params(filters: Filters) -> dict[str, Any]:
    cuts = list(segments(filters))
    return {
        "places": [cut.place.pk for cut in cuts],
        "firsts": [_instant(cut.first_second) for cut in cuts],
        "untils": [_instant(cut.until_second) for cut in cuts],
        "nows": [cut.is_now for cut in cuts],
        "offsets": [cut.offset_seconds for cut in cuts],
        "locations": [place.pk for place in filters.places],
        "first": _instant(min(cut.first_second for cut in cuts)),
        "until": _instant(max(cut.until_second for cut in cuts)),
        "therapist": filters.therapist.pk if filters.therapist else None,
        "service": filters.service.pk if filters.service else None,
        "notices": [days * 86_400 for days in NOTICE_DAYS],
        "cancelled": sorted(CANCELLED),
        "inactive": sorted(INACTIVE),
    }


def _instant(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)

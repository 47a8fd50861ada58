"""Counts the visits of two periods by everything that is asked later."""

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

# The visits of both periods, in seconds since 1970 and whole numbers: range and calendar functions would take longer
# than all the rest. OFFSET 0 keeps PostgreSQL from reckoning them anew wherever they are named.
_SEGMENTS = """unnest(%(places)s::uuid[], %(firsts)s::bigint[], %(untils)s::bigint[], %(nows)s::bool[],
    %(offsets)s::bigint[]) AS segment (place, first_second, until_second, is_now, offset_seconds)"""
_WHERE = """visit.location_id = ANY(%(locations)s)
    AND during && tstzrange(to_timestamp(%(first)s), to_timestamp(%(until)s))
    AND (%(therapist)s::uuid IS NULL OR therapist_id = %(therapist)s)
    AND (%(service)s::uuid IS NULL OR service_id = %(service)s)"""
_IN_PLACE = "place = location_id AND begins >= first_second AND begins < until_second"

_KINDS = f"""
SELECT is_now, status, origin, cancelled_by, is_first_visit, is_overlap_allowed, form,
    CASE WHEN gone IS NULL THEN -1 ELSE width_bucket(begins - gone, %(notices)s::bigint[]) END AS notice,
    CASE WHEN is_waited AND begins >= made THEN least((begins - made) / 86400, {FAR_AHEAD})::int ELSE -1 END AS lead,
    count(*)
FROM (
    SELECT visit.location_id, status, origin, cancelled_by, is_first_visit, is_overlap_allowed,
        CASE WHEN invitation_id IS NULL THEN 0 WHEN form.completed_at <= lower(during) THEN 2 ELSE 1 END AS form,
        status <> ALL(%(cancelled)s) AND series_id IS NULL AS is_waited,
        date_part('epoch', lower(during))::bigint AS begins, date_part('epoch', visit.created_at)::bigint AS made,
        date_part('epoch', cancelled_at)::bigint AS gone
    FROM scheduling_appointment visit LEFT JOIN intake_invitation form ON form.id = invitation_id
    WHERE {_WHERE} OFFSET 0
) visit JOIN {_SEGMENTS} ON {_IN_PLACE}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""  # noqa: S608  # of constants of this module
# Visits that begin in one hour of the week and reach as many hours further are counted together: of their sums follows
# how much of each of those hours they take.
_HOURS = f"""
SELECT therapist_id, room_id, CASE WHEN is_now THEN ((begins + offset_seconds) / 3600 + 72) %% 168 ELSE {NO_CELL} END,
    ((begins + offset_seconds) %% 3600 + ends - begins - 1) / 3600 AS further,
    count(*), sum((begins + offset_seconds) %% 3600), sum(ends - begins)
FROM (
    SELECT location_id, therapist_id, room_id, date_part('epoch', lower(during))::bigint AS begins,
        date_part('epoch', upper(during))::bigint AS ends
    FROM scheduling_appointment visit
    WHERE {_WHERE} AND status <> ALL(%(inactive)s) AND NOT is_overlap_allowed OFFSET 0
) visit JOIN {_SEGMENTS} ON {_IN_PLACE}
GROUP BY 1, 2, 3, 4
"""  # noqa: S608
_SEEN = f"""
SELECT is_now, count(*) FROM (
    SELECT is_now, client_id FROM (
        SELECT location_id, client_id, date_part('epoch', lower(during))::bigint AS begins
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

    def add(self, cell: int, further: int, count: int, first_seconds: int, seconds: int) -> None:
        """Visits from one hour on: how many, how far into the hour they begin, and how long they are, in sum."""
        if cell == NO_CELL:
            self.hours_before += seconds / 3600
            return
        for hour in range(further + 1):
            spent = 3600 * count if hour < further else first_seconds + seconds - 3600 * further * count
            self.cells[divmod((cell + hour) % NO_CELL, 24)] += (spent - (first_seconds if hour == 0 else 0)) / 3600


@dataclass(slots=True)
class Side:
    """One of the two periods."""

    kinds: Counter[Kind] = field(default_factory=Counter)
    seen: int = 0


@dataclass(slots=True)
class Tally:
    now: Side = field(default_factory=Side)
    before: Side = field(default_factory=Side)
    therapists: dict[uuid.UUID, Booked] = field(default_factory=lambda: defaultdict(Booked))
    rooms: dict[uuid.UUID, Booked] = field(default_factory=lambda: defaultdict(Booked))

    def side(self, *, is_now: bool) -> Side:
        return self.now if is_now else self.before


def tally(filters: Filters) -> Tally:
    """Count the period and the one before. 3 queries, and one to give them room in memory."""
    found, params = Tally(), _params(filters)
    with transaction.atomic(), connection.cursor() as cursor:
        # Else the clients of a large practice are counted on disk, and those of a small one sorted by nine columns.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_sort = off")
        cursor.execute(_KINDS, params)
        for is_now, *kind, count in cursor:
            found.side(is_now=is_now).kinds[Kind(*kind)] += count
        cursor.execute(_HOURS, params)
        for therapist, room, *spent in cursor:
            sums = tuple(map(int, spent))
            found.therapists[therapist].add(*sums)
            found.rooms[room].add(*sums)
        cursor.execute(_SEEN, params)
        for is_now, clients in cursor:
            found.side(is_now=is_now).seen = clients
    return found


def _params(filters: Filters) -> dict[str, Any]:
    cuts = list(segments(filters))
    return {
        "places": [cut.place.pk for cut in cuts],
        "firsts": [cut.first_second for cut in cuts],
        "untils": [cut.until_second for cut in cuts],
        "nows": [cut.is_now for cut in cuts],
        "offsets": [cut.offset_seconds for cut in cuts],
        "locations": [place.pk for place in filters.places],
        "first": min(cut.first_second for cut in cuts),
        "until": max(cut.until_second for cut in cuts),
        "therapist": filters.therapist.pk if filters.therapist else None,
        "service": filters.service.pk if filters.service else None,
        "notices": [days * 86_400 for days in NOTICE_DAYS],
        "cancelled": sorted(CANCELLED),
        "inactive": sorted(INACTIVE),
    }

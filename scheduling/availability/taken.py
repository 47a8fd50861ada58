"""Who and what is taken in a span of time: one statement, however many therapists and rooms."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from scheduling.rules.slots import Busy, Stretch

NOBODY = uuid.UUID(int=0)
USUAL_ROOMS = 2
FAR = 2**40

# OFFSET 0 keeps the planner from reading the whole index for everybody at once, and MATERIALIZED from reading twice.
# Visits are read through the indexes of the exclusion constraints, whose condition the first part of each pair repeats;
# the few that were let overlap on purpose have a small index of their own.
_SQL = """
WITH mine AS MATERIALIZED (
    SELECT visit.* FROM unnest(%(therapists)s::uuid[]) AS who (id) CROSS JOIN LATERAL (
        SELECT therapist_id, room_id, occupies FROM scheduling_appointment
        WHERE therapist_id = who.id AND occupies && %(span)s
            AND status NOT IN ('no-show', 'cancelled', 'late-cancelled') AND NOT is_overlap_allowed AND id <> %(moving)s
        OFFSET 0
    ) AS visit
    UNION ALL
    SELECT therapist_id, room_id, occupies FROM scheduling_appointment
    WHERE is_overlap_allowed AND occupies && %(span)s AND therapist_id = ANY (%(therapists)s)
        AND status NOT IN ('no-show', 'cancelled', 'late-cancelled') AND id <> %(moving)s
    UNION ALL
    SELECT therapist_id, room_id, occupies FROM scheduling_slothold
    WHERE released_at IS NULL AND expires_at > %(now)s AND occupies && %(span)s AND therapist_id = ANY (%(therapists)s)
        AND id <> %(hold)s
), wanted AS MATERIALIZED (
    SELECT id FROM unnest(%(rooms)s::uuid[]) AS room (id)
    WHERE NOT %(is_usual_enough)s OR id IN (
        SELECT room_id FROM mine WHERE room_id = ANY (%(rooms)s) GROUP BY room_id ORDER BY count(*) DESC, room_id
        LIMIT %(usual_rooms)s
    )
), merged AS MATERIALIZED (
    SELECT 'away' AS kind, therapist_id AS id, range_agg(during) AS spans FROM (
        SELECT therapist_id, during FROM scheduling_timeoff
        WHERE therapist_id = ANY (%(therapists)s) AND during && %(span)s
        UNION ALL
        SELECT therapist_id, during FROM scheduling_outsidebusy
        WHERE therapist_id = ANY (%(therapists)s) AND during && %(span)s
    ) AS away GROUP BY therapist_id
    UNION ALL
    SELECT 'room', wanted.id, (
        SELECT range_agg(spans) FROM (
            SELECT occupies FROM scheduling_appointment
            WHERE room_id = wanted.id AND occupies && %(asked)s::tstzmultirange
                AND status NOT IN ('no-show', 'cancelled', 'late-cancelled')
                AND NOT is_overlap_allowed AND id <> %(moving)s
            UNION ALL
            SELECT occupies FROM scheduling_appointment
            WHERE is_overlap_allowed AND occupies && %(asked)s::tstzmultirange AND room_id = wanted.id
                AND status NOT IN ('no-show', 'cancelled', 'late-cancelled') AND id <> %(moving)s
            UNION ALL
            SELECT occupies FROM scheduling_slothold
            WHERE released_at IS NULL AND expires_at > %(now)s AND occupies && %(asked)s::tstzmultirange
                AND room_id = wanted.id AND id <> %(hold)s
            UNION ALL
            SELECT during FROM scheduling_roomclosure
            WHERE room_id = wanted.id AND during && %(asked)s::tstzmultirange
        ) AS there (spans)
    ) FROM wanted
    UNION ALL
    SELECT 'client', client_id, range_agg(during) FROM scheduling_appointment
    WHERE client_id = %(client)s AND during && %(span)s
        AND status NOT IN ('no-show', 'cancelled', 'late-cancelled') AND id <> %(moving)s
    GROUP BY client_id
)
SELECT 'visit', therapist_id, array_agg(floor(extract(epoch FROM lower(occupies)))::bigint),
    array_agg(ceil(extract(epoch FROM upper(occupies)))::bigint), array_agg(room_id)
FROM mine GROUP BY therapist_id
UNION ALL
SELECT kind, id,
    (SELECT array_agg(floor(extract(epoch FROM lower(each)))::bigint) FROM unnest(spans) AS each),
    (SELECT array_agg(ceil(extract(epoch FROM upper(each)))::bigint) FROM unnest(spans) AS each), NULL
FROM merged
"""


@dataclass(slots=True)
class Taken:
    """Stretches of time in which people and rooms are not free."""

    visits: dict[uuid.UUID, Busy] = field(default_factory=dict)
    away: dict[uuid.UUID, Busy] = field(default_factory=dict)
    rooms: dict[uuid.UUID, Busy] = field(default_factory=dict)
    client: Busy = field(default_factory=lambda: Busy([]))
    _rooms_of_day: dict[tuple[uuid.UUID, int], uuid.UUID] = field(default_factory=dict)
    _most_used: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)

    def usual_rooms(self, therapist_id: uuid.UUID, day: int) -> list[uuid.UUID]:
        """The room a therapist has on a day (counted from 1970), then the one they have most."""
        rooms = (self._rooms_of_day.get((therapist_id, day)), self._most_used.get(therapist_id))
        return [room for room in rooms if room]

    def note_rooms(self, therapist_id: uuid.UUID, stretches: list[Stretch], rooms: list[uuid.UUID]) -> None:
        for (start, _end), room in zip(stretches, rooms, strict=True):
            self._rooms_of_day[therapist_id, start // 86_400] = room
        self._most_used[therapist_id] = Counter(rooms).most_common(1)[0][0]

    def add_rooms(self, more: "Taken", only_at: list[Stretch]) -> None:
        """Rooms read for some times only: at any other they count as taken."""
        before, after = [(0, 0), *only_at], [*only_at, (FAR, FAR)]
        unknown = [(each[1], next_[0]) for each, next_ in zip(before, after, strict=True)]
        for room_id, busy in more.rooms.items():
            self.rooms[room_id] = Busy([*busy.stretches, *unknown])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the same for every span of one search."""

    therapists: Collection[uuid.UUID]
    rooms: Collection[uuid.UUID]
    now: dt.datetime
    client: uuid.UUID = NOBODY
    moving: uuid.UUID = NOBODY
    hold: uuid.UUID = NOBODY


def read(
    question: Question, span: Stretch, *, only_at: list[Stretch] | None = None, is_usual_enough: bool = False
) -> Taken:
    """What is taken within a span, in seconds since 1970. 1 query.

    `is_usual_enough`: of the rooms only those the therapists have most; `only_at`: rooms as far as they meet these.
    """
    values = {
        "therapists": list(question.therapists),
        "rooms": list(question.rooms),
        "client": question.client,
        "moving": question.moving,
        "hold": question.hold,
        "now": question.now,
        "span": _range(span),
        "asked": "{" + ",".join(_text(each) for each in only_at or [span]) + "}",
        "is_usual_enough": is_usual_enough,
        "usual_rooms": USUAL_ROOMS,
    }
    taken = Taken()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        for kind, key, starts, ends, rooms in cursor.fetchall():
            stretches = list(zip(starts or [], ends or [], strict=True))
            if kind == "visit":
                taken.visits[key] = Busy(stretches)
                taken.note_rooms(key, stretches, rooms)
            elif kind == "away":
                taken.away[key] = Busy(stretches)
            elif kind == "room":
                taken.rooms[key] = Busy(stretches)
            else:
                taken.client = Busy(stretches)
    return taken


def _range(span: Stretch) -> DateTimeTZRange:
    return DateTimeTZRange(*(dt.datetime.fromtimestamp(at, dt.UTC) for at in span))


def _text(span: Stretch) -> str:
    start, end = (dt.datetime.fromtimestamp(at, dt.UTC).isoformat() for at in span)
    return f"[{start},{end})"

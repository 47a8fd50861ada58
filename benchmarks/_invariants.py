"""What holds of the schedule at every moment, whoever writes: told by plain SQL, beside all our code."""
# ruff: noqa: S608 - nothing but the text of this file goes into the queries

from django.db import connection

ACTIVE = "{0}.status NOT IN ('no-show', 'cancelled', 'late-cancelled')"
BOTH = f"{ACTIVE.format('a')} AND {ACTIVE.format('b')} AND NOT a.is_overlap_allowed AND NOT b.is_overlap_allowed"
PAIR = "SELECT count(*) FROM scheduling_appointment a JOIN scheduling_appointment b ON a.id < b.id"
HOLDS = "scheduling_slothold h"
INVARIANTS = {
    "a therapist is in one place": (
        f"{PAIR} AND a.therapist_id = b.therapist_id AND a.occupies && b.occupies WHERE {BOTH}"
    ),
    "a room is used once": f"{PAIR} AND a.room_id = b.room_id AND a.occupies && b.occupies WHERE {BOTH}",
    "a client is in one place": f"{PAIR} AND a.client_id = b.client_id AND a.during && b.during WHERE {BOTH}",
    "a visit occupies its time and its buffer": (
        "SELECT count(*) FROM scheduling_appointment a JOIN scheduling_service s ON s.id = a.service_id WHERE"
        " lower(a.occupies) <> lower(a.during)"
        " OR upper(a.occupies) <> upper(a.during) + s.buffer_minutes * interval '1 minute'"
    ),
    "a time is held once": (
        f"SELECT count(*) FROM {HOLDS} JOIN scheduling_slothold o ON h.id < o.id AND h.occupies && o.occupies"
        " AND (h.therapist_id = o.therapist_id OR h.room_id = o.room_id)"
        " WHERE h.released_at IS NULL AND o.released_at IS NULL"
    ),
    "a held time is nobody else's": (
        f"SELECT count(*) FROM {HOLDS} JOIN scheduling_appointment a ON h.occupies && a.occupies"
        " AND (h.therapist_id = a.therapist_id OR h.room_id = a.room_id)"
        f" WHERE h.released_at IS NULL AND h.expires_at > now() AND NOT a.is_overlap_allowed AND {ACTIVE.format('a')}"
    ),
    "a hold that became a visit is over": (
        f"SELECT count(*) FROM {HOLDS} WHERE h.appointment_id IS NOT NULL AND h.released_at IS NULL"
    ),
    "an offered slot is taken once": (
        "SELECT count(*) FROM (SELECT hold_id FROM scheduling_waitlistoffer WHERE state = 'accepted'"
        " GROUP BY hold_id HAVING count(*) > 1) twice"
    ),
    "a visit of a series has its date": (
        "SELECT count(*) FROM scheduling_appointment WHERE series_id IS NOT NULL AND series_on IS NULL"
    ),
    "a date of a series has one visit": (
        f"SELECT count(*) FROM scheduling_appointment a WHERE a.series_id IS NOT NULL AND {ACTIVE.format('a')}"
        " GROUP BY series_id, series_on HAVING count(*) > 1 LIMIT 1"
    ),
}


def broken() -> list[str]:
    """The invariants that do not hold, by plain SQL."""
    found = []
    with connection.cursor() as cursor:
        for name, sql in INVARIANTS.items():
            cursor.execute(sql)
            if any(row[0] for row in cursor.fetchall()):
                found.append(name)
    return found


def deadlocks() -> int:
    """How many the database has resolved by giving one up, since it counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        (count,) = cursor.fetchone()
    return int(count)

"""Notes for a practice that `_clinic_at_scale` has filled: episodes, signed notes with their rows, scores, drawings.

Written by the database itself, from the visits that were held. One in forty visits has no note yet. One client of the
first therapist has 300 visits, all with notes.
"""

import datetime as dt
import time
from dataclasses import replace

import _clinic_at_scale as scale  # beside this file
from django.db import connection
from django.utils import timezone

from clinic.people.models import Client, User

from _clinic_at_scale import Size, say  # isort: skip

# Days as full as those of the schedule's own benchmark; as far back as the notes need.
SMALL = replace(scale.SMALL, name="notes_small", visits=32_200, past=dt.timedelta(days=313))
LARGE = replace(scale.LARGE, name="notes_large", visits=1_190_000, past=dt.timedelta(days=628))
QUICK = replace(scale.QUICK, name="notes_large", visits=260_000, past=dt.timedelta(days=90))
LONG = "long@example.org"
VISITS_OF_LONG = 300

# Where it is quiet about a column, the table's default of this version is given by `_insert`.
STEPS: dict[str, str] = {
    "300 visits of one client": """
        WITH chosen AS (
            SELECT visit.id FROM scheduling_appointment AS visit JOIN people_user ON people_user.id = visit.therapist_id
            WHERE people_user.email = 't0@example.org' AND visit.status <> 'cancelled' AND upper(visit.during) < %(now)s
            ORDER BY visit.during DESC OFFSET 20 LIMIT %(long)s
        )
        UPDATE scheduling_appointment SET client_id = (SELECT id FROM people_client WHERE email = %(email)s)
        WHERE id IN (SELECT id FROM chosen)
    """,
    "visits held": """
        CREATE TABLE bench_visit AS
        SELECT id, client_id, location_id, therapist_id, lower(during) AS at, upper(during) AS until,
               row_number() OVER (PARTITION BY client_id ORDER BY during) AS nth,
               abs(hashtext(id::text)) AS chance
          FROM scheduling_appointment WHERE status <> 'cancelled' AND upper(during) < %(now)s
    """,
    "episodes": """
        CREATE TABLE bench_episode AS
        SELECT gen_random_uuid() AS id, client_id, (array_agg(location_id))[1] AS location_id,
               (array_agg(therapist_id ORDER BY at DESC))[1] AS therapist_id, min(at) AS at,
               abs(hashtext(client_id::text)) AS chance
          FROM bench_visit GROUP BY client_id
    """,
    "drawings": """
        CREATE TABLE bench_drawing AS
        SELECT gen_random_uuid() AS id, client_id, at - interval '1 hour' AS at, chance
          FROM bench_visit WHERE nth %% 4 = 1
    """,
    "notes to be": """
        CREATE TABLE bench_note AS
        SELECT gen_random_uuid() AS id, visit.id AS appointment_id, visit.client_id, visit.therapist_id, visit.at,
               visit.until, visit.nth, visit.chance, episode.id AS episode_id
          FROM bench_visit AS visit JOIN bench_episode AS episode USING (client_id)
         WHERE visit.chance %% 40 <> 0 OR visit.client_id = (SELECT id FROM people_client WHERE email = %(email)s)
    """,
}
ROWS: dict[str, tuple[str, dict[str, str], str]] = {
    "treatments_episode": (
        "bench_episode",
        {
            "id": "id", "created_at": "at", "updated_at": "at", "side": "'right'", "mechanism": "'Gardening'",
            "goals": "'Walk to work'", "opened_at": "at", "close_reason": "''", "planned_sessions": "8",
            "client_id": "client_id", "location_id": "location_id", "therapist_id": "therapist_id",
            "condition_id": "(%(conditions)s::uuid[])[1 + chance %% %(condition_count)s]",
        },
        "",
    ),
    "intake_paindrawing": (
        "bench_drawing",
        {"id": "id", "created_at": "at", "updated_at": "at", "drawn_at": "at", "client_id": "client_id"},
        "",
    ),
    "intake_painmark": (
        "bench_drawing",
        {
            "id": "gen_random_uuid()", "drawing_id": "bench_drawing.id", "side": "'right'", "qualities": "'{aching}'",
            "intensity": "(chance + place.nth) %% 10 + 1", "course": "''", "spreads_to": "''", "region": "place.region",
        },
        "CROSS JOIN (VALUES (1, 'lateral-hip'), (2, 'posterior-thigh'), (3, 'buttock-lower')) AS place (nth, region)",
    ),
    "treatments_sessionnote": (
        "bench_note",
        {
            "id": "id", "created_at": "at", "updated_at": "until", "appointment_id": "appointment_id",
            "client_id": "client_id", "therapist_id": "therapist_id", "episode_id": "episode_id",
            "subjective": "'Slept through ' || chance %% 7 || ' nights of seven. Walked forty minutes on Sunday, sore "
            "after but settled by evening.'",
            "objective": "'Stands with the weight on the left. Tender over the trochanter, less than last time.'",
            "assessment": "'Gluteal tendon load pain, settling. No sign of a root lesion.'",
            "plan": "'Side-lying abduction daily. Not crossing the legs. Recheck stance and driving.'",
            "pain_now": "chance %% 8", "pain_average": "chance %% 9", "pain_worst": "chance %% 10",
            "status": "'signed'", "version": "9", "signed_at": "until", "signed_by_id": "therapist_id",
            "seal": "md5(id::text) || md5(client_id::text)", "proof": "md5(client_id::text) || md5(id::text)",
            "previous_seal": "''", "chain_number": "nth", "seal_form": "2",
        },
        "",
    ),
    "treatments_finding": (
        "bench_note",
        {
            "id": "gen_random_uuid()", "note_id": "bench_note.id", "kind": "row.kind", "code": "row.code",
            "side": "'right'", "angle_degrees": "CASE WHEN row.nth < 3 THEN 20 + chance %% 90 END",
            "tenderness_grade": "CASE WHEN row.nth = 3 THEN chance %% 4 END", "position": "row.nth",
        },
        "CROSS JOIN (VALUES (1, 'range_of_motion', 'hip-flexion'), (2, 'range_of_motion', 'hip-internal-rotation'), "
        "(3, 'trigger_point', 'gluteus-medius')) AS row (nth, kind, code)",
    ),
    "treatments_techniqueapplied": (
        "bench_note",
        {
            "id": "gen_random_uuid()", "note_id": "bench_note.id", "side": "'right'", "duration_minutes": "5 + row * 3",
            "pressure_grade": "2 + row %% 2", "response": "'eased'", "position": "row",
            "technique_id": "(%(techniques)s::uuid[])[row]",
            "structure_id": "(%(structures)s::uuid[])[1 + (chance + row) %% 5]",
        },
        "CROSS JOIN generate_series(1, 3) AS row",
    ),
    "outcomes_score": (
        "bench_note",
        {
            "id": "gen_random_uuid()", "created_at": "until", "updated_at": "until", "value": "chance %% 9",
            "recorded_at": "at", "episode_id": "episode_id", "note_id": "id", "measure_id": "%(nprs)s",
        },
        "",
    ),
    "outcomes_episodesummary": (
        "bench_episode",
        {
            "id": "gen_random_uuid()", "created_at": "at", "updated_at": "at", "episode_id": "id", "baseline": "7",
            "measure_id": "%(nprs)s", "baseline_at": "at", "latest": "4", "latest_at": "%(now)s", "best": "3",
            "change": "-3", "has_reached_mcid": "true", "mcid_reached_at": "%(now)s", "score_count": "6",
            "session_count": "6",
        },
        "",
    ),
    "treatments_prescription": (
        "bench_episode",
        {
            "id": "gen_random_uuid()", "created_at": "at", "updated_at": "at", "sets": "3", "reps": "10",
            "times_per_week": "7", "instructions": "''", "prescribed_at": "at", "episode_id": "bench_episode.id",
            "exercise_id": "(%(exercises)s::uuid[])[row]", "prescribed_by_id": "therapist_id",
        },
        "CROSS JOIN generate_series(1, 2) AS row",
    ),
    "treatments_hypothesis": (
        "bench_episode",
        {
            "id": "gen_random_uuid()", "created_at": "at", "updated_at": "at", "confidence_percent": "50 + row * 10",
            "reason": "'Tender over the trochanter'", "stated_at": "at + row * interval '7 days'",
            "episode_id": "bench_episode.id", "stated_by_id": "therapist_id",
            "condition_id": "(%(conditions)s::uuid[])[row]",
        },
        "CROSS JOIN generate_series(1, 2) AS row",
    ),
}  # fmt: skip


def fill(size: Size) -> None:
    """The practice, then its notes. Prints how far it is."""
    scale.fill(size)
    began = time.perf_counter()
    with connection.cursor() as cursor:
        # What is written here was checked where it came from; the triggers would look at every row again.
        cursor.execute("SET session_replication_role = replica")
        client = Client.objects.create(given_name="Lou", family_name="Long", email=LONG)
        client.locations.add(*User.objects.get(email="t0@example.org").locations.all())
        values = _values(cursor)
        for name, statement in STEPS.items():
            cursor.execute(statement, values)
            say(size, name, began)
        for table, (source, columns, more) in ROWS.items():
            cursor.execute(_insert(cursor, table, source, columns, more), values)
            say(size, f"{cursor.rowcount} rows of {table}", began)
        cursor.execute("DROP TABLE bench_visit, bench_episode, bench_drawing, bench_note")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    say(size, "notes ready", began)


def _values(cursor: object) -> dict[str, object]:
    """Ids of the knowledge that the rows name."""
    conditions = _ids(cursor, "intake_condition", "data->>'picker' = 'primary'")
    return {
        "now": timezone.now(),
        "email": LONG,
        "long": VISITS_OF_LONG,
        "conditions": conditions,
        "condition_count": len(conditions),
        "structures": _ids(cursor, "intake_structure", "data->>'kind' = 'muscle'"),
        "techniques": _ids(cursor, "intake_technique", "(data->>'performed_in_session')::bool"),
        "exercises": _ids(cursor, "intake_exercise", "true"),
        "nprs": _ids(cursor, "intake_measure", "code = 'nprs'")[0],
    }


def _ids(cursor: object, table: str, where: str) -> list[object]:
    cursor.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY position")  # type: ignore[attr-defined]  # noqa: S608 constants
    return [row[0] for row in cursor.fetchall()]  # type: ignore[attr-defined]


def _insert(cursor: object, table: str, source: str, columns: dict[str, str], more: str) -> str:
    """An INSERT that gives every other column that must not be empty what an empty one of its type holds."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'"
        " AND column_default IS NULL AND identity_generation IS NULL",
        [table],
    )
    rows = cursor.fetchall()  # type: ignore[attr-defined]
    empty = {name: EMPTY[kind] for name, kind in rows if name not in columns}
    if table == "treatments_sessionnote":
        empty |= dict.fromkeys(("changes", "copied_sections"), "'{}'")
    filled = columns | empty
    names = ", ".join(filled)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(filled.values())} FROM {source} {more}"  # noqa: S608 constants


EMPTY = {
    "jsonb": "'[]'",
    "character varying": "''",
    "text": "''",
    "boolean": "false",
    "smallint": "0",
    "integer": "0",
    "ARRAY": "'{}'",
}

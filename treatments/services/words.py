"""How often a therapist uses the words of the knowledge: what chips are ordered by."""

import uuid
from collections import Counter

from django.db import connection

from treatments.models import SessionNote, WordUse

TECHNIQUE = "technique"
COUNTED = frozenset({"special_test", "trigger_point", "palpation"})  # what is chosen from a list

_UPSERT = f"""
    INSERT INTO {WordUse._meta.db_table} (id, therapist_id, condition_id, kind, code, uses)
    SELECT gen_random_uuid(), %s, %s, kind, code, uses
    FROM unnest(%s::text[], %s::text[], %s::integer[]) AS used (kind, code, uses)
    ON CONFLICT (therapist_id, condition_id, kind, code)
    DO UPDATE SET uses = {WordUse._meta.db_table}.uses + EXCLUDED.uses
"""  # noqa: S608  # the name of our own table


def count_words(note: SessionNote) -> None:
    """Count what a note that is being signed used: two reads and one write, none when nothing was used.

    Rows are written in their order, so that two signatures at once cannot wait for each other in a ring.
    """
    if note.episode is None:
        return
    used = Counter(set(note.findings.filter(kind__in=COUNTED).values_list("kind", "code")))
    done = note.techniques.order_by().values_list("technique__code", flat=True).distinct()
    used.update((TECHNIQUE, code) for code in done)
    if not used:
        return
    rows = sorted(used.items())
    columns = [kind for (kind, _code), _uses in rows], [code for (_kind, code), _uses in rows], [n for _key, n in rows]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [note.therapist_id, note.episode.condition_id, *columns])


def uses_of(*, therapist_id: uuid.UUID, condition_id: uuid.UUID, kind: str) -> dict[str, int]:
    """Uses by code, for one therapist and condition (one query)."""
    rows = WordUse.objects.filter(therapist=therapist_id, condition=condition_id, kind=kind)
    return dict(rows.values_list("code", "uses"))

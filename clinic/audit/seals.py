"""Sealing events in batches, away from the requests that write them."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from clinic.audit.canonical import FIELDS, event_mac, seal_digest
from clinic.audit.models import Event, Seal
from clinic.audit.services import record
from clinic.core import clock

BATCH_SIZE = 5_000
# Written with each seal and sealed by the next one: it betrays a removed last seal.
ANCHOR = "audit.sealed"
_LOCK = 7_031_845_216_004


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a run did. `is_settled` is false when writers were still busy and the rest waits for the next run."""

    events: int
    seals: int
    is_settled: bool


def seal_pending(*, patience_seconds: float = 5.0) -> Sealed:
    """Seal every event that no running transaction can still precede; one sealer at a time."""
    events = seals = 0
    boundary = _settled_boundary(patience_seconds)
    if boundary is None:
        return Sealed(0, 0, is_settled=False)
    while (batch := _seal_batch(boundary)) > 0:
        events, seals = events + batch, seals + 1
    return Sealed(events, seals, is_settled=True)


def _settled_boundary(patience_seconds: float) -> int | None:
    """The last event id before which no new row can appear, or None when a writer does not finish in time.

    Ids come from a sequence and commits may come in another order. A writer locks the table before it draws an id and
    lets go after its commit is visible; so once all who held the lock when the id was read are gone, the ids up to
    it are final. PostgreSQL's CREATE INDEX CONCURRENTLY waits in the same way.
    """
    newest = Event.objects.order_by("-id").values_list("id", flat=True).first()
    if newest is None:
        return 0
    deadline = time.monotonic() + patience_seconds
    writers = _writers()
    while writers:
        if time.monotonic() > deadline:
            return None
        time.sleep(0.02)
        writers &= _writers()
    return newest


def _writers() -> set[str]:
    """Transactions of others that may be writing events."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation = %s::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()",
            [Event._meta.db_table],
        )
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _seal_batch(boundary: int) -> int:
    """Seal up to BATCH_SIZE events. Returns how many; 0 when there is nothing to do or another sealer is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = Seal.objects.order_by("-number").first()
    done = last.last_event_id if last else 0
    waiting = Event.objects.filter(id__gt=done, id__lte=boundary)
    if not waiting.exclude(action=ANCHOR).exists():
        return 0
    key = settings.AUDIT_KEY.encode()
    rows = waiting.order_by("id").values_list(*FIELDS)[:BATCH_SIZE]
    macs = [[row[0], event_mac(row, key=key)] for row in rows]
    seal = Seal(
        number=last.number + 1 if last else 1,
        sealed_at=clock.now(),
        first_event_id=macs[0][0],
        last_event_id=macs[-1][0],
        event_macs=macs,
    )
    seal.digest = seal_digest(seal, previous=last.digest if last else "", key=key)
    seal.save(force_insert=True)
    record(None, ANCHOR, seal, changes={"digest": seal.digest, "events": len(macs)})
    return len(macs)

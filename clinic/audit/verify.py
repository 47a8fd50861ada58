"""Proving that sealed events are as they were written, or naming the first that is not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from clinic.audit.canonical import FIELDS, event_mac, seal_digest
from clinic.audit.models import Event, Seal
from clinic.audit.seals import ANCHOR


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `problem` is empty when everything sealed is as it was."""

    seals: int
    sealed_events: int
    unsealed_events: int
    first_unsealed_id: int | None
    head: str
    problem: str

    @property
    def passed(self) -> bool:
        return not self.problem


def verify(*, expected_head: str = "") -> Verdict:
    """Check every seal and event in order, and stop at the first that is wrong. One pass over both tables.

    `expected_head` is "number:digest" as `seal_audit` printed it and somebody kept elsewhere: it also shows when
    the newest seals and events were removed together, which nothing inside the database can.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:  # one view of both tables, while the sealer goes on
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _verify(expected_head)


def _verify(expected_head: str) -> Verdict:
    key = settings.AUDIT_KEY.encode()
    seals = events = 0
    problem = head = ""
    previous = Seal(number=0, last_event_id=0, digest="")
    rows = _Rows(Event.objects.order_by("id").values_list(*FIELDS).iterator(chunk_size=2_000))
    for seal in Seal.objects.order_by("number").iterator(chunk_size=20):
        problem = _wrong_with_seal(seal, previous, key) or _wrong_with_events(seal, rows, key)
        if problem:
            break
        seals, events, previous = seals + 1, events + len(seal.event_macs), seal
        head = f"{seal.number}:{seal.digest}"
    unsealed = Event.objects.filter(id__gt=previous.last_event_id) if seals else Event.objects.all()
    problem = problem or _wrong_with_tail(previous.number) or _wrong_with_head(expected_head)
    first = unsealed.order_by("id").values_list("id", flat=True).first()
    return Verdict(seals, events, unsealed.count(), first, head, problem)


class _Rows:
    """Events in order of id, one at a time, each seen before it is taken."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self.next = next(rows, None)

    def up_to(self, last_id: int) -> Iterator[tuple[Any, ...]]:
        while self.next is not None and self.next[0] <= last_id:
            row, self.next = self.next, next(self._rows, None)
            yield row


def _wrong_with_seal(seal: Seal, previous: Seal, key: bytes) -> str:
    if seal.number != previous.number + 1:
        return f"seal {previous.number + 1} was removed"
    if seal.digest != seal_digest(seal, previous=previous.digest, key=key):
        return f"seal {seal.number} was altered, or sealed with another key"
    return ""


def _wrong_with_events(seal: Seal, rows: _Rows, key: bytes) -> str:
    """Walk the rows beside the hashes of one seal; both are in order of id."""
    kept: Iterator[list[Any]] = iter(seal.event_macs)
    expected = next(kept, None)
    for row in rows.up_to(seal.last_event_id):
        if expected is None or row[0] < expected[0]:
            return f"event {row[0]} was inserted after seal {seal.number}"
        if row[0] > expected[0]:
            return f"event {expected[0]} was removed"
        if event_mac(row, key=key) != expected[1]:
            return f"event {row[0]} was altered"
        expected = next(kept, None)
    return f"event {expected[0]} was removed" if expected is not None else ""


def _wrong_with_tail(last_number: int) -> str:
    """Each seal leaves an event behind it, which the next one seals."""
    anchors = Event.objects.filter(action=ANCHOR, object_type=Seal._meta.label_lower)
    newest = anchors.order_by("-id").values_list("object_id", flat=True).first()
    if newest is not None and int(newest) > last_number:
        return f"seal {last_number + 1} was removed"
    return ""


def _wrong_with_head(expected: str) -> str:
    if not expected:
        return ""
    number, _, digest = expected.partition(":")
    if number.isdecimal() and Seal.objects.filter(number=int(number), digest=digest).exists():
        return ""
    return f"seal {number} with the digest you kept is not there"

"""Proving that every signed note is as it was signed, or naming each that is not and what of it differs.

A note is held against its own seal, the proof under the practice's key, its place in the client's chain, and the event
of its signature in the audit trail, which is sealed by a chain of its own (`verify_audit`). The trail also betrays a
note, an addendum or a co-signature that is not there any more, the newest of a chain included.
"""

import datetime as dt
import hashlib
import hmac
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from clinic.audit.models import Event
from clinic.people.models import Client, Document
from treatments.models import CoSignature, NoteFile, SessionNote
from treatments.seal import part_proofs, proof_of, seal_of
from treatments.seal_forms import FIRST, PREFETCH, parts

CHECKED = "notes.checked"
SIGNED, ADDED, CO_SIGNED = "note.signed", "note.addendum", "note.co-signed"
CLIENTS_AT_ONCE, NOTES_AT_ONCE = 50, 200


@dataclass(frozen=True, slots=True)
class Altered:
    """A note that is not what was signed. `what` names parts, never what they say."""

    note_id: str
    client_number: int | None
    what: tuple[str, ...]

    def __str__(self) -> str:
        client = "no client" if self.client_number is None else f"client {self.client_number}"
        return f"note {self.note_id} of {client}: {', '.join(self.what)}"


@dataclass(slots=True)
class Verdict:
    """What was looked at. `last_client` is where a check that was cut short goes on."""

    notes: int = 0
    altered: list[Altered] = field(default_factory=list)
    last_client: uuid.UUID | None = None
    is_complete: bool = True


@dataclass(slots=True)
class _Trail:
    """What the audit trail says of one note."""

    signed: Event | None = None
    added: dict[str, dict[str, Any]] = field(default_factory=dict)
    co_signed: list[dict[str, Any]] = field(default_factory=list)


def verify(
    *,
    clients: QuerySet[Client] | None = None,
    since: dt.datetime | None = None,
    after: uuid.UUID | None = None,
    goes_on: Callable[[Verdict], bool] = lambda _verdict: True,
) -> Verdict:
    """Check the notes of all clients, or of some, fifty clients at a time; memory stays bounded.

    `since` leaves out the content of what was signed before, chains are checked whole. `goes_on` is asked after each
    batch; once it says no, the verdict is cut short and `after` its last client the check can go on.
    """
    verdict = Verdict(last_client=after)
    everybody = clients is None
    rows: QuerySet[Client] = Client._base_manager.all() if clients is None else clients
    while True:
        left = (
            rows.order_by("pk")
            if verdict.last_client is None
            else rows.filter(pk__gt=verdict.last_client).order_by("pk")
        )
        batch = list(left.only("pk", "number")[:CLIENTS_AT_ONCE])
        if not batch:
            break
        _check_clients({client.pk: client.number for client in batch}, since, verdict)
        verdict.last_client = batch[-1].pk
        if not goes_on(verdict):
            verdict.is_complete = False
            return verdict
    if everybody:
        _check_homeless(verdict)
    return verdict


def _check_clients(numbers: dict[uuid.UUID, int], since: dt.datetime | None, verdict: Verdict) -> None:
    trails = _trails_of(numbers)
    heads: dict[uuid.UUID, tuple[int, str]] = {}
    notes = SessionNote._base_manager.filter(client__in=numbers, status=SessionNote.Status.SIGNED)
    related = (*PREFETCH, "addenda")
    for note in (
        notes.select_related("pain_drawing", "co_signature")
        .prefetch_related(*related)
        .order_by("client_id", "chain_number", "signed_at", "pk")
        .iterator(chunk_size=NOTES_AT_ONCE)
    ):
        trail = trails.pop(str(note.pk), _Trail())
        what = _wrong_in_chain(note, heads)
        if since is None or _is_since(note, trail, since):
            what += _wrong_with(note, trail)
            verdict.notes += 1
        if what:
            verdict.altered.append(Altered(str(note.pk), numbers[note.client_id], tuple(dict.fromkeys(what))))
    verdict.altered += _gone(trails, numbers)


def _is_since(note: SessionNote, trail: _Trail, since: dt.datetime) -> bool:
    """By the row or the trail, whichever is later: an altered time hides nothing."""
    times = (note.signed_at, trail.signed.at if trail.signed else None)
    return any(at is not None and at >= since for at in times)


def _trails_of(clients: Iterable[uuid.UUID]) -> dict[str, _Trail]:
    trails: dict[str, _Trail] = defaultdict(_Trail)
    label = SessionNote._meta.label_lower
    events = Event.objects.filter(client_id__in=clients, action__in=(SIGNED, ADDED, CO_SIGNED), object_type=label)
    for event in events.order_by("id").iterator(chunk_size=2_000):
        trail = trails[event.object_id]
        if event.action == SIGNED:
            trail.signed = event
        elif event.action == ADDED:
            trail.added[event.changes.get("addendum", "")] = event.changes
        else:
            trail.co_signed.append(event.changes)
    return trails


def _wrong_in_chain(note: SessionNote, heads: dict[uuid.UUID, tuple[int, str]]) -> list[str]:
    if note.seal_form == FIRST:
        return []
    number, seal = heads.get(note.client_id, (0, ""))
    heads[note.client_id] = (note.chain_number or 0, note.seal)
    if note.chain_number != number + 1:
        return ["the note before it in the chain is gone"]
    return [] if note.previous_seal == seal else ["does not follow the note before it"]


def _wrong_with(note: SessionNote, trail: _Trail) -> list[str]:
    said = trail.signed.changes if trail.signed else {}
    what = _wrong_content(note, said)
    if trail.signed is None:
        what.append("its signature is not in the audit trail")
    elif said.get("seal") != note.seal:
        what.append("its seal is not the one in the audit trail")
    elif said.get("number") != note.chain_number:
        what.append("its form or place is not the one in the audit trail")
    what += _wrong_addenda(note, trail)
    what += _wrong_co_signature(note, trail)
    return what + _wrong_files(note)


def _wrong_content(note: SessionNote, said: dict[str, Any]) -> list[str]:
    what = []
    if seal_of(note) != note.seal:
        known = said.get("parts", {})
        now = part_proofs(parts(note)) if known else {}
        what = [part for part, proof in now.items() if known.get(part) != proof] or ["its content or seal"]
    if note.seal_form != FIRST and not hmac.compare_digest(note.proof, proof_of("note", note.seal)):
        what.append("sealed by somebody without the key")
    return what


def _wrong_addenda(note: SessionNote, trail: _Trail) -> list[str]:
    what, previous, seen = [], note.seal, set()
    for number, row in enumerate(
        sorted(note.addenda.all(), key=lambda row: (row.number or 0, row.created_at)), start=1
    ):
        seen.add(str(row.pk))
        said = trail.added.get(str(row.pk))
        if said is None:
            what.append(f"addendum {number} is not in the audit trail")
        elif said.get("seal", "") != row.seal:
            what.append(f"addendum {number}")
        if not row.seal:  # from before addenda were sealed; the trail knows it
            continue
        fits = row.number == number and row.seal == seal_of(row, previous=previous)
        if not fits or not hmac.compare_digest(row.proof, proof_of("addendum", row.seal)):
            what.append(f"addendum {number}")
        previous = row.seal
    return what + ["an addendum is gone"] * bool(trail.added.keys() - seen)


def _wrong_co_signature(note: SessionNote, trail: _Trail) -> list[str]:
    row: CoSignature | None = getattr(note, "co_signature", None)
    if row is None:
        return ["its co-signature is gone"] if trail.co_signed else []
    fits = row.seal == seal_of(row, previous=note.seal) and hmac.compare_digest(
        row.proof, proof_of("co-signature", row.seal)
    )
    is_known = any(said.get("seal") == row.seal for said in trail.co_signed)
    return [] if fits and is_known else ["its co-signature"]


def _wrong_files(note: SessionNote) -> list[str]:
    """The files as they lie on the disk, not only what their rows say of them."""
    return ["a file" for row in note.files.all() if not _is_whole(row)][:1]


def _is_whole(row: NoteFile) -> bool:
    digest = hashlib.sha256()
    try:
        document: Document = row.document
        with document.file.storage.open(str(document.file.name)) as content:
            for chunk in iter(lambda: content.read(1 << 20), b""):
                digest.update(chunk)
    except (OSError, ValueError, ObjectDoesNotExist):
        return False
    return document.removed_at is None and digest.hexdigest() == document.sha256


def _gone(trails: dict[str, _Trail], numbers: dict[uuid.UUID, int]) -> Iterator[Altered]:
    """What the trail knows as signed and no signed note of this client answers to."""
    left = {pk: trail for pk, trail in trails.items() if trail.signed}
    there = SessionNote._base_manager.filter(pk__in=left).values_list("pk", "status")
    states = {str(pk): status for pk, status in there}
    for pk, trail in left.items():
        client_id = trail.signed.client_id if trail.signed else None
        status = states.get(pk, "")
        if status != SessionNote.Status.SIGNED:  # one that is signed is named where it is now
            what = "is not signed any more" if status else "was removed"
            yield Altered(pk, numbers.get(client_id) if client_id else None, (what,))


def _check_homeless(verdict: Verdict) -> None:
    """Notes and signatures whose client is not there: nobody comes by them otherwise. Two queries."""
    clients = Client._base_manager.values("pk")
    for pk in SessionNote.objects.signed().exclude(client_id__in=clients).values_list("pk", flat=True):
        verdict.altered.append(Altered(str(pk), None, ("its client is not there",)))
    events = Event.objects.filter(action=SIGNED).exclude(client_id__in=clients)
    for pk in events.values_list("object_id", flat=True):
        if not any(each.note_id == pk for each in verdict.altered):
            verdict.altered.append(Altered(pk, None, ("was removed, with its client",)))

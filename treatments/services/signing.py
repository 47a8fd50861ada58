"""Signing session notes, and what is added to them afterwards. All of it is sealed and stays."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, NotAllowed, Refused
from clinic.people.models import Client, TherapistProfile, User
from clinic.people.permissions import Permission, require
from treatments.models import Addendum, CoSignature, SessionNote, SetAside
from treatments.seal import proof_of, seal_note, seal_of
from treatments.services.notes import lock_draft, missing_for, require_version
from treatments.services.programme import send_after_signing
from treatments.services.scores import record_note
from treatments.services.words import count_words


@transaction.atomic
def sign_note(*, note: SessionNote, by: User, version: int) -> SessionNote:
    """Sign, seal and lock a note; record its pain and what the visit's form scores.

    Who signs has shown that it is they before (`clinic.people.services.signing_pins`). Raises StaleVersion, or Refused
    with what is missing.
    """
    require(by, Permission.SIGN_NOTE)
    _lock_chain(note)
    client_id = note.client_id
    note = lock_draft(note=note, by=by)
    if note.client_id != client_id:
        raise Conflict(_("This record was merged into another one just now. Try again."), code="client-merged")
    require_version(note, version)
    _require_settled(note, by)
    _require_complete(note)
    note.status, note.signed_at, note.signed_by = SessionNote.Status.SIGNED, clock.now(), by
    note.supervisor_id = supervisor_of(by)
    note.version += 1
    head = SessionNote.objects.filter(client=client_id).exclude(chain_number=None).order_by("chain_number").last()
    parts = seal_note(note, head)
    note.save()
    record_note(note)
    send_after_signing(note, by=by)
    count_words(note)
    sealed = {"version": note.version, "seal": note.seal, "number": note.chain_number, "parts": parts}
    audit.record(by, "note.signed", note, client=note.client, changes=sealed)
    return note


def supervisor_of(user: User) -> uuid.UUID | None:
    """Who co-signs this therapist's notes now; mostly nobody."""
    return TherapistProfile.objects.filter(user=user).values_list("supervisor", flat=True).first()


def may_co_sign(note: SessionNote, user: User) -> bool:
    """Whoever supervised the therapist at signing, or does now; never the author, and not twice (two queries)."""
    if not note.is_signed or user.pk in {note.therapist_id, note.signed_by_id} or note.supervisor_id is None:
        return False
    is_theirs = user.pk in {note.supervisor_id, supervisor_of(note.therapist)}
    return is_theirs and not CoSignature.objects.filter(note=note).exists()


@transaction.atomic
def co_sign_note(*, note: SessionNote, by: User, remark: str = "") -> CoSignature:
    """A supervisor stands by a supervised therapist's signed note. Raises NotAllowed for anybody else."""
    require(by, Permission.SIGN_NOTE, note)
    _lock_chain(note)
    if CoSignature.objects.filter(note=note).exists():
        raise Conflict(_("This note is co-signed already."), code="co-signed")
    if not may_co_sign(note, by):
        raise NotAllowed(_("Only the supervisor of this therapist co-signs the note."))
    signature = CoSignature(note=note, signed_by=by, signed_at=clock.now(), remark=remark.strip())
    signature.seal = seal_of(signature, previous=note.seal)
    signature.proof = proof_of("co-signature", signature.seal)
    signature.save(force_insert=True)
    audit.record(by, "note.co-signed", note, client=note.client, changes={"seal": signature.seal})
    return signature


def _lock_chain(note: SessionNote) -> None:
    """A client's notes are sealed one after the other, each knowing the seal before it."""
    Client.objects.select_for_update(of=("self",), no_key=True).get(pk=note.client_id)


def _require_settled(note: SessionNote, by: User) -> None:
    if SetAside.objects.filter(note=note, author=by, settled_at=None).exists():
        raise Refused(
            _("Another text of this note, typed elsewhere, is not merged yet. Compare the two, then sign."),
            code="unsettled-text",
        )


def _require_complete(note: SessionNote) -> None:
    missing = missing_for(note, row_count=note.findings.count() + note.techniques.count())
    if missing:
        raise Refused(
            " ".join(str(lack.message) for lack in missing),
            code="note-incomplete",
            details={"missing": [lack.code for lack in missing]},
        )


@transaction.atomic
def add_addendum(*, note: SessionNote, by: User, text: str) -> Addendum:
    """Add to a signed note; it stays under it for good. Any therapist who sees the note may."""
    require(by, Permission.WRITE_NOTE, note)
    if not note.is_signed:
        raise Refused(_("This note is not signed yet: change the note itself."), code="note-unsigned")
    if not text.strip():
        raise Refused(_("Write what is to be added."), code="empty")
    _lock_chain(note)
    earlier = list(note.addenda.order_by("created_at"))
    addendum = Addendum(note=note, text=text.strip(), author=by, number=len(earlier) + 1)
    # The database keeps it to the microsecond too, and the order of the seals is that of the clock.
    addendum.created_at = clock.now()
    addendum.seal = seal_of(addendum, previous=(earlier[-1].seal if earlier else "") or note.seal)
    addendum.proof = proof_of("addendum", addendum.seal)
    addendum.save(force_insert=True)
    sealed = {"addendum": str(addendum.pk), "number": addendum.number, "seal": addendum.seal}
    audit.record(by, "note.addendum", note, client=note.client, changes=sealed)
    return addendum

"""Seals of notes and of what is added to them, each chained to the one before it.

A seal is the SHA-256 of the canonical form: whoever holds the rows can compute it again. Its proof is the seal under a
key that no database holds: whoever rewrites rows and computes their seals anew cannot make it.
"""

import hashlib
import hmac
import json
from functools import cache
from typing import Any

from django.conf import settings

from treatments.models import Addendum, CoSignature, SessionNote
from treatments.seal_forms import FIRST, PREFETCH, PRESENT, first_form, parts, plain

_ADDED = {
    Addendum: ("number", "text", "author_id"),
    CoSignature: ("signed_by_id", "signed_at", "remark"),
}

__all__ = ["PREFETCH", "PRESENT", "is_intact", "part_proofs", "proof_of", "seal_note", "seal_of"]


def seal_note(note: SessionNote, head: SessionNote | None) -> dict[str, str]:
    """Give a note that is about to be saved as signed its place after `head`, its seal and its proof.

    Returns a keyed hash of each part, which the audit trail keeps, so that a later check can name what differs.
    """
    note.seal_form = PRESENT
    note.chain_number = (head.chain_number or 0) + 1 if head else 1
    note.previous_seal = head.seal if head else ""
    found = parts(note)
    note.seal = _sha256({"form": PRESENT, **found})
    note.proof = proof_of("note", note.seal)
    return part_proofs(found)


def part_proofs(found: dict[str, Any]) -> dict[str, str]:
    """64 bits of keyed hash for each part; without the key nobody can try out what a part may have said."""
    return {part: _hmac(f"part:{part}:{_text(value)}")[:16] for part, value in found.items()}


def seal_of(row: SessionNote | Addendum | CoSignature, *, previous: str = "") -> str:
    """SHA-256 of the canonical form, in hexadecimal; `previous` is the seal an addendum or co-signature follows."""
    if isinstance(row, SessionNote):
        if row.seal_form == FIRST:
            return _sha256(first_form(row))
        return _sha256({"form": row.seal_form, **parts(row)})
    names = _ADDED[type(row)]
    said = {name: plain(getattr(row, name)) for name in ("id", "note_id", "created_at", *names)}
    return _sha256({str(row._meta.model_name): said, "after": previous})


def proof_of(kind: str, seal: str) -> str:
    """The seal under the practice's key."""
    return _hmac(f"{kind}:{seal}")


def is_intact(note: SessionNote) -> bool:
    """Whether a signed note still is what was signed, by itself. A look at the whole chain is `verify_notes`."""
    if not note.is_signed or seal_of(note) != note.seal:
        return False
    return note.seal_form == FIRST or hmac.compare_digest(note.proof, proof_of("note", note.seal))


def _sha256(form: dict[str, Any]) -> str:
    return hashlib.sha256(_text(form).encode()).hexdigest()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _hmac(text: str) -> str:
    return hmac.new(_key(settings.AUDIT_KEY), text.encode(), hashlib.sha256).hexdigest()


@cache
def _key(audit_key: str) -> bytes:
    """Its own key, so that no hash of the trail can pass for one of a note."""
    return hmac.new(audit_key.encode(), b"palpate: seals of session notes", hashlib.sha256).digest()

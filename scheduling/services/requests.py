"""Answers a request of another program once, however often it is sent."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from clinic.core.errors import Refused
from clinic.people.models import User
from scheduling.models import AnsweredRequest
from scheduling.services.transactions import retried

KEPT = dt.timedelta(days=2)
Answer = tuple[int, Any]  # status, and a body that JSON can hold


@retried
def answer_once(*, key: uuid.UUID, fingerprint: str, by: User, write: Callable[[], Answer]) -> Answer:
    """What `write` answers; its earlier answer when the key was used before. One transaction for key and writing.

    A second request with the key waits for the first. A refusal leaves no trace, so that it may be tried again.
    Raises Refused `key-reused` for another body, Conflict `busy` when the first takes too long.
    """
    row, is_new = AnsweredRequest.objects.get_or_create(key=key, by=by, defaults={"fingerprint": fingerprint})
    if not is_new:
        if row.fingerprint != fingerprint:
            raise Refused(_("This key was used for another request. Send a new one."), code="key-reused")
        return row.status, row.answer
    row.status, row.answer = write()
    row.save(update_fields=["status", "answer"])
    return row.status, row.answer


def forget_answers(*, now: dt.datetime) -> int:
    """Delete what was answered more than two days ago. Returns how many."""
    return AnsweredRequest.objects.filter(created_at__lt=now - KEPT).delete()[0]

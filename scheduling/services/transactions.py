"""A transaction that is tried again when PostgreSQL chose it as the one to give way."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from clinic.core.errors import Conflict

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 3
EXCLUSION_VIOLATION = "23P01"
_GAVE_WAY = {"40P01", "40001"}  # deadlock, serialization failure
_LOCK_TIMEOUT = "55P03"


def sqlstate(error: DatabaseError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def retried(write: Callable[P, R]) -> Callable[P, R]:
    """Run `write` in a transaction, up to three times. Raises Conflict `busy` when others hold the rows too long."""

    @wraps(write)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        for last in (False, False, True):
            try:
                with transaction.atomic():
                    return write(*args, **kwargs)
            except (OperationalError, IntegrityError) as error:
                state = sqlstate(error)
                if state == _LOCK_TIMEOUT or (state in _GAVE_WAY and last):
                    raise Conflict(_("Somebody else is booking there right now. Try again."), code="busy") from error
                if state not in _GAVE_WAY:
                    raise
        raise AssertionError("unreachable")

    return attempt

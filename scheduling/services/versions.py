"""Versions of settings: when a row was last saved, as a number that goes into an ETag and comes back in If-Match."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clinic.core.errors import StaleVersion
from clinic.core.models import TimestampedModel

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NINE_DIGITS = 999_999_999  # what If-Match is read as; two saves share a number once in a thousand million


def version_of(row: TimestampedModel | None) -> int:
    """Never 0, which is where nothing is saved and the defaults hold."""
    if row is None or row._state.adding:
        return 0
    return (row.updated_at - _EPOCH) // dt.timedelta(microseconds=1) % _NINE_DIGITS + 1


def check_version(row: Any, seen: int | None) -> None:
    """Raises StaleVersion when somebody saved the row since it was seen; whoever asks has locked it."""
    if seen is not None and seen != version_of(row):
        words = _("Somebody changed this in the meantime. Look again before you go on.")
        raise StaleVersion(words, details={"version": version_of(row)})

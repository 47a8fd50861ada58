"""Records that may be the same person as one who booked online and was not recognised: for front desk to sort out."""

from typing import Any

from clinic.people.models import User
from clinic.people.permissions import Permission, may
from clinic.people.services.duplicates import DUPLICATE_FIELDS, possible_duplicates
from scheduling.models import Appointment


def twins_of(appointment: Appointment, *, by: User) -> dict[str, Any]:
    """`twins`, of a first visit that was booked online, and whether `by` may merge them. 2 queries."""
    if appointment.origin != Appointment.Origin.ONLINE or not appointment.is_first_visit:
        return {"twins": []}
    details = {name: getattr(appointment.client, name) for name in DUPLICATE_FIELDS}
    found = possible_duplicates(by=by, besides=appointment.client, **details)
    return {"twins": found, "may_merge": may(by, Permission.MERGE_CLIENTS)}

"""How states are shown: icon and word, never colour alone."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

APPOINTMENT: dict[str, str | Promise] = {
    "held": _("Held"),
    "booked": _("Booked"),
    "confirmed": _("Confirmed"),
    "arrived": _("Arrived"),
    "in-session": _("In session"),
    "completed": _("Completed"),
    "no-show": _("No-show"),
    "cancelled": _("Cancelled"),
}


def appointment(value: str) -> dict[str, Any]:
    """Icon, word and data attribute; takes `in_session` as well as `in-session`. Raises KeyError for another word."""
    key = value.replace("_", "-")
    return {"key": key, "word": APPOINTMENT[key]}

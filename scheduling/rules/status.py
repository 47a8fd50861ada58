"""How an appointment goes from booked to done, and what may be taken back."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.core.errors import Refused

STATUSES = (
    "held",
    "booked",
    "confirmed",
    "arrived",
    "in-session",
    "completed",
    "no-show",
    "cancelled",
    "late-cancelled",
)
CANCELLED = frozenset({"cancelled", "late-cancelled"})
INACTIVE = frozenset({"no-show", "cancelled", "late-cancelled"})
TRANSITIONS: dict[str, frozenset[str]] = {
    "held": frozenset({"booked", "cancelled"}),
    "booked": frozenset({"confirmed", "arrived", "in-session", "no-show", "cancelled", "late-cancelled"}),
    "confirmed": frozenset({"arrived", "in-session", "no-show", "cancelled", "late-cancelled"}),
    "arrived": frozenset({"in-session", "cancelled", "late-cancelled"}),
    "in-session": frozenset({"completed"}),
    "completed": frozenset(),
    "no-show": frozenset({"arrived"}),  # late, but here
    "cancelled": frozenset(),
    "late-cancelled": frozenset(),
}
MOVABLE = frozenset({"held", "booked", "confirmed", "arrived"})
STRETCHABLE = MOVABLE | {"in-session"}
CANCELLABLE = frozenset({"held", "booked", "confirmed", "arrived"})
# Said of the same day only: nobody arrives tomorrow.
_ON_THE_DAY = frozenset({"arrived", "in-session", "completed"})


def possible(status: str, *, starts_at: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> list[str]:
    """What an appointment may become now, in the order of a visit."""
    return [to for to in STATUSES if to in TRANSITIONS[status] and not _refusal(to, starts_at, now, zone)]


def check_transition(status: str, to: str, *, starts_at: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> None:
    """Raises Refused when an appointment in `status` cannot become `to` now."""
    if to not in TRANSITIONS.get(status, frozenset()):
        raise Refused(
            _("An appointment that is “%(status)s” cannot become “%(to)s”.") % {"status": status, "to": to},
            code="transition-refused",
        )
    refusal = _refusal(to, starts_at, now, zone)
    if refusal:
        raise Refused(refusal, code="transition-refused")


def cancelled_status(*, starts_at: dt.datetime, now: dt.datetime, notice_hours: int) -> str:
    """`cancelled` with enough notice, `late-cancelled` without."""
    return "cancelled" if is_free_to_cancel(starts_at, now, notice_hours) else "late-cancelled"


def is_free_to_cancel(starts_at: dt.datetime, now: dt.datetime, notice_hours: int) -> bool:
    return now <= free_until(starts_at, notice_hours)


def free_until(starts_at: dt.datetime, notice_hours: int) -> dt.datetime:
    """Until when cancelling or moving costs nothing."""
    return starts_at - dt.timedelta(hours=notice_hours)


def _refusal(to: str, starts_at: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> str:
    if to in _ON_THE_DAY and starts_at.astimezone(zone).date() != now.astimezone(zone).date():
        return _("That can be said on the day of the appointment only.")
    if to == "no-show" and now < starts_at:
        return _("The appointment has not begun yet. Cancel it if the client will not come.")
    return ""

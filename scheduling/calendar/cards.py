"""One appointment as its card shows it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.models import Appointment
from scheduling.rules.grid import Stretch
from scheduling.rules.status import INACTIVE, MOVABLE, STRETCHABLE, possible

_LONG_WAIT_MINUTES = 5
_FORGOTTEN_MINUTES = 120
_A_DAY = dt.timedelta(days=1)
_BY_TAP = ("in-session", "completed")
SETTLED = INACTIVE | {"completed"}


@dataclass(slots=True)
class Card:
    """Positions are wall-clock minutes of the day."""

    appointment: Appointment
    start: int
    end: int
    lane: int
    lanes: int
    status: str
    icon: str
    word: str
    url: str
    length: str
    third: str = ""
    is_urgent: bool = False
    waiting_minutes: int | None = None
    intake: str = ""
    intake_word: str = ""
    flag: str = ""
    alerts: list[dict[str, Any]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)  # what it may become by one tap
    is_out: bool = False  # not among what the calendar is asked for
    is_often: bool = False  # the client has another visit on the same days

    @property
    def may_move(self) -> bool:
        return self.appointment.status in MOVABLE

    @property
    def may_stretch(self) -> bool:
        return self.appointment.status in STRETCHABLE

    @property
    def buffer_minutes(self) -> int:
        return int(self.appointment.buffer.total_seconds() // 60)

    @property
    def sort_key(self) -> tuple[dt.datetime, str]:
        return self.appointment.starts_at, str(self.appointment.pk)

    @property
    def date(self) -> dt.date:
        return self.appointment.starts_at.astimezone(self.appointment.zone).date()

    @property
    def is_active(self) -> bool:
        return self.appointment.is_active

    @property
    def is_over(self) -> bool:
        return self.status in SETTLED

    @property
    def holds_time(self) -> bool:
        """Whether a gap may not be drawn under it; a cancelled card's time is offered by its own panel."""
        return self.status != "no-show"

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def end_with_buffer(self) -> int:
        if not self.is_active:
            return self.end
        return self.end + self.buffer_minutes

    @property
    def is_long_wait(self) -> bool:
        return (self.waiting_minutes or 0) >= _LONG_WAIT_MINUTES

    @property
    def waiting_since(self) -> str:
        """After two hours it says when they came: nobody sits there that long, somebody forgot to press Start."""
        if (self.waiting_minutes or 0) <= _FORGOTTEN_MINUTES or not self.appointment.arrived_at:
            return ""
        return date_format(localtime(self.appointment.arrived_at, self.appointment.zone), _("H:i"))

    @property
    def alert_words(self) -> str:
        return ", ".join(alert["label"] for alert in self.alerts)


def card_of(
    appointment: Appointment, stretch: Stretch, lane: tuple[int, int], *, now: dt.datetime, usual_room: str = ""
) -> Card:
    """`appointment` comes from `for_calendar()`, so that nothing is read here."""
    status = appointment.status
    end = max(stretch[1], stretch[0] + 5)
    card = Card(
        appointment=appointment,
        start=stretch[0],
        end=end,
        lane=lane[0],
        lanes=min(lane[1], 4),
        status="cancelled" if status == "late-cancelled" else status,
        icon="cancelled" if status == "late-cancelled" else status,
        word=appointment.get_status_display(),
        url=reverse("scheduling:appointment-detail", args=[appointment.pk]),
        length=ngettext("%(minutes)s min", "%(minutes)s min", end - stretch[0]) % {"minutes": end - stretch[0]},
        alerts=getattr(appointment, "open_alerts", None) or [],
        flag=getattr(appointment, "flag_urgency", None) or "",
    )
    if appointment.invitation and appointment.is_active:
        card.intake, card.intake_word = appointment.invitation.state, appointment.invitation.get_state_display()
    if status == "arrived" and appointment.arrived_at:
        card.waiting_minutes = max(0, int((now - appointment.arrived_at).total_seconds() // 60))
    if status in STRETCHABLE and abs(appointment.starts_at - now) < _A_DAY:
        may_become = possible(status, starts_at=appointment.starts_at, now=now, zone=appointment.zone)
        wanted = _BY_TAP if status in ("arrived", "in-session") else ("arrived", "no-show")
        card.steps = [step for step in wanted if step in may_become]
    card.is_urgent = card.flag == "emergency" and not card.is_over
    card.third = _third(appointment, card, usual_room)
    return card


def _third(appointment: Appointment, card: Card, usual_room: str) -> str:
    """The one more thing worth knowing."""
    if card.is_urgent:
        return _("Emergency answer in the intake: ring now")
    if card.status == "in-session" and appointment.started_at:
        return _("Started %(time)s") % {"time": _time(appointment.started_at, appointment)}
    if card.status == "cancelled":
        return appointment.cancel_reason
    if appointment.previous.get("starts_at") and card.status in ("booked", "confirmed"):
        return _moved(appointment)
    if appointment.previous.get("ends_at") and card.status in ("booked", "confirmed"):
        return _was_long(appointment)
    if appointment.note:
        return appointment.note
    if appointment.is_overlap_allowed:
        return appointment.overlap_reason
    if usual_room and appointment.room.name != usual_room and not card.is_over:
        return appointment.room.name
    return ""


def _was_long(appointment: Appointment) -> str:
    before = dt.datetime.fromisoformat(appointment.previous["ends_at"])
    return _("Was until %(time)s") % {"time": _time(before, appointment)}


def _moved(appointment: Appointment) -> str:
    before = dt.datetime.fromisoformat(appointment.previous["starts_at"])
    if before.astimezone(appointment.zone).date() == appointment.starts_at.astimezone(appointment.zone).date():
        return _("Moved from %(time)s") % {"time": _time(before, appointment)}
    return _("Moved from %(day)s") % {"day": date_format(localtime(before, appointment.zone), _("D j M"))}


def _time(instant: dt.datetime, appointment: Appointment) -> str:
    return date_format(localtime(instant, appointment.zone), "H:i")

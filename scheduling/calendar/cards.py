"""One visit as its card shows it."""

import datetime as dt
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.people.models import Location
from intake.models import Invitation
from scheduling.calendar.visits import Visit
from scheduling.rules.grid import Stretch
from scheduling.rules.status import CANCELLED, INACTIVE, MOVABLE, STRETCHABLE, possible

_LONG_WAIT_MINUTES = 5
_FORGOTTEN_MINUTES = 120
_A_DAY = dt.timedelta(days=1)
_BY_TAP = ("in-session", "completed")
SETTLED = INACTIVE | {"completed"}


@dataclass(slots=True)
class Card:
    """Positions are wall-clock minutes of the day."""

    visit: Visit
    place: Location
    start: int
    end: int
    lane: int
    lanes: int
    status: str
    third: str = ""
    is_urgent: bool = False
    waiting_minutes: int | None = None
    steps: list[str] = field(default_factory=list)  # what it may become by one tap
    is_out: bool = False  # not among what the calendar is asked for
    is_often: bool = False  # the client has another visit on the same days

    @property
    def url(self) -> str:
        return reverse("scheduling:appointment-detail", args=[self.visit.pk])

    @property
    def may_move(self) -> bool:
        return self.visit.status in MOVABLE

    @property
    def may_stretch(self) -> bool:
        return self.visit.status in STRETCHABLE

    @property
    def date(self) -> dt.date:
        return self.visit.starts_at.astimezone(self.place.zone).date()

    @property
    def is_active(self) -> bool:
        return self.visit.is_active

    @property
    def is_over(self) -> bool:
        return self.status in SETTLED

    @property
    def intake(self) -> str:
        """The state of the form that is asked for; of no interest once the visit will not be."""
        return (self.visit.intake or "") if self.is_active else ""

    @property
    def intake_word(self) -> str:
        return str(Invitation.State(self.intake).label) if self.intake else ""

    @property
    def holds_time(self) -> bool:
        """Whether a gap may not be drawn under it; a cancelled card's time is offered by its own panel."""
        return self.status != "no-show"

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def end_with_buffer(self) -> int:
        return self.end + self.visit.buffer_minutes if self.is_active else self.end

    @property
    def is_long_wait(self) -> bool:
        return (self.waiting_minutes or 0) >= _LONG_WAIT_MINUTES

    @property
    def waiting_since(self) -> str:
        """After two hours it says when they came: nobody sits there that long, somebody forgot to press Start."""
        if (self.waiting_minutes or 0) <= _FORGOTTEN_MINUTES or not self.visit.arrived_at:
            return ""
        return date_format(localtime(self.visit.arrived_at, self.place.zone), _("H:i"))


def card_of(
    visit: Visit, stretch: Stretch, lane: tuple[int, int], *, place: Location, now: dt.datetime, usual_room: str = ""
) -> Card:
    """A card on a column of `place`; its room is named where it is not the usual one."""
    status = "cancelled" if visit.status in CANCELLED else visit.status
    end = max(stretch[1], stretch[0] + 5)
    card = Card(visit, place, stretch[0], end, lane[0], min(lane[1], 4), status)
    if status == "arrived" and visit.arrived_at:
        card.waiting_minutes = max(0, int((now - visit.arrived_at).total_seconds() // 60))
    if status in STRETCHABLE and abs(visit.starts_at - now) < _A_DAY:
        may_become = possible(status, starts_at=visit.starts_at, now=now, zone=place.zone)
        wanted = _BY_TAP if status in ("arrived", "in-session") else ("arrived", "no-show")
        card.steps = [step for step in wanted if step in may_become]
    card.is_urgent = visit.flag == "emergency" and not card.is_over
    card.third = _third(card, usual_room)
    return card


def _third(card: Card, usual_room: str) -> str:
    """The one more thing worth knowing."""
    visit = card.visit
    if card.is_urgent:
        return _("Emergency answer in the intake: ring now")
    if card.status == "in-session" and visit.started_at:
        return _("Started %(time)s") % {"time": _time(visit.started_at, card)}
    if card.status == "cancelled":
        return visit.cancel_reason
    if card.status in ("booked", "confirmed") and "starts_at" in visit.previous:
        return _moved(card)
    if card.status in ("booked", "confirmed") and "ends_at" in visit.previous:
        before = dt.datetime.fromisoformat(visit.previous["ends_at"])
        return _("Was until %(time)s") % {"time": _time(before, card)}
    if visit.note:
        return visit.note
    if visit.is_overlap_allowed:
        return visit.overlap_reason
    if usual_room and visit.room != usual_room and not card.is_over:
        return visit.room
    return ""


def _moved(card: Card) -> str:
    before = localtime(dt.datetime.fromisoformat(card.visit.previous["starts_at"]), card.place.zone)
    if before.date() == card.date:
        return _("Moved from %(time)s") % {"time": date_format(before, "H:i")}
    return _("Moved from %(day)s") % {"day": date_format(before, _("D j M"))}


def _time(instant: dt.datetime, card: Card) -> str:
    return date_format(localtime(instant, card.place.zone), "H:i")

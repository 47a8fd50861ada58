"""The day calendar as it is drawn: columns of cards, rests and gaps. 3 queries, however many cards; by rooms 4."""

import datetime as dt
import uuid
from collections import Counter, defaultdict

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.people.models import Location, Room, User
from scheduling.calendar.cards import Card, card_of
from scheduling.calendar.facts import Facts, Taken, gather, minutes_of
from scheduling.calendar.parts import Block, Column, DayCalendar, Gap, Group, Only, mark_next
from scheduling.calendar.visits import Visit
from scheduling.rules import grid


def day_calendar(
    *,
    places: list[Location],
    day: dt.date,
    mode: str,
    therapist: User | None = None,
    room: Room | None = None,
    only: Only | None = None,
) -> DayCalendar:
    """One day by therapists or rooms, or the week of one therapist or one room, at one location or several."""
    only = only or Only()
    days = days_of(day, mode)
    known = gather(places, days, therapist=therapist, room=room)
    facts = known.facts
    rooms = _rooms(places) if mode == "rooms" else {}
    groups = [Group(here.location, _columns(here, mode, therapist, room, rooms, only), None) for here in facts]
    if mode == "week" and len(groups) > 1:
        groups = [each for each in groups if any(column.cards or column.gaps for column in each.columns)] or groups[:1]
    stretches = [(card.start, card.end) for group in groups for column in group.columns for card in column.cards]
    stretches += [each for here in facts for spans in here.work.values() for each in spans]
    opening = (min(_minute(place.opens_at) for place in places), max(_minute(place.closes_at) for place in places))
    opens, closes = grid.frame(*opening, stretches)
    by_place = {here.location.pk: here for here in facts}
    for group in groups:
        here = by_place[group.location.pk]
        group.now = here.line(opens, closes)
        group.closed = sorted(here.closed.items())
        for column in group.columns:
            _rest(here, column, opens, closes)
            _beside_held(column)
            for card in column.cards:
                card.is_out = only.leaves_out(card)
                card.is_often = here.times[card.visit.client_id] > 1
    if mode == "therapists":
        mark_next(column for group in groups for column in group.columns)
    people = list({pk: each for here in facts for pk, each in here.therapists.items()}.values())
    return DayCalendar(
        groups, days[0], days[-1], mode, opens, closes, day, only, known.stamp, known.step_minutes, therapist, room,
        people, known.practice,
    )  # fmt: skip


def _columns(
    facts: Facts, mode: str, therapist: User | None, room: Room | None, rooms: dict[uuid.UUID, list[Room]], only: Only
) -> list[Column]:
    if mode == "rooms":
        return [_room_column(facts, each) for each in rooms.get(facts.location.pk, [])]
    if mode == "week":
        days = [each for each in facts.days if each.weekday() < 5 or _has(facts, each)]
        return [_day_column(facts, each, therapist, room) for each in days]
    people = sorted(facts.therapists.values(), key=lambda each: each.name)
    visits: dict[uuid.UUID, list[Visit]] = defaultdict(list)
    for visit in facts.visits:
        visits[visit.therapist_id].append(visit)
    return [
        _therapist_column(facts, each, visits[each.pk])
        for each in people
        if not only.therapists or each.pk in only.therapists
    ]


def _rooms(places: list[Location]) -> dict[uuid.UUID, list[Room]]:
    """The rooms in use at each place. 1 query."""
    rooms: dict[uuid.UUID, list[Room]] = {place.pk: [] for place in places}
    for room in Room.objects.active().filter(location__in=places).order_by("name"):
        rooms[room.location_id].append(room)
    return rooms


def _therapist_column(facts: Facts, therapist: User, mine: list[Visit]) -> Column:
    day = facts.days[0]
    usual = Counter(each.room for each in mine if each.is_active).most_common(1)
    column = Column(
        str(therapist.pk), therapist.name, usual[0][0] if usual else "", day, facts.location, therapist,
        initials=therapist.initials,
    )  # fmt: skip
    _fill(facts, column, mine, column.detail)
    _gaps(facts, column, therapist)
    return column


def _room_column(facts: Facts, room: Room) -> Column:
    column = Column(str(room.pk), room.name, ", ".join(room.equipment), facts.days[0], facts.location, room=room)
    _fill(facts, column, [each for each in facts.visits if each.room_id == room.pk], room.name)
    return column


def _day_column(facts: Facts, day: dt.date, therapist: User | None, room: Room | None) -> Column:
    title = date_format(day, _("D j M"))
    column = Column(
        day.isoformat(), title, "", day, facts.location, therapist, room, is_today=day == facts.today
    )  # fmt: skip
    _fill(facts, column, [each for each in facts.visits if each.starts_at.astimezone(facts.zone).date() == day])
    if therapist:
        _gaps(facts, column, therapist)
    column.detail = _("%(count)s booked") % {"count": len([card for card in column.cards if card.is_active])}
    return column


def _fill(facts: Facts, column: Column, visits: list[Visit], usual_room: str = "") -> None:
    """Cards with their lanes. A cancelled one shows only while nobody has its time."""
    placed = [(each, minutes_of(each.starts_at, each.ends_at, column.date, facts.zone)) for each in visits]
    taken = [stretch for each, stretch in placed if each.is_active]
    shown = [
        (each, (low, high))
        for each, (low, high) in placed
        if each.is_active or not any(start < high and low < end for start, end in taken)
    ]
    lanes = grid.lanes([stretch for _each, stretch in shown])
    for (visit, stretch), lane in zip(shown, lanes, strict=True):
        column.cards.append(card_of(visit, stretch, lane, place=facts.location, now=facts.now, usual_room=usual_room))


def _gaps(facts: Facts, column: Column, therapist: User) -> None:
    day = column.date
    taken = [(card.start, card.end_with_buffer) for card in column.cards if card.holds_time]
    taken += [(each.start, each.end) for each in facts.taken[therapist.pk, day]]
    for gap in grid.gaps(facts.work[therapist.pk, day], taken, not_before=facts.not_before(day)):
        for index, (start, end) in enumerate(grid.in_hours(gap)):
            minutes, is_first = gap[1] - start, index == 0
            column.gaps.append(Gap(start, end, minutes, False, therapist, day, facts.location, is_labelled=is_first))


def _rest(facts: Facts, column: Column, opens: int, closes: int) -> None:
    """When the column's therapist or room is not to be had."""
    if column.date in facts.closed:
        column.blocks.append(Block(opens, closes, "off", facts.closed[column.date]))
        return
    whose = column.therapist or column.room
    for each in facts.taken[whose.pk, column.date] if whose else []:
        low, high = max(each.start, opens), min(each.end, closes)
        if low < high:
            column.blocks.append(Block(low, high, "held" if each.kind == "held" else "off", _words(each, facts)))
    if column.therapist is None:
        return  # rooms do not rest
    work = facts.work[column.therapist.pk, column.date]
    off = [(block.start, block.end) for block in column.blocks]
    for rest in grid.rests(work, opens, closes):
        if not any(start < rest.end and rest.start < end for start, end in off):
            column.blocks.append(_block(rest))
    if not work and not column.blocks and not column.cards:
        column.blocks.append(Block(opens, closes, "off", _("Not working")))


def _beside_held(column: Column) -> None:
    """A time that came free may be held for somebody while its cancelled card is still shown: side by side."""
    held = [block for block in column.blocks if block.kind == "held"]
    if not held:
        return
    shown: list[Card | Block] = [*column.cards, *held]
    for each, (lane, lanes) in zip(shown, grid.lanes([(each.start, each.end) for each in shown]), strict=True):
        each.lane, each.lanes = lane, min(lanes, 4)


def _words(taken: Taken, facts: Facts) -> str:
    """Whose calendar it is elsewhere, or who is choosing, is nobody's business here."""
    if taken.kind == "held" and taken.until:
        until = date_format(localtime(taken.until, facts.zone), "H:i")
        words = _("Offered, held until %(time)s") if taken.label == "waitlist" else _("Held until %(time)s")
        return words % {"time": until}
    return taken.label or {"busy": _("Busy elsewhere"), "closed": _("Closed")}.get(taken.kind, _("Time off"))


def _block(rest: grid.Rest) -> Block:
    words = {
        "lunch": _("Lunch"),
        "before": _("From %(time)s") % {"time": _clock(rest.end)},
        "after": _("Until %(time)s") % {"time": _clock(rest.start)},
        "between": _("Not working"),
    }
    return Block(rest.start, rest.end, "lunch" if rest.kind == "lunch" else "off", words[rest.kind])


def _has(facts: Facts, day: dt.date) -> bool:
    return any(facts.work[therapist_id, day] for therapist_id in facts.therapists) or any(
        each.starts_at.astimezone(facts.zone).date() == day for each in facts.visits
    )


def days_of(day: dt.date, mode: str) -> list[dt.date]:
    """The day, or the week it lies in."""
    if mode != "week":
        return [day]
    monday = day - dt.timedelta(days=day.weekday())
    return [monday + dt.timedelta(days=index) for index in range(7)]


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _clock(minute: int) -> str:
    return time_format(dt.time(minute // 60 % 24, minute % 60), "H:i")

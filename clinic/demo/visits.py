"""Plans become appointments: what is past is done, today shows every status, the rest is ahead."""

import datetime as dt
import random
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.demo.bulk import copy_in
from clinic.demo.diary import Plan, Visit, draw_uuid
from clinic.demo.ground import Ground
from clinic.people.models import Client
from scheduling.models import Appointment

Status = Appointment.Status
By = Appointment.CancelledBy


@dataclass(slots=True)
class Booked:
    """A planned visit and the appointment made of it."""

    plan: Plan
    visit: Visit
    appointment: Appointment

    @property
    def was_held(self) -> bool:
        return self.appointment.status in {Status.COMPLETED, Status.IN_SESSION}


def prepare(
    *, plans: list[Plan], ground: Ground, clients: list[Client], now: dt.datetime, chance: random.Random
) -> list[Booked]:
    """One unsaved appointment for each visit."""
    services = {service.duration_minutes: service for service in ground.follow_ups}
    first_plans = _first_plans(plans)
    booked = []
    for plan in plans:
        therapist = ground.therapists[plan.therapist]
        place = ground.place_of(therapist)
        for visit in plan.visits:
            during = _instants(visit, place.zone)
            appointment = Appointment(
                id=draw_uuid(chance),
                client=clients[plan.client],
                service=ground.first_visit if visit.number == 0 else services[visit.duration_minutes],
                therapist=therapist,
                room=ground.rooms[therapist],
                location=place,
                during=during,
                occupies=during,
                is_first_visit=visit.number == 0 and first_plans[plan.client] is plan,
                origin=Appointment.Origin.ONLINE if chance.random() < 0.25 else Appointment.Origin.DESK,
                booked_by=ground.desk[0],
            )
            _settle(appointment, now=_daytime(now, place.zone), chance=chance)
            booked.append(Booked(plan, visit, appointment))
    _show_every_status(booked, now=now, chance=chance)
    return booked


def _first_plans(plans: list[Plan]) -> dict[int, Plan]:
    """Each client's earliest episode."""
    first: dict[int, Plan] = {}
    for plan in sorted((plan for plan in plans if plan.visits), key=lambda plan: plan.visits[0].starts_at):
        first.setdefault(plan.client, plan)
    return first


def insert(booked: list[Booked]) -> None:
    """Bulk-insert. The database checks that nobody is in two places."""
    copy_in(entry.appointment for entry in booked)


def _instants(visit: Visit, zone: ZoneInfo) -> DateTimeTZRange:
    start = visit.starts_at.replace(tzinfo=zone).astimezone(dt.UTC)
    return DateTimeTZRange(start, start + dt.timedelta(minutes=visit.duration_minutes))


def _daytime(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The present, or daytime of today while the clinic sleeps: a demo opened at night is alive too."""
    local = now.astimezone(zone)
    return min(max(local, local.replace(hour=10, minute=40)), local.replace(hour=15, minute=20))


def _settle(appointment: Appointment, *, now: dt.datetime, chance: random.Random) -> None:
    """Give the appointment the status its time calls for."""
    start, end = appointment.during.lower, appointment.during.upper
    roll = chance.random()
    if end <= now:
        appointment.status = _how_it_ended(roll)
    elif start <= now:
        appointment.status = Status.IN_SESSION
    elif start <= now + dt.timedelta(minutes=20):
        appointment.status = Status.ARRIVED if roll < 0.7 else Status.CONFIRMED
    else:
        soon = start <= now + dt.timedelta(days=3)
        appointment.status = Status.CONFIRMED if roll < (0.6 if soon else 0.15) else Status.BOOKED
        if roll > 0.97:
            appointment.status = Status.CANCELLED
    _stamp(appointment, now=now, chance=chance)


def _how_it_ended(roll: float) -> str:
    if roll < 0.905:
        return Status.COMPLETED
    if roll < 0.945:
        return Status.NO_SHOW
    return Status.CANCELLED if roll < 0.98 else Status.LATE_CANCELLED


def _stamp(appointment: Appointment, *, now: dt.datetime, chance: random.Random) -> None:
    """Instants and reasons that go with the status."""
    start, end = appointment.during.lower, appointment.during.upper
    lead = dt.timedelta(days=chance.randint(1, 21), minutes=chance.randint(0, 500))
    appointment.created_at = min(start, now) - lead
    if appointment.status in {Status.ARRIVED, Status.IN_SESSION, Status.COMPLETED}:
        appointment.arrived_at = min(start, now) - dt.timedelta(minutes=chance.randint(1, 12))
    if appointment.status in {Status.IN_SESSION, Status.COMPLETED}:
        appointment.started_at = start + dt.timedelta(minutes=chance.randint(0, 4))
    if appointment.status == Status.COMPLETED:
        appointment.ended_at = end - dt.timedelta(minutes=chance.randint(0, 5))
    if appointment.status in {Status.CANCELLED, Status.LATE_CANCELLED}:
        hours = chance.randint(30, 200) if appointment.status == Status.CANCELLED else chance.randint(1, 20)
        appointment.cancelled_at = min(start - dt.timedelta(hours=hours), now)
        appointment.cancel_reason = chance.choice(("By the client, by phone", "Ill", "Travelling", ""))
        is_ours = not appointment.cancel_reason and appointment.status == Status.CANCELLED
        appointment.cancelled_by = By.CLINIC if is_ours else By.CLIENT


def _show_every_status(booked: list[Booked], *, now: dt.datetime, chance: random.Random) -> None:
    """Make sure that today has each status at least once at the first place."""
    place = booked[0].appointment.location
    present = _daytime(now, place.zone)
    today = [
        entry.appointment
        for entry in booked
        if entry.appointment.location == place
        and entry.appointment.during.lower.astimezone(place.zone).date() == present.date()
    ]
    past = [each for each in today if each.during.upper <= present and each.status == Status.COMPLETED]
    ahead = sorted(
        (each for each in today if each.during.lower > present), key=lambda each: -each.during.lower.timestamp()
    )
    for pool, status in (
        (past, Status.NO_SHOW),
        (past, Status.LATE_CANCELLED),
        (ahead, Status.ARRIVED),
        (ahead, Status.HELD),
        (ahead, Status.CANCELLED),
    ):
        if pool and not any(each.status == status for each in today):
            chosen = pool.pop()
            chosen.status = status
            chosen.arrived_at = chosen.started_at = chosen.ended_at = None
            _stamp(chosen, now=present, chance=chance)

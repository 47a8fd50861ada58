"""Who waits for a time in the demo: a handful, whatever the day. Drawn apart, so that the rest stays as it was."""

import datetime as dt
import random

from clinic.demo.diary import draw_uuid
from clinic.demo.ground import Ground
from clinic.demo.visits import Booked
from clinic.people.models import Client, User
from scheduling.models import Service, WaitlistEntry, WaitlistWindow

SEED = 4_107
_ALL_DAY = (dt.time(8), dt.time(18))
_MORNING, _AFTERNOON = (dt.time(8), dt.time(12)), (dt.time(13), dt.time(18))
_WORKDAYS = range(5)
Priority = WaitlistEntry.Priority


class WaitlistWriter:
    def __init__(self, *, ground: Ground, now: dt.datetime) -> None:
        self.ground, self.now = ground, now
        self.chance = random.Random(SEED)  # noqa: S311  # the same demo every time

    def write(self, clients: list[Client], booked: list[Booked]) -> int:
        """Entries of clients who have no visit ahead. Returns how many."""
        busy = {each.appointment.client_id for each in booked if each.appointment.during.lower > self.now}
        follow_up, short, _long = self.ground.follow_ups
        first = self.ground.first_visit
        anyone: list[User] = []
        amina = [self.ground.therapists[0]]
        free = iter([client for client in clients if client.pk not in busy and client.email and client.phone])
        wishes = [
            (follow_up, anyone, range(7), _ALL_DAY, Priority.URGENT, 30, "Rings back at once"),
            (short, anyone, range(7), _MORNING, Priority.NORMAL, 10, "10 minutes away"),
            (follow_up, amina, range(7), _AFTERNOON, Priority.NORMAL, 60, ""),
            (first, anyone, (), _ALL_DAY, Priority.SOON, 120, "New, referred by Dr Mehta"),
            (short, self.ground.therapists[1:3], _WORKDAYS, _MORNING, Priority.NORMAL, 60, ""),
            (follow_up, anyone, (), _ALL_DAY, Priority.NORMAL, 1440, "Needs a day to arrange a lift"),
        ]
        for number, (service, therapists, days, hours, priority, notice, note) in enumerate(wishes):
            entry = self._entry(next(free), service, priority, notice, note, days_ago=number + 1)
            entry.therapists.set(therapists)
            entry.windows.bulk_create(
                WaitlistWindow(
                    id=draw_uuid(self.chance), entry=entry, weekday=day, starts_at=hours[0], ends_at=hours[1]
                )
                for day in days
            )
        return len(wishes)

    def _entry(
        self, client: Client, service: Service, priority: int, notice: int, note: str, *, days_ago: int
    ) -> WaitlistEntry:
        since = self.now - dt.timedelta(days=days_ago, minutes=self.chance.randint(0, 400))
        return WaitlistEntry.objects.create(
            id=draw_uuid(self.chance),
            client=client,
            service=service,
            priority=priority,
            earliest_on=since.date(),
            latest_on=self.now.date() + dt.timedelta(days=30),
            notice_minutes=notice,
            note=note,
            added_by=self.ground.desk[0],
            created_at=since,
        )

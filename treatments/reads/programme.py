"""The client's own page of exercises, on one day."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from clinic.core import clock
from clinic.people.models import Client, Location
from treatments.client_words import care_of, short_name
from treatments.models import Adherence, Prescription
from treatments.reads.adherence import averages_of
from treatments.rules import adherence as rules
from treatments.rules.adherence import STRIP_DAYS

LEVELS = range(11)


@dataclass(frozen=True, slots=True)
class Card:
    """One exercise on that day."""

    prescription: Prescription
    entry: Adherence | None
    usual: float | None

    @property
    def name(self) -> str:
        return short_name(self.prescription.exercise)

    @property
    def cue(self) -> str:
        return str(self.prescription.exercise.data.get("cue") or "")

    @property
    def care(self) -> list[str]:
        return care_of(self.prescription.exercise)

    @property
    def pain_after(self) -> int | None:
        return self.entry.pain_after if self.entry else None

    @property
    def is_too_much(self) -> bool:
        return self.pain_after is not None and rules.is_too_much(self.pain_after, usual=self.usual)


class DayPage:
    """What a client does on `day`, and what is ticked of it: four queries."""

    def __init__(self, client: Client, *, is_yesterday: bool = False) -> None:
        self.client = client
        self.prescriptions = list(current_of(client))
        self.is_yesterday = is_yesterday

    @cached_property
    def newest(self) -> Prescription | None:
        return max(self.prescriptions, key=lambda row: row.prescribed_at, default=None)

    @property
    def location(self) -> Location | None:
        return self.newest.episode.location if self.newest else self.client.locations.first()

    @property
    def zone(self) -> ZoneInfo:
        location = self.location
        return location.zone if location else ZoneInfo("UTC")

    @cached_property
    def today(self) -> dt.date:
        return clock.today(self.zone)

    @property
    def day(self) -> dt.date:
        return self.today - dt.timedelta(days=1) if self.is_yesterday else self.today

    @cached_property
    def cards(self) -> list[Card]:
        """Those that were given by that day."""
        rows = [row for row in self.prescriptions if row.prescribed_at.astimezone(self.zone).date() <= self.day]
        told, averages = _told(rows, self.day), averages_of({row.episode_id for row in rows})
        return [_card(row, told.get(row.pk, {}), self.day, averages.get(row.episode_id)) for row in rows]

    @property
    def done(self) -> int:
        return sum(card.entry is not None for card in self.cards)

    @property
    def from_whom(self) -> str:
        return str(self.newest.prescribed_by) if self.newest else ""

    @property
    def has_yesterday(self) -> bool:
        return any(row.prescribed_at.astimezone(self.zone).date() < self.today for row in self.prescriptions)

    def context(self) -> dict[str, Any]:
        return {"page": self, "levels": LEVELS}


def current_of(client: Client) -> Sequence[Prescription]:
    """What the client is to do now, in its order, with all that a page names of it."""
    rows = Prescription.objects.current().filter(episode__client__in=client.identity_ids)
    names = ("exercise__picture", "prescribed_by", "episode__location", "episode__condition")
    rows = rows.select_related(*names).defer("episode__condition__data", "episode__condition__sources")
    return list(rows.order_by("episode__opened_at", "position", "prescribed_at"))


def _told(rows: list[Prescription], day: dt.date) -> dict[uuid.UUID, dict[dt.date, Adherence]]:
    since = day - dt.timedelta(days=STRIP_DAYS)
    found: dict[uuid.UUID, dict[dt.date, Adherence]] = {}
    entries = Adherence.objects.filter(prescription__in=[row.pk for row in rows])
    for entry in entries.filter(done_on__gt=since, done_on__lte=day):
        found.setdefault(entry.prescription_id, {})[entry.done_on] = entry
    return found


def _card(row: Prescription, told: dict[dt.date, Adherence], day: dt.date, average: float | None) -> Card:
    earlier = [each.pain_after for on, each in told.items() if on != day and each.pain_after is not None]
    return Card(row, told.get(day), rules.usual_of(average=average, earlier=earlier))

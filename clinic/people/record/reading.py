"""Who reads whose record."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from clinic.core import clock
from clinic.people.models import Alert, Client, User
from clinic.people.permissions import Permission, may


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody opens a client's record: whose, who, when, and by which clock it is told.

    `ids` are those of all records of the person: what is sealed stays with the one it was written for.
    """

    client: Client
    user: User
    ids: list[uuid.UUID]
    zone: ZoneInfo
    now: dt.datetime
    _read: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, client: Client, user: User) -> "Reading":
        """No query when `locations` and `merged_from` were prefetched."""
        locations = list(client.locations.all())
        zone = locations[0].zone if locations else ZoneInfo("UTC")
        return cls(client, user, client.identity_ids, zone, clock.now())

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    @property
    def open_alerts(self) -> list[Alert]:
        """Of all records of the person: one query, the first time."""
        alerts: list[Alert] = self.once("alerts", lambda: list(Alert.objects.open().filter(client__in=self.ids)))
        return alerts

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """What several pieces of the page show is read for the first of them."""
        if name not in self._read:
            self._read[name] = read()
        return self._read[name]

    def may(self, permission: Permission) -> bool:
        return may(self.user, permission)

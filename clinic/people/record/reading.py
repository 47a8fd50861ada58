"""Who reads whose record."""

import datetime as dt
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.core import clock
from clinic.people.models import Client, User
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

    @classmethod
    def of(cls, client: Client, user: User) -> "Reading":
        """No query when `locations` and `merged_from` were prefetched."""
        locations = list(client.locations.all())
        zone = locations[0].zone if locations else ZoneInfo("UTC")
        return cls(client, user, client.identity_ids, zone, clock.now())

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    def may(self, permission: Permission) -> bool:
        return may(self.user, permission)

"""/api/v1/free-times/: what can be booked, as the booking sheet offers it."""

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import clock
from clinic.people.api_access import GuardedViewSet, InstantField
from clinic.people.models import Client, Location, Room, User
from clinic.people.permissions import Permission
from scheduling import availability
from scheduling.api.queries import Query, read
from scheduling.availability import Search
from scheduling.availability.openings import known
from scheduling.models import Service
from scheduling.serializers.free_times import FreeTimeSerializer, FreeTimesSerializer, MonthSerializer
from scheduling.serializers.scoped import named

MOST_DAYS = 92
SEVERAL: dict[str, Any] = {"therapist": User, "location": Location}


class WishQuery(Query):
    """`therapist` and `location` may come several times; without them: anyone, anywhere the caller may look."""

    within = {"service": Service, "room": Room, "client": Client}

    service = named(Service, required=True)
    room = named(Room)
    client = named(Client)

    def get_fields(self) -> dict[str, Any]:
        ids = serializers.UUIDField
        return super().get_fields() | {name: serializers.ListField(child=ids(), default=list) for name in SEVERAL}


class FreeTimesQuery(WishQuery):
    """`from` (else now) until `until`, or for so many `days` (else 60); the first `limit` of them."""

    days = serializers.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)
    limit = serializers.IntegerField(required=False, min_value=1, max_value=500, default=50)

    def get_fields(self) -> dict[str, Any]:
        span = {"from": InstantField(required=False), "until": InstantField(required=False)}
        return span | super().get_fields()


class MonthQuery(WishQuery):
    month = serializers.RegexField(r"^2\d{3}-(0[1-9]|1[0-2])$", help_text=_("as in 2026-03"))


class FreeTimeViewSet(GuardedViewSet):
    """Times at which a service can be booked as they stand."""

    serializer_class = FreeTimeSerializer
    pagination_class = None
    permissions = {
        "list": Permission.VIEW_CALENDAR,
        "month": Permission.VIEW_CALENDAR,
        "metadata": Permission.VIEW_CALENDAR,
    }

    @extend_schema(parameters=[FreeTimesQuery], responses=FreeTimesSerializer)
    def list(self, request: Request) -> Response:
        """The next free times in order; of several therapists free at once, the one whose day it packs best."""
        asked = read(FreeTimesQuery, request)
        since = max(asked.get("from") or clock.now(), clock.now())
        until = asked.get("until") or since + dt.timedelta(days=asked.get("days", 60))
        if not since < until <= since + dt.timedelta(days=MOST_DAYS):
            raise ValidationError({"until": [_("Ask for at most 92 days to come, the end after the start.")]})
        found = availability.soonest(self._search(asked, since, until), limit=asked["limit"])
        self._check_named(asked, {slot.therapist.pk for slot in found} | {slot.location.pk for slot in found})
        return Response({"results": [FreeTimeSerializer.of(slot) for slot in found]})

    @extend_schema(parameters=[MonthQuery], responses=MonthSerializer)
    @action(detail=False)
    def month(self, request: Request) -> Response:
        """How many free times each date of a month has; dates without one are left out."""
        asked = read(MonthQuery, request)
        first_day = dt.date.fromisoformat(f"{asked['month']}-01")
        counted = availability.month(self._search(asked, clock.now(), None), first_day=first_day)
        only = [asked[name][0] for name in SEVERAL if len(asked[name]) == 1]
        self._check_named(asked, set(only) if counted else set())
        return Response({"days": {date.isoformat(): count for date, count in counted.items()}})

    def _search(self, asked: dict[str, Any], since: dt.datetime, until: dt.datetime | None) -> Search:
        return Search(
            service=asked["service"],
            since=since,
            until=until,
            user=self.caller,
            therapists=tuple(known(User, id=each) for each in asked["therapist"]),
            locations=tuple(known(Location, id=each) for each in asked["location"]),
            room=asked.get("room"),
            client=asked.get("client"),
        )

    def _check_named(self, asked: dict[str, Any], found: set[uuid.UUID]) -> None:
        """Raises ValidationError for an id that names nothing the caller may see; what was found is not asked for."""
        for name, model in SEVERAL.items():
            missing = set(asked[name]) - found
            if missing and model.objects.visible_to(self.caller).filter(pk__in=missing).distinct().count() < len(
                missing
            ):
                raise ValidationError({name: [_("There is no such row here.")]})

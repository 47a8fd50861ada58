"""Reads of the schedule."""

import datetime as dt
import functools
import operator
from typing import Any, Self

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from clinic.people.models import Alert, Client, User
from clinic.people.querysets import VisibleQuerySet
from intake.models import RedFlag
from scheduling.rules.asking import EACH_VISIT
from scheduling.rules.status import INACTIVE, MOVABLE


class ServiceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.all() if getattr(user, "roles", None) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class WeeklyQuerySet(VisibleQuerySet[Any]):
    def valid_between(self, first_day: dt.date, last_day: dt.date) -> Self:
        """Patterns that may fall on a day from `first_day` to `last_day`, of people and places still active."""
        still_valid = models.Q(valid_until=None) | models.Q(valid_until__gte=first_day)
        return self.filter(
            still_valid, valid_from__lte=last_day, therapist__is_active=True, location__is_active=True
        ).select_related("therapist", "location")


class DateHoursQuerySet(VisibleQuerySet[Any]):
    def between(self, first_day: dt.date, last_day: dt.date) -> Self:
        return self.filter(
            on__gte=first_day, on__lte=last_day, therapist__is_active=True, location__is_active=True
        ).select_related("therapist", "location")


class RoomClosureQuerySet(VisibleQuerySet[Any]):
    location_path = "room__location"

    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(during__overlap=DateTimeTZRange(start, end))

    def ahead(self, now: dt.datetime) -> Self:
        return self.filter(during__endswith__gt=now)


class HolidayQuerySet(VisibleQuerySet[Any]):
    def from_day(self, day: dt.date) -> Self:
        return self.filter(on__gte=day)

    def closed_between(self, first_day: dt.date, last_day: dt.date) -> Self:
        return self.filter(on__gte=first_day, on__lte=last_day, is_closed=True)


class SlotHoldQuerySet(VisibleQuerySet[Any]):
    def live(self, now: dt.datetime) -> Self:
        """Holds that keep their time at `now`."""
        return self.filter(released_at=None, expires_at__gt=now)

    def run_out(self, now: dt.datetime) -> Self:
        return self.filter(released_at=None, expires_at__lte=now)

    def occupying(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(occupies__overlap=DateTimeTZRange(start, end))


class SeriesQuerySet(VisibleQuerySet[Any]):
    pass


class WaitlistEntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Entries of the clients a member of staff may see."""
        return self.filter(client__in=Client.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(state="waiting", client__archived_at=None, client__merged_into=None)


class WaitlistOfferQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(entry__client__in=Client.objects.visible_to(user))


class _OfTherapistQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(therapist__in=User.objects.visible_to(user))


class _OwnQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """One's own; owners see all."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        return self.all() if user.is_owner else self.filter(therapist=user)


class OutsideCalendarQuerySet(_OwnQuerySet):
    def read(self) -> Self:
        """Those that are fetched: of therapists who still work here."""
        return self.filter(is_active=True, therapist__is_active=True, therapist__role_rows__role="therapist")


class OutsideBusyQuerySet(_OfTherapistQuerySet):
    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(during__overlap=DateTimeTZRange(start, end))


class CalendarFeedQuerySet(_OwnQuerySet):
    def live(self) -> Self:
        """Feeds that answer. Not those of a closed room, nor what anybody knew or was shown before they left."""
        therapist = models.Q(therapist__role_rows__role="therapist") & _is_still_here("therapist")
        room = models.Q(room__is_active=True, room__location__is_active=True)
        return self.filter(therapist | room, _is_still_here("created_by"), revoked_at=None)


def _is_still_here(who: str) -> models.Q:
    never_left = models.Q(**{f"{who}__deactivated_at": None})
    made_since = models.Q(created_at__gt=models.F(f"{who}__deactivated_at"))
    return models.Q(**{f"{who}__is_active": True}) & (never_left | made_since)


class DailyLimitQuerySet(_OfTherapistQuerySet):
    pass


class TimeOffQuerySet(_OfTherapistQuerySet):
    def ahead(self, now: dt.datetime) -> Self:
        return self.filter(during__endswith__gt=now)

    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(during__overlap=DateTimeTZRange(start, end))


def takes(span: DateTimeTZRange, *whose: models.Q) -> models.Q:
    """Visits whose time, buffer included, meets the span, of any of `whose` if named.

    Visits beside another on purpose and all the rest have an index each, which serves only who asks for its half.
    """
    halves = [models.Q(is_overlap_allowed=is_allowed, occupies__overlap=span) for is_allowed in (False, True)]
    return functools.reduce(operator.or_, [each & half for each in whose or [models.Q()] for half in halves])


class AppointmentQuerySet(VisibleQuerySet[Any]):
    def active(self) -> Self:
        return self.exclude(status__in=INACTIVE)

    def overlapping(self, start: dt.datetime, end: dt.datetime) -> Self:
        return self.filter(during__overlap=DateTimeTZRange(start, end))

    def occupying(self, start: dt.datetime, end: dt.datetime) -> Self:
        """Active appointments whose time, buffer included, meets the span."""
        return self.active().filter(takes(DateTimeTZRange(start, end)))

    def to_come(self, now: dt.datetime) -> Self:
        """Visits that are still ahead, and whose client may be written to."""
        ahead = self.filter(status__in=MOVABLE, during__startswith__gt=now)
        return ahead.filter(client__archived_at=None, client__merged_into=None)

    def awaiting_questions(self, now: dt.datetime, until: dt.datetime) -> Self:
        """The next visit of clients who have been here since they last answered, if its service asks before each."""
        visits = self.model._default_manager.active().filter(client=models.OuterRef("client")).order_by()
        been = visits.filter(during__endswith__lte=now).values("client").annotate(at=models.Max("during__endswith"))
        sooner = visits.filter(during__startswith__gt=now, during__startswith__lt=models.OuterRef("during__startswith"))
        asks = [models.Q(service__forms__contains=[slug]) for slug in sorted(EACH_VISIT)]
        return (
            self.to_come(now)
            .filter(functools.reduce(operator.or_, asks), during__startswith__lte=until)
            .annotate(last_here_at=models.Subquery(been.values("at")))
            .filter(~models.Exists(sooner), last_here_at__isnull=False)
            .filter(models.Q(invitation=None) | models.Q(invitation__completed_at__lt=models.F("last_here_at")))
        )

    def with_people(self) -> Self:
        return self.select_related("client", "service", "therapist__therapist_profile", "room", "location")

    def with_marks(self) -> Self:
        """The client's open alerts and the most urgent open red flag, without a query of their own."""
        alerts = Alert.objects.filter(client=models.OuterRef("client"), ended_at=None).order_by()
        flags = RedFlag.objects.filter(client=models.OuterRef("client"), acknowledged_at=None).order_by()
        as_json = models.Func(
            models.Value("label"),
            models.F("label"),
            models.Value("effect"),
            models.F("effect"),
            function="jsonb_build_object",
            output_field=models.JSONField(),
        )
        rank = models.Case(
            models.When(urgency="emergency", then=0),
            models.When(urgency="urgent", then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        return self.annotate(
            open_alerts=models.Subquery(
                alerts.values("client").annotate(all=_json_list(as_json)).values("all"),
                output_field=models.JSONField(),
            ),
            flag_urgency=models.Subquery(flags.annotate(rank=rank).order_by("rank").values("urgency")[:1]),
        )


def _json_list(expression: Any) -> models.Aggregate:
    return models.Aggregate(expression, function="jsonb_agg", output_field=models.JSONField())

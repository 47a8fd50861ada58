"""A therapist's calendars kept elsewhere: added, read by the worker, taken out. Only busy times are kept of them."""

import datetime as dt
from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Q
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Refused
from clinic.core.fetching import Fetched, Fetcher, Unfetchable, checked
from clinic.messaging import doorbell
from clinic.people import vault
from clinic.people.models import Location, User
from clinic.people.permissions import Permission, require
from scheduling.models import OutsideBusy, OutsideCalendar
from scheduling.rules import troubles
from scheduling.rules.ics_lines import NoCalendar
from scheduling.rules.outside import Span, busy_times

READ = "scheduling.tasks.read_outside_calendars"
MOST_CALENDARS = 5
EVERY, LONGEST_WAIT = dt.timedelta(minutes=15), dt.timedelta(hours=24)
MOST_FAILURES = 7  # 15 minutes doubled seven times is more than the longest wait
BACK, AHEAD = dt.timedelta(days=1), dt.timedelta(days=400)
# What repeats moves into the window as time goes by, also in a file that is as it was: read in full once a day.
FULL_EVERY = dt.timedelta(hours=24)
AGAIN_AFTER = dt.timedelta(minutes=1)


@transaction.atomic
def add_outside_calendar(*, label: str, address: str, by: User) -> OutsideCalendar:
    """A calendar of one's own, read within a minute. Raises NotAllowed, Refused; asks nobody."""
    require(by, Permission.OWN_CALENDARS)
    try:
        address = checked(address)
    except Unfetchable as error:
        raise Refused(troubles.text_of(error.reason), code=error.reason) from None
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = list(OutsideCalendar.objects.filter(therapist=by))
    if len(mine) >= MOST_CALENDARS:
        raise Refused(
            _("There are %(number)d calendars already. Remove one first.") % {"number": MOST_CALENDARS},
            code="too-many-calendars",
        )
    if any(address_of(each) == address for each in mine):
        raise Refused(_("This calendar is on the list already."), code="calendar-known")
    name = " ".join(label.split()) or urlsplit(address).hostname or ""
    calendar = OutsideCalendar.objects.create(therapist=by, label=name[:80], address=vault.encrypt(address))
    audit.record(by, "outside-calendar.added", calendar)
    transaction.on_commit(partial(doorbell.ring, READ))
    return calendar


@transaction.atomic
def remove_outside_calendar(*, calendar: OutsideCalendar, by: User) -> None:
    """Its busy times go with it. Raises NotAllowed, Missing."""
    require(by, Permission.SHARE_CALENDARS, calendar)
    audit.record(by, "outside-calendar.removed", calendar)
    calendar.delete()


@transaction.atomic
def read_soon(*, calendar: OutsideCalendar, by: User) -> OutsideCalendar:
    """Read it now instead of in a while, and in full. Raises NotAllowed, Missing, Refused when that has just been."""
    require(by, Permission.SHARE_CALENDARS, calendar)
    calendar = OutsideCalendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.tried_at and calendar.tried_at > clock.now() - AGAIN_AFTER:
        raise Refused(_("It was read less than a minute ago. Wait a moment."), code="just-read")
    calendar.tried_at, calendar.etag, calendar.last_modified = None, "", ""
    calendar.save(update_fields=["tried_at", "etag", "last_modified", "updated_at"])
    transaction.on_commit(partial(doorbell.ring, READ))
    return calendar


def address_of(calendar: OutsideCalendar) -> str:
    """A secret: whoever knows it reads the calendar."""
    return vault.decrypt(calendar.address)


@transaction.atomic
def claim(*, now: dt.datetime) -> OutsideCalendar | None:
    """Take one that is due; whoever else asks gets another. It counts as tried from here, should the worker die."""
    waits = [min(EVERY * 2**failures, LONGEST_WAIT) for failures in range(MOST_FAILURES + 1)]
    due = Q(tried_at=None)
    for failures, wait in enumerate(waits):
        due |= Q(failures=failures, tried_at__lte=now - wait)
    calendars = OutsideCalendar.objects.read().filter(due).order_by(F("tried_at").asc(nulls_first=True), "pk")
    calendar: OutsideCalendar | None = calendars.select_for_update(skip_locked=True, of=("self",)).first()
    if calendar is not None:
        calendar.tried_at = now
        calendar.save(update_fields=["tried_at"])
    return calendar


def read(calendar: OutsideCalendar, *, fetcher: Fetcher) -> str:
    """Fetch a claimed calendar and keep its busy times. Returns what was wrong; what was known then stays.

    No transaction is open meanwhile: somebody else's server sets the pace.
    """
    now = clock.now()
    is_fresh = calendar.fetched_at is not None and calendar.fetched_at > now - FULL_EVERY
    marks = {"etag": calendar.etag, "last_modified": calendar.last_modified} if is_fresh else {}
    try:
        came = fetcher.fetch(address_of(calendar), **marks)
        if came.is_unchanged:
            _settle(calendar.pk, trouble="")
            return ""
        first, last = now - BACK, now + AHEAD
        spans = busy_times(came.body, zone=_zone_of(calendar.therapist_id), first=first, last=last)
    except (Unfetchable, NoCalendar) as error:
        _settle(calendar.pk, trouble=error.reason)
        return error.reason
    _keep(calendar.pk, came, spans)
    return ""


@transaction.atomic
def _keep(pk: UUID, came: Fetched, spans: Sequence[Span]) -> None:
    """Replace the busy times, all or none; nothing is written when they are as they were."""
    calendar = OutsideCalendar.objects.select_for_update().filter(pk=pk).first()
    if calendar is None:
        return
    wanted = {DateTimeTZRange(*span) for span in spans}
    known = {busy.during: busy.pk for busy in calendar.busy.all()}
    calendar.busy.filter(pk__in=[known[during] for during in known.keys() - wanted]).delete()
    OutsideBusy.objects.bulk_create(
        [
            OutsideBusy(calendar=calendar, therapist_id=calendar.therapist_id, during=during)
            for during in wanted - known.keys()
        ],
        batch_size=1000,
    )
    calendar.fetched_at, calendar.etag, calendar.last_modified = clock.now(), came.etag, came.last_modified
    calendar.trouble, calendar.failures = "", 0
    calendar.save()


@transaction.atomic
def _settle(pk: UUID, *, trouble: str) -> None:
    calendar = OutsideCalendar.objects.select_for_update().filter(pk=pk).first()
    if calendar is not None:
        calendar.trouble = trouble
        calendar.failures = min(calendar.failures + 1, MOST_FAILURES) if trouble else 0
        calendar.save(update_fields=["trouble", "failures", "updated_at"])


def _zone_of(therapist_id: UUID) -> ZoneInfo:
    """The clock of the therapist's first open place."""
    places = Location.objects.active().filter(staff=therapist_id).order_by("name")
    place = places.first() or Location.objects.active().order_by("name").first()
    return place.zone if place else ZoneInfo("UTC")

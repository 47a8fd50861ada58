"""Addresses at which calendar programs read visits: made, ended. The secret is shown once and kept nowhere."""

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock, tokens
from clinic.core.errors import Refused
from clinic.people.models import Room, User
from clinic.people.permissions import Permission, require
from scheduling.models import CalendarFeed

MOST_FEEDS = 10
READ_NOTED_EVERY = dt.timedelta(minutes=5)


@transaction.atomic
def open_own_feed(*, label: str, by: User) -> tuple[CalendarFeed, str]:
    """A feed of a therapist's own visits. Returns its secret too, which nobody can read again.

    Only the therapist opens it: whoever opens a feed holds its secret. Raises NotAllowed, Refused.
    """
    require(by, Permission.OWN_CALENDARS)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _refuse_too_many(CalendarFeed.objects.filter(therapist=by))
    return _open(CalendarFeed(therapist=by, label=label, created_by=by), by=by)


@transaction.atomic
def open_room_feed(*, room: Room, label: str, by: User) -> tuple[CalendarFeed, str]:
    """A feed of a room, for a door plate perhaps. Raises NotAllowed, Missing, Refused."""
    require(by, Permission.MANAGE_SETTINGS, room)
    room = Room.objects.select_for_update(no_key=True, of=("self",)).select_related("location").get(pk=room.pk)
    if not (room.is_active and room.location.is_active):
        raise Refused(_("This room is closed. Open it again first."), code="room-closed")
    _refuse_too_many(CalendarFeed.objects.filter(room=room))
    return _open(CalendarFeed(room=room, label=label, created_by=by), by=by)


@transaction.atomic
def revoke_feed(*, feed: CalendarFeed, by: User) -> CalendarFeed:
    """The address answers nobody any more. Raises NotAllowed, Missing."""
    require(by, Permission.SHARE_CALENDARS, feed)
    feed = CalendarFeed.objects.select_for_update().get(pk=feed.pk)
    if feed.revoked_at is None:
        feed.revoked_at = clock.now()
        feed.save(update_fields=["revoked_at", "updated_at"])
        audit.record(by, "feed.revoked", feed)
    return feed


def note_read(*, feed: CalendarFeed) -> None:
    """When it was read last, to five minutes: programs ask often, and who looks wants to know whether it is used."""
    now = clock.now()
    if feed.read_at is None or feed.read_at <= now - READ_NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)


def _open(feed: CalendarFeed, *, by: User) -> tuple[CalendarFeed, str]:
    feed.label = " ".join(feed.label.split())
    if not feed.label:
        raise Refused(_("Say where the calendar is used, such as “my phone”, to tell it from others."), code="no-label")
    token = secrets.token_urlsafe(32)
    feed.token_digest, feed.created_at = tokens.digest(token), clock.now()
    feed.save()
    audit.record(by, "feed.opened", feed, changes={"of": "room" if feed.room_id else "therapist"})
    return feed, token


def _refuse_too_many(feeds: QuerySet[CalendarFeed]) -> None:
    if feeds.filter(revoked_at=None).count() >= MOST_FEEDS:
        raise Refused(
            _("There are %(number)d addresses already. End one that is not used any more.") % {"number": MOST_FEEDS},
            code="too-many-feeds",
        )

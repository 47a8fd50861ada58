"""Who waits for a time, for what, and when: put on the waitlist, changed, taken off."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.audit.services import Actor
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.messaging.models import ClientLink
from clinic.people.models import Client, Location, User
from clinic.people.permissions import Permission, require
from scheduling.models import Service, WaitlistEntry, WaitlistOffer, WaitlistWindow
from scheduling.rules.status import MOVABLE
from scheduling.rules.waitlist import Window
from scheduling.services import offers
from scheduling.services.booking import check_open
from scheduling.services.offer_rows import lock_client, lock_entry
from scheduling.services.transactions import retried

State = WaitlistEntry.State
OPEN = frozenset({State.WAITING, State.OFFERED})
FIELDS = ("service", "priority", "earliest_on", "latest_on", "notice_minutes", "note", "replaces")
RELATED = ("therapists", "locations", "windows")
MOST_WINDOWS = 40
LONGEST_NOTICE_MINUTES = 14 * 24 * 60
FARTHEST = dt.timedelta(days=2 * 366)


@retried
def add_to_waitlist(*, client: Client, service: Service, by: User, **wish: Any) -> WaitlistEntry:
    """Put a client on the waitlist. `wish`: any of FIELDS and RELATED; without `earliest_on` from today on.

    Raises Refused for what nobody could be offered, and when the client waits for that service already; Missing out of
    scope.
    """
    require(by, Permission.BOOK, client)
    check_open(client)
    lock_client(client)
    related = _taken_out(wish)
    if WaitlistEntry.objects.filter(client=client, service=service, state__in=OPEN).exists():
        words = _("%(name)s waits for %(service)s already. Change that entry.")
        raise Refused(words % {"name": client.full_name, "service": service}, code="waits-already")
    entry = WaitlistEntry(client=client, added_by=by)
    _apply(entry, {"earliest_on": clock.now().date(), **wish, "service": service})
    entry.save(force_insert=True)
    _relate(entry, related)
    audit.record(by, "waitlist.added", entry, client=client)
    return entry


@retried
def change_entry(*, entry: WaitlistEntry, by: User, **wish: Any) -> WaitlistEntry:
    """Change what somebody waits for; what is not named stays, and so does what is offered already.

    Raises Refused for what nobody could be offered, and for an entry that is closed.
    """
    require(by, Permission.BOOK, entry)
    lock_client(entry.client)
    entry = lock_entry(entry)
    _check_entry_open(entry)
    related = _taken_out(wish)
    others = WaitlistEntry.objects.filter(client=entry.client, state__in=OPEN).exclude(pk=entry.pk)
    if wish.get("service", entry.service) != entry.service and entry.state == State.OFFERED:
        words = _("%(name)s is offered a time already. Take that offer back first.")
        raise Refused(words % {"name": entry.client.full_name}, code="offered-already")
    if "service" in wish and others.filter(service=wish["service"]).exists():
        words = _("%(name)s waits for %(service)s already. Change that entry.")
        raise Refused(words % {"name": entry.client.full_name, "service": wish["service"]}, code="waits-already")
    changed = [name for name in wish if getattr(entry, name) != wish[name]]
    _apply(entry, {name: wish[name] for name in changed})
    entry.save()
    _relate(entry, related)
    audit.record(by, "waitlist.changed", entry, client=entry.client, changes=[*changed, *related])
    return entry


@retried
def take_off(*, entry: WaitlistEntry, by: User) -> WaitlistEntry:
    """Off the list; what was offered goes to the next. Taking off twice changes nothing."""
    require(by, Permission.BOOK, entry)
    return _take_off(entry, actor=by)


@retried
def leave_by_link(*, link: ClientLink, offer: WaitlistOffer) -> WaitlistEntry:
    """The client wants to hear of no more times. Leaving twice changes nothing."""
    return _take_off(offer.entry, actor=link)


def _take_off(entry: WaitlistEntry, *, actor: Actor) -> WaitlistEntry:
    open_offer = entry.offers.filter(state=WaitlistOffer.State.OPEN).first()
    if open_offer:
        offers.let_pass(open_offer, actor=actor)
    entry = lock_entry(entry)
    if entry.state not in OPEN:
        return entry
    if entry.state == State.OFFERED:  # since we looked
        raise Conflict(_("A time has just been offered. Look again, and take it off then."), code="busy")
    entry.state, entry.ended_at = State.WITHDRAWN, clock.now()
    entry.save(update_fields=["state", "ended_at", "updated_at"])
    audit.record(actor, "waitlist.withdrawn", entry, client=entry.client)
    return entry


def _check_entry_open(entry: WaitlistEntry) -> None:
    if entry.state not in OPEN:
        raise Refused(_("This entry is closed. Add a new one."), code="entry-closed")


def _taken_out(wish: dict[str, Any]) -> dict[str, Any]:
    unknown = wish.keys() - {*FIELDS, *RELATED}
    if unknown:
        raise TypeError(f"unknown: {sorted(unknown)}")
    return {name: wish.pop(name) for name in RELATED if name in wish}


def _apply(entry: WaitlistEntry, wish: dict[str, Any]) -> None:
    """Set what is named. Raises Refused; what was right before is not asked about again."""
    for name, value in wish.items():
        setattr(entry, name, value)
    _check_days(entry, wish)
    if "service" in wish and not entry.service.is_active:
        raise Refused(_("%(service)s is not offered any more.") % {"service": entry.service}, code="service-retired")
    if not 0 <= entry.notice_minutes <= LONGEST_NOTICE_MINUTES:
        raise Refused(_("Give the notice in minutes, two weeks at most."), code="bad-notice")
    visit = wish.get("replaces")
    if visit and (visit.client_id != entry.client_id or visit.status not in MOVABLE or visit.starts_at <= clock.now()):
        raise Refused(_("Only a visit of this client that is still to come can be given up."), code="not-replaceable")


def _check_days(entry: WaitlistEntry, wish: dict[str, Any]) -> None:
    yesterday = clock.now().date() - dt.timedelta(days=1)  # somewhere it is still that day
    if entry.latest_on and entry.latest_on < entry.earliest_on:
        raise Refused(_("The last day is before the first one. Swap them."), code="ends-before-it-starts")
    if wish.get("latest_on") and wish["latest_on"] < yesterday:
        raise Refused(_("That day is over. Choose today or later."), code="in-the-past")
    if "earliest_on" in wish and not yesterday - FARTHEST <= entry.earliest_on <= yesterday + FARTHEST:
        raise Refused(_("Choose days within two years."), code="too-far-ahead")


def _relate(entry: WaitlistEntry, related: dict[str, Any]) -> None:
    if "therapists" in related:
        entry.therapists.set(_checked_therapists(entry, related["therapists"]))
    elif entry.therapists.exists():
        _checked_therapists(entry, list(entry.therapists.all()))
    if "locations" in related:
        locations: Collection[Location] = related["locations"]
        entry.locations.set(locations)
    if "windows" in related:
        windows = _checked_windows(related["windows"])
        entry.windows.all().delete()
        WaitlistWindow.objects.bulk_create(
            WaitlistWindow(entry=entry, weekday=each.weekday, starts_at=each.starts_at, ends_at=each.ends_at)
            for each in windows
        )


def _checked_therapists(entry: WaitlistEntry, therapists: Collection[User]) -> Collection[User]:
    """Raises Refused when none of them offers the service."""
    offering = set(entry.service.therapists.filter(is_active=True).values_list("pk", flat=True))
    wrong = [each for each in therapists if each.pk not in offering]
    if therapists and len(wrong) == len(therapists):
        words = _("%(therapist)s does not offer %(service)s.")
        raise Refused(words % {"therapist": wrong[0], "service": entry.service}, code="not-offered")
    return therapists


def _checked_windows(windows: Sequence[Window]) -> list[Window]:
    """Raises Refused for a span that ends before it starts, and for more than a week can hold."""
    if len(windows) > MOST_WINDOWS:
        raise Refused(_("That is more parts of the week than a week has."), code="too-many-windows")
    for window in windows:
        if window.weekday not in range(7):
            raise Refused(_("Weekdays are numbered from 0, Monday, to 6."), code="bad-weekday")
        if window.starts_at >= window.ends_at:
            raise Refused(_("A part of the day begins before it ends. Swap the times."), code="ends-before-it-starts")
    return sorted(set(windows), key=lambda each: (each.weekday, each.starts_at, each.ends_at))

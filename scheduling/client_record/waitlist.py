"""What a client waits for, and what they were offered, in the client's record."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.people.permissions import Permission
from clinic.people.record import held, panels, timeline
from clinic.people.record.held import Area, Table
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import joined, moment_of
from scheduling.models import WaitlistEntry, WaitlistOffer, WaitlistWindow
from scheduling.services.waitlist import OPEN
from scheduling.waiting import with_wishes
from scheduling.waitlist_words import wish_of

ICONS = {
    WaitlistEntry.State.WAITING: "clock",
    WaitlistEntry.State.OFFERED: "held",
    WaitlistEntry.State.BOOKED: "completed",
    WaitlistEntry.State.WITHDRAWN: "cancelled",
    WaitlistOffer.State.OPEN: "held",
    WaitlistOffer.State.ACCEPTED: "completed",
}


class Waiting(timeline.Source):
    """Each stands where it was put on the list."""

    name = "waitlist"
    kind = Kind.VISITS
    permission = Permission.VIEW_CALENDAR

    def rows(self, reading: Reading) -> QuerySet[WaitlistEntry]:
        return _entries(reading).annotate(at=F("created_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """Five queries."""
        return {row.pk: self._entry(row) for row in with_wishes(WaitlistEntry.objects.filter(pk__in=keys))}

    def _entry(self, row: WaitlistEntry) -> Entry:
        return Entry(
            icon="clock",
            title=_("Waits for %(service)s") % {"service": row.service},
            detail=joined(wish_of(row), row.note),
            state=row.get_state_display(),
            state_icon=ICONS[WaitlistEntry.State(row.state)],
        )


class Offers(timeline.Source):
    """Each stands where it was made."""

    name = "offers"
    kind = Kind.VISITS
    permission = Permission.VIEW_CALENDAR

    def rows(self, reading: Reading) -> QuerySet[WaitlistOffer]:
        rows: QuerySet[WaitlistOffer] = WaitlistOffer.objects.visible_to(reading.user)
        return rows.filter(entry__client__in=reading.ids).annotate(at=F("offered_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = WaitlistOffer.objects.filter(pk__in=keys)
        rows = rows.select_related("entry__service", "hold__therapist", "hold__location", "offered_by")
        return {row.pk: self._entry(row) for row in rows}

    def _entry(self, row: WaitlistOffer) -> Entry:
        hold = row.hold
        words = {"service": row.entry.service, "therapist": hold.therapist.name, "place": hold.location.name}
        by = _("offered by %(name)s") % {"name": row.offered_by.name} if row.offered_by else _("offered by itself")
        return Entry(
            icon="message",
            title=_("Offered %(when)s") % {"when": moment_of(hold.during.lower, hold.location.zone)},
            detail=joined(_("%(service)s with %(therapist)s, %(place)s") % words, by),
            state=row.get_state_display(),
            state_icon=ICONS.get(WaitlistOffer.State(row.state), "minus"),
        )


def _entries(reading: Reading) -> QuerySet[WaitlistEntry]:
    rows: QuerySet[WaitlistEntry] = WaitlistEntry.objects.visible_to(reading.user).filter(client__in=reading.ids)
    return rows


def waits_for(reading: Reading) -> dict[str, Any]:
    """What the client waits for now: one query, and four when there is something."""
    rows = list(with_wishes(_entries(reading).filter(state__in=OPEN)))
    return {
        "entries": [
            {"entry": row, "wish": wish_of(row), "icon": ICONS[WaitlistEntry.State(row.state)]} for row in rows
        ],
        "may_book": reading.may(Permission.BOOK) and not reading.client.is_archived,
    }


timeline.register(Waiting())
timeline.register(Offers())
panels.register(
    Panel("waitlist", Place.SIDE, 10, Permission.VIEW_CALENDAR, "scheduling/_record_waitlist.html", waits_for)
)
held.register(
    Area(
        "waitlist",
        gettext_lazy("Waitlist"),
        (
            Table(WaitlistEntry, "client", title=("service",), at="created_at"),
            Table(WaitlistWindow, "entry__client", title=("weekday",), under="entry", is_list=True),
            Table(
                WaitlistOffer,
                "entry__client",
                at="offered_at",
                under="entry",
                technical=("hold", "link"),
                fetch=("hold__therapist", "hold__location"),
                adjust=lambda row, values: (
                    values | {"starts_at": row.hold.during.lower, "with": row.hold.therapist.name}
                ),
                is_list=True,
            ),
        ),
    )
)

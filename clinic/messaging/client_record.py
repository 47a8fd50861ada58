"""A client's messages and what became of them, in the client's record."""

import uuid
from collections.abc import Collection, Mapping

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.messaging.models import ClientLink, OutboundMessage
from clinic.people.permissions import Permission
from clinic.people.record import held, timeline
from clinic.people.record.held import Area, Table, Values
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import day_of, joined, moment_of, time_or_day

State = OutboundMessage.State
UNDELIVERED = (State.BOUNCED, State.FAILED)


class Messages(timeline.Source):
    """Each stands where it went out, or should have; what waits and what was taken back, where it was written."""

    name = "messages"
    kind = Kind.MESSAGES
    permission = Permission.VIEW_MESSAGES

    def rows(self, reading: Reading) -> QuerySet[OutboundMessage]:
        rows: QuerySet[OutboundMessage] = OutboundMessage.objects.visible_to(reading.user).filter(
            client__in=reading.ids
        )
        unsent = Case(When(state__in=UNDELIVERED, then=F("due_at")), default=F("created_at"))
        return rows.annotate(at=Coalesce(F("sent_at"), unsent), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = OutboundMessage.objects.filter(pk__in=keys).select_related("link", "location")
        rows = rows.defer("subject", "body", "calendar_file")
        return {row.pk: _entry(row, reading) for row in rows}


def _entry(row: OutboundMessage, reading: Reading) -> Entry:
    zone = row.location.zone if row.location else reading.zone
    title = str(row.get_purpose_display())
    if row.about_at:
        title = _("%(message)s for %(day)s") % {"message": title, "day": day_of(row.about_at, zone)}
    state, icon, tone = _fate(row, reading)
    return Entry(
        icon="message",
        title=title,
        detail=_told(row, reading),
        url=reverse("messaging:message-detail", args=[row.pk]),
        state=state,
        state_icon=icon,
        tone=tone,
    )


def _told(row: OutboundMessage, reading: Reading) -> str:
    if row.is_waiting:
        when = moment_of(row.due_at, row.location.zone if row.location else reading.zone)
        return joined(_("goes out %(when)s by e-mail") % {"when": when}, row.last_error and _("tried, not yet taken"))
    address = _("E-mail to %(address)s") % {"address": row.address}
    return joined(address, row.last_error)


def _fate(row: OutboundMessage, reading: Reading) -> tuple[str, str, str]:
    """What became of it: words, icon, tone."""
    if row.opened_at and row.sent_at:
        when = time_or_day(row.opened_at, row.sent_at, reading.zone)
        return _("Opened link %(when)s") % {"when": when}, "completed", ""
    icon = {State.SENT: "sent", State.VOID: "cancelled", State.PENDING: "clock", State.SENDING: "clock"}
    tone = "warn" if row.state in UNDELIVERED else ""
    return row.get_state_display(), icon.get(State(row.state), "alert"), tone


def _masked(row: OutboundMessage, values: Values) -> Values:
    """The text as staff may read it, without the place where the secret link goes."""
    return values | {"body": row.masked_body}


timeline.register(Messages())
held.register(
    Area(
        "messages",
        gettext_lazy("Messages and links"),
        (
            Table(
                OutboundMessage,
                "client",
                title=("purpose",),
                at="due_at",
                technical=("dedupe_key", "message_id", "leased_until", "about_id", "attempts", "calendar_file"),
                adjust=_masked,
            ),
            Table(ClientLink, "client", secret=("token_digest",), technical=("object_id",), is_list=True),
        ),
    )
)

"""Messages to clients that were due in a period, and what became of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.messaging.models import OutboundMessage
from scheduling.reports.filters import Filters, bounds
from scheduling.rules.periods import Period

State = OutboundMessage.State
# By the key that stands in an address. What still waits and what was taken back is neither.
FATES: dict[str, tuple[str | Promise, list[str]]] = {
    "tried": (_("Messages sent or tried"), [State.SENT, State.BOUNCED, State.FAILED]),
    "delivered": (_("Messages delivered"), [State.SENT]),
    "bounced": (_("Messages that came back"), [State.BOUNCED]),
    "failed": (_("Messages that could not be sent"), [State.FAILED]),
}


@dataclass(frozen=True, slots=True)
class Mail:
    """Of both periods, by what became of them."""

    now: dict[str, int]
    before: dict[str, int]


def mail(filters: Filters) -> Mail:
    """1 query."""
    counted = {
        f"{side}_{fate}": Count("pk", filter=_due(filters, period) & Q(state__in=states))
        for side, period in (("now", filters.period), ("before", filters.period.before))
        for fate, (_label, states) in FATES.items()
    }
    found = _to_clients(filters, filters.period, filters.period.before).aggregate(**counted)
    sides = [{fate: found[f"{side}_{fate}"] for fate in FATES} for side in ("now", "before")]
    return Mail(*sides)


def letters(filters: Filters, fate: str) -> Any:
    """The messages that a figure counts."""
    return _to_clients(filters, filters.period).filter(state__in=FATES[fate][1]).with_people()


def _to_clients(filters: Filters, *periods: Period) -> Any:
    due = Q(pk__in=())
    for period in periods:
        due |= _due(filters, period)
    return OutboundMessage.objects.filter(due, client__isnull=False)


def _due(filters: Filters, period: Period) -> Q:
    """By the clock of their place; those about no place count where all are looked at, by the first one's clock."""
    due = Q(pk__in=())
    for zone, places in filters.by_zone().items():
        start, end = bounds(period, zone)
        where = Q(location__in=places)
        if filters.location is None and filters.places[0] in places:
            where |= Q(location=None)
        due |= where & Q(due_at__gte=start, due_at__lt=end)
    return due

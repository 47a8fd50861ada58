"""What is counted, and which visits that are: written once, so that a figure and the list behind it always agree."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.models import Appointment
from scheduling.reports.filters import Filters, visits
from scheduling.reports.tally import FAR_AHEAD, NOTICE_DAYS, Kind
from scheduling.rules.status import CANCELLED

Values = frozenset[Any]
Status = Appointment.Status
Origin = Appointment.Origin


@dataclass(frozen=True)
class Figure:
    """Visits whose every named trait is one of the values: counted among kinds, or listed."""

    label: str | Promise
    traits: dict[str, Values]

    def only(self, kinds: Counter[Kind]) -> Counter[Kind]:
        wanted = [(Kind._fields.index(name), values) for name, values in self.traits.items()]
        return Counter(
            {kind: number for kind, number in kinds.items() if all(kind[at] in values for at, values in wanted)}
        )

    def condition(self) -> Q:
        found = Q()
        for name, values in self.traits.items():
            found &= _IN_SQL[name](values) if name in _IN_SQL else Q(**{f"{name}__in": values})
        return found


def count_all(kinds: Counter[Kind]) -> dict[str, int]:
    """Every figure. Kinds are many and figures too: what figures do not ask about is summed up first."""
    summed: dict[tuple[str, ...], Counter[tuple[Any, ...]]] = {}
    counts = {}
    for key, figure in FIGURES.items():
        names = tuple(figure.traits)
        if names not in summed:
            summed[names] = _sum_by([Kind._fields.index(name) for name in names], kinds)
        wanted = list(figure.traits.values())
        counts[key] = sum(
            number
            for traits, number in summed[names].items()
            if all(trait in values for trait, values in zip(traits, wanted, strict=True))
        )
    return counts


def _sum_by(places: list[int], kinds: Counter[Kind]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for kind, number in kinds.items():
        found[tuple([kind[at] for at in places])] += number
    return found


def behind(filters: Filters, figure: Figure) -> QuerySet[Any]:
    """The visits that a figure counts."""
    lead = ExpressionWrapper(F("during__startswith") - F("created_at"), output_field=DurationField())
    notice = ExpressionWrapper(F("during__startswith") - F("cancelled_at"), output_field=DurationField())
    rows: QuerySet[Any] = visits(filters).annotate(lead=lead, notice_kept=notice).filter(figure.condition())
    return rows.select_related("client", "service", "therapist", "room", "location")


def _form(values: Values) -> Q:
    in_time = Q(invitation__completed_at__lte=F("during__startswith"))
    states = {0: Q(invitation=None), 1: Q(invitation__isnull=False) & ~in_time, 2: in_time}
    return _any(states[value] for value in values)


def _notice(values: Values) -> Q:
    edges = [dt.timedelta(days=days) for days in NOTICE_DAYS]
    bands = {-1: Q(cancelled_at=None)}
    for band in range(len(edges) + 1):
        lower = Q(notice_kept__gte=edges[band - 1]) if band else Q()
        bands[band] = (
            Q(cancelled_at__isnull=False) & lower & (Q(notice_kept__lt=edges[band]) if band < len(edges) else Q())
        )
    return _any(bands[value] for value in values)


def _lead(values: Values) -> Q:
    """Days in one stretch, -1 not among them."""
    first, last = dt.timedelta(days=min(values)), dt.timedelta(days=max(values) + 1)
    waited = ~Q(status__in=CANCELLED) & Q(series=None, lead__gte=first)
    return waited if max(values) == FAR_AHEAD else waited & Q(lead__lt=last)


def _any(conditions: Any) -> Q:
    found = Q(pk__in=())
    for condition in conditions:
        found |= condition
    return found


_IN_SQL: dict[str, Callable[[Values], Q]] = {"form": _form, "notice": _notice, "lead_days": _lead}
_YES, _NO = frozenset({True}), frozenset({False})
_CANCELLED = {"status": frozenset(CANCELLED)}
_COMING = {"status": frozenset(Status.values) - CANCELLED}
_HELD = {"status": frozenset({Status.COMPLETED})}
_WAITED = _COMING | {"lead_days": frozenset(range(FAR_AHEAD + 1))}

NOTICES = {"1": _("under 24 hours"), "3": _("1 to 2 days"), "8": _("3 to 7 days"), "more": _("more than 7 days")}
BY = {"client": _("the client"), "clinic": _("the clinic"), "": _("not said")}
LEADS = {
    "0": (_("the same day"), 0, 0),
    "2": (_("1 to 2 days"), 1, 2),
    "6": (_("3 to 6 days"), 3, 6),
    "13": (_("1 week"), 7, 13),
    "27": (_("2 to 3 weeks"), 14, 27),
    "more": (_("4 weeks or more"), 28, FAR_AHEAD),
}
ORIGINS = {origin.value: origin.label for origin in Origin}

# By the key that stands in an address.
FIGURES: dict[str, Figure] = {
    "booked": Figure(_("Booked"), {"status": frozenset({Status.COMPLETED, Status.NO_SHOW, Status.LATE_CANCELLED})}),
    "held": Figure(_("Visits held"), _HELD),
    "no-show": Figure(_("No-shows"), {"status": frozenset({Status.NO_SHOW})}),
    "late": Figure(_("Late cancellations"), {"status": frozenset({Status.LATE_CANCELLED})}),
    "cancelled": Figure(_("Cancellations"), _CANCELLED),
    "new": Figure(_("First visits"), _HELD | {"is_first_visit": _YES}),
    "returning": Figure(_("Visits of clients who had been here"), _HELD | {"is_first_visit": _NO}),
    "overlap": Figure(_("Booked over another on purpose"), _COMING | {"is_overlap_allowed": _YES}),
    "coming": Figure(_("Not cancelled"), _COMING),
    "waited": Figure(_("Booked ahead"), _WAITED),
    "first-waited": Figure(_("First visits booked ahead"), _WAITED | {"is_first_visit": _YES}),
    "asked": Figure(_("Asked for a form"), _COMING | {"form": frozenset({1, 2})}),
    "answered": Figure(_("Form done before the visit"), _COMING | {"form": frozenset({2})}),
    **{
        f"origin-{origin}": Figure(label, _COMING | {"origin": frozenset({origin})})
        for origin, label in ORIGINS.items()
    },
    **{
        f"lead-{key}": Figure(label, _WAITED | {"lead_days": frozenset(range(first, last + 1))})
        for key, (label, first, last) in LEADS.items()
    },
    **{
        f"notice-{key}": Figure(label, _CANCELLED | {"notice": frozenset({band})})
        for band, (key, label) in enumerate(NOTICES.items())
    },
    **{
        f"notice-{key}-{who or 'unsaid'}": Figure(
            label, _CANCELLED | {"notice": frozenset({band}), "cancelled_by": frozenset({who})}
        )
        for band, (key, label) in enumerate(NOTICES.items())
        for who in BY
    },
}

"""What the owner's report says of plans and notes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.reports.filters import Filters, bounds
from scheduling.rules.periods import Period
from treatments.models import Episode, SessionNote

Reason = Episode.CloseReason
DAY = dt.timedelta(days=1)
AGES = ((1, _("up to a day")), (3, _("1 to 3 days")), (7, _("4 to 7 days")), (None, _("over 7 days")))
# A visit may have served two episodes: it counts for both.
_HELD = Count("notes", filter=Q(notes__appointment__status="completed"), distinct=True) + Count(
    "other_notes", filter=Q(other_notes__appointment__status="completed"), distinct=True
)
_KEPT = Q(held__gte=F("planned_sessions")) | Q(close_reason=Reason.DISCHARGED)
# By the key that stands in an address: plans that ended in the period, and those that run now.
PLANS: dict[str, tuple[str | Promise, Q]] = {
    "ended": (_("Plans that ended"), Q(closed_at__isnull=False)),
    "kept": (_("Stayed to the plan"), Q(closed_at__isnull=False) & _KEPT),
    "left": (_("Left before the plan was done"), Q(closed_at__isnull=False) & ~_KEPT),
    "running": (_("Plans still running"), Q(closed_at=None)),
}


@dataclass(frozen=True, slots=True)
class Plans:
    """Episodes with a number of sessions planned."""

    ended: int
    kept: int
    left_by_reason: list[tuple[str, int]]
    made: int  # visits, at most as many as were planned
    planned: int


@dataclass(frozen=True, slots=True)
class Notes:
    """`unsigned` and `ages` are as of now, `due` and `in_a_day` are of the visits of a period."""

    unsigned: int
    ages: list[tuple[str | Promise, int]]
    in_a_day: int
    due: int


def plans(filters: Filters, which: str) -> Any:
    """The episodes that a figure counts, each with the visits held."""
    rows = _mine(Episode.objects.filter(planned_sessions__isnull=False, location__in=filters.places), filters)
    if which != "running":
        rows = rows.filter(_between("closed_at", "location", filters, filters.period))
    return rows.annotate(held=_HELD).filter(PLANS[which][1])


def ended(filters: Filters, period: Period) -> Plans:
    """1 query."""
    rows = _mine(Episode.objects.filter(planned_sessions__isnull=False), filters)
    rows = rows.filter(_between("closed_at", "location", filters, period)).annotate(held=_HELD)
    found = list(rows.values_list("held", "planned_sessions", "close_reason"))
    left = [reason for held, planned, reason in found if held < planned and reason != Reason.DISCHARGED]
    return Plans(
        len(found),
        len(found) - len(left),
        [(str(reason.label), left.count(reason)) for reason in (Reason.STOPPED, Reason.GAP, Reason.REFERRED)],
        sum(min(held, planned) for held, planned, _reason in found),
        sum(planned for _held, planned, _reason in found),
    )


def notes(filters: Filters, period: Period, now: dt.datetime) -> Notes:
    """1 query."""
    age = ExpressionWrapper(now - F("appointment__during__endswith"), output_field=DurationField())
    took = ExpressionWrapper(F("signed_at") - F("appointment__during__endswith"), output_field=DurationField())
    rows = _mine(SessionNote.objects.filter(appointment__location__in=filters.places), filters)
    draft, within = (
        Q(status="draft"),
        _between("appointment__during__startswith", "appointment__location", filters, period),
    )
    bands, after = {}, Q()
    for index, (days, _label) in enumerate(AGES):
        until = Q(age__lte=days * DAY) if days else Q()
        bands[f"band_{index}"] = Count("pk", filter=draft & after & until)
        after = Q(age__gt=days * DAY) if days else Q()
    found = (
        rows.filter(draft | within)
        .annotate(age=age, took=took)
        .aggregate(
            unsigned=Count("pk", filter=draft),
            # A draft of less than a day may still be signed in time.
            due=Count("pk", filter=within & (Q(status="signed") | Q(age__gt=DAY))),
            in_a_day=Count("pk", filter=within & Q(took__lte=DAY)),
            **bands,
        )
    )
    ages: list[tuple[str | Promise, int]] = [
        (label, found[f"band_{index}"]) for index, (_days, label) in enumerate(AGES)
    ]
    return Notes(found["unsigned"], ages, found["in_a_day"], found["due"])


def _mine(rows: Any, filters: Filters) -> Any:
    return rows.filter(therapist=filters.therapist) if filters.therapist else rows


def _between(instant: str, place: str, filters: Filters, period: Period) -> Q:
    """In the period by the clock of its place."""
    found = Q(pk__in=())
    for zone, places in filters.by_zone().items():
        start, end = bounds(period, zone)
        found |= Q(**{f"{place}__in": places, f"{instant}__gte": start, f"{instant}__lt": end})
    return found

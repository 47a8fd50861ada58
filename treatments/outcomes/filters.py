"""What a report is about: dates, measure, window, place, therapist, side. All of it stands in the address."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.people.models import Location, User
from intake.models import Measure
from treatments.models import Episode
from treatments.outcomes import rules

DEFAULT_MEASURE = "nprs"
YEAR = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Options:
    """What the person may choose from. Three queries."""

    measures: list[Measure]
    locations: list[Location]
    therapists: list[User]

    @classmethod
    def for_user(cls, user: Any) -> "Options":
        """Therapists see their own figures or everybody's together, never a colleague's."""
        therapists = User.objects.visible_to(user).therapists() if user.is_owner else User.objects.filter(pk=user.pk)
        return cls(
            measures=[each for each in Measure.objects.all() if each.data.get("better") in ("lower", "higher")],
            locations=list(Location.objects.visible_to(user).order_by("name")),
            therapists=list(therapists.order_by("name")),
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """A valid choice; whatever the address says wrongly falls back to the default."""

    from_on: dt.date
    to_on: dt.date
    measure: Measure | None
    window: rules.Window
    location: Location | None
    therapist: User | None
    side: str

    @classmethod
    def of(cls, query: Mapping[str, str], options: Options) -> "Filters":
        today = clock.now().date()
        return cls(
            from_on=_date(query.get("from"))
            or _month(query.get("from-month"))
            or today - YEAR - dt.timedelta(days=112),
            to_on=_date(query.get("to")) or _month(query.get("to-month"), is_end=True) or today,
            measure=next(
                (each for each in options.measures if each.code == query.get("measure", DEFAULT_MEASURE)), None
            ),
            window=rules.window_of(query.get("at", "")),
            location=_chosen(query.get("location"), options.locations),
            therapist=_chosen(query.get("therapist"), options.therapists),
            side=query.get("side", "") if query.get("side", "") in Episode.Side.values else "",
        )

    @property
    def scale(self) -> rules.Scale:
        return rules.Scale.of(self.measure.data if self.measure else {})

    def episodes(self, user: Any) -> QuerySet[Any]:
        """Episodes in scope that opened within the dates, both days included (UTC)."""
        start = dt.datetime.combine(self.from_on, dt.time.min, tzinfo=dt.UTC)
        end = dt.datetime.combine(self.to_on, dt.time.max, tzinfo=dt.UTC)
        episodes = Episode.objects.visible_to(user).filter(opened_at__range=(start, end))
        chosen = {"location": self.location, "therapist": self.therapist, "side": self.side}
        return episodes.filter(**{name: value for name, value in chosen.items() if value})

    def query(self, **changes: str) -> str:
        """The address's query that leads to this choice."""
        choice = {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "measure": self.measure.code if self.measure else "",
            "at": self.window.code,
            "location": str(self.location.pk) if self.location else "",
            "therapist": str(self.therapist.pk) if self.therapist else "",
            "side": self.side,
            **changes,
        }
        return urlencode({name: value for name, value in choice.items() if value})

    def in_words(self) -> str:
        """For print and the file's head."""
        return _("First visit from %(from)s to %(to)s") % {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
        }


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def _month(text: str | None, *, is_end: bool = False) -> dt.date | None:
    """The first day of a month, or its last."""
    first = _date(f"{text}-01")
    if first is None or not is_end:
        return first
    return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _measure(wished: str, among: list[Measure]) -> Measure | None:
    by_code = {measure.code: measure for measure in among}
    return by_code.get(wished) or by_code.get(DEFAULT_MEASURE)


def _chosen(wished: str | None, among: list[Any]) -> Any:
    try:
        wanted = uuid.UUID(wished or "")
    except ValueError:
        return None
    return next((each for each in among if each.pk == wanted), None)

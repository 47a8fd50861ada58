"""The dates of a series as rows of a form: what is in the way of each, and what can be chosen for it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clinic.core.errors import DomainError, Refused
from scheduling.services.recurring import FREE, Visit
from scheduling.services.series import Choice
from scheduling.views.parsing import instant_in

PREFIX = "visit-"
AS_IT_IS, SKIP = "as-is", "skip"


def choices_in(data: Mapping[str, str]) -> dict[dt.date, Choice]:
    """What was chosen for the dates. Raises Refused for what no radio button sends."""
    chosen = {}
    for name in data:
        value = data[name]
        if not name.startswith(PREFIX) or value in ("", AS_IT_IS):
            continue
        on = _date(name.removeprefix(PREFIX))
        chosen[on] = Choice(is_skipped=True) if value == SKIP else Choice(starts_at=instant_in(value))
    return chosen


def messages_of(refusal: DomainError | None) -> dict[str, str]:
    """Why each date was refused, by its date."""
    visits = refusal.details.get("visits", []) if refusal else []
    return {each["on"]: each["message"] for each in visits}


def rows_of(visits: list[Visit], data: Mapping[str, str], refused: Mapping[str, str]) -> list[dict[str, Any]]:
    """A row for each date, with what was chosen before still chosen."""
    return [_row(visit, data.get(PREFIX + visit.moment.on.isoformat(), ""), refused) for visit in visits]


def _row(visit: Visit, value: str, refused: Mapping[str, str]) -> dict[str, Any]:
    on = visit.moment.on.isoformat()
    is_free = visit.state == FREE
    options = [(AS_IT_IS, f"{visit.moment.local:%H:%M}")] if is_free else []
    options += [(each.isoformat(), "") for each in visit.alternatives]
    if value not in ("", AS_IT_IS, SKIP) and value not in dict(options):
        options.append((value, ""))
    value = value or (AS_IT_IS if is_free else "")
    return {
        "name": PREFIX + on,
        "on": visit.moment.on,
        "visit": visit,
        "is_free": is_free,
        "message": refused.get(on) or visit.message,
        "options": [
            {"value": each, "label": label or _label(each, visit), "is_chosen": each == value}
            for each, label in options
        ],
        "is_skipped": value == SKIP,
    }


def _label(value: str, visit: Visit) -> str:
    """The time; with its day where that is another one, with its zone where it comes twice."""
    zone = visit.moment.zone
    local = localtime(instant_in(value), zone)
    time = f"{local:%H:%M}"
    if len(visit.moment.choices) > 1 and local.date() == visit.moment.on:
        return f"{time} {local:%Z}"
    if local.date() != visit.moment.on:
        return f"{date_format(local, _('D j'))}, {time}"
    return time


def _date(text: str) -> dt.date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(_("“%(text)s” is not a date.") % {"text": text[:20]}, code="bad-date")
    return day

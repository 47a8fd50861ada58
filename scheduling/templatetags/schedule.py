"""`{% load schedule %}`: what the calendar's templates share."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.ui.templatetags.ui import local_time
from scheduling.calendar.cards import Card
from scheduling.calendar.drawing import Drawing, clock
from scheduling.calendar.parts import Column

register = template.Library()

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


register.filter("clock", clock)


@register.filter
def drawn(column: Column, drawing: Drawing) -> SafeString:
    """All that lies on a column of the calendar."""
    return drawing.column(column)


@register.filter
def rows(cards: list[Card], drawing: Drawing) -> SafeString:
    """Cards as a list."""
    return drawing.rows(cards)


@register.filter
def hour(value: int) -> str:
    return f"{value:02d}:00"


@register.filter
def first_name(name: str) -> str:
    """Enough of a colleague's name for a chip."""
    return name.split(" ", 1)[0]


@register.filter
def since(minute: int, start: int) -> int:
    """Minutes after `start`, for what is drawn from there on."""
    return minute - start


@register.filter
def price(cents: int, currency: str) -> str:
    """An amount in its currency: $120, 85.50 CHF."""
    amount = number_format(Decimal(cents) / 100, 2 if cents % 100 else 0, force_grouping=True)
    sign = SIGNS.get(currency)
    return f"{sign}{amount}" if sign else f"{amount} {currency}"


@register.simple_tag
def begins(during: Any, zone: ZoneInfo) -> SafeString:
    """When a span begins: its first day, with the time unless all of that day is meant."""
    return _edge(during.lower, zone, during.lower)


@register.simple_tag
def ends(during: Any, zone: ZoneInfo) -> SafeString:
    """When a span ends: its last day, with the time unless it lasts until midnight."""
    return _edge(during.upper, zone, during.upper - dt.timedelta(minutes=1))


def _edge(instant: dt.datetime, zone: ZoneInfo, whole_day: dt.datetime) -> SafeString:
    if instant.astimezone(zone).time() == dt.time.min:
        return local_time(whole_day, zone, _("D j M Y"))
    return local_time(instant, zone, _("D j M Y, H:i"))

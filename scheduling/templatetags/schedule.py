"""`{% load schedule %}`: what the calendar's templates share."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


@register.filter
def clock(minute: int) -> str:
    """Minutes since midnight as 09:05, for the attributes that place a card."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


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

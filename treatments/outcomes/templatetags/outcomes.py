"""How figures of the report are written. `{% load outcomes %}`."""

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from treatments.outcomes import rules

register = template.Library()


@register.filter
def points(value: float | None) -> str:
    """One decimal, as scores are spoken of."""
    return "" if value is None else floatformat(value, 1)


@register.filter
def percent(share: float | None) -> str:
    return "" if share is None else _("%(number)s%%") % {"number": floatformat(share * 100, 0)}


@register.filter
def whole_percent(share: float) -> str:
    """A percentage's figure without its sign, inside a range."""
    return floatformat(share * 100, 0)


@register.filter
def cell(count: int) -> str:
    """A count, or "fewer than 5" where a small one could name a person. Zero may be shown."""
    smallest = int(rules.Enough.COUNTS)
    return _("fewer than %(number)s") % {"number": smallest} if 0 < count < smallest else str(count)


@register.filter
def weeks(days: float | None) -> str:
    """The week a day lies in, counted from one."""
    return "" if days is None else str(int(days // 7) + 1)

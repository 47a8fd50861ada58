"""An exercise's dose in words. `{% load doses %}`."""

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treatments.models import Prescription

register = template.Library()


@register.filter
def amount(dose: Any) -> str:
    """ "2 × 30 seconds", "3 × 10, hold 2 s", "20 minutes"; empty where nothing was said."""
    sets, reps, hold = dose.sets or 1, dose.reps, dose.hold_seconds
    if dose.minutes:
        return _minutes(sets, dose.minutes)
    if hold and (reps or 1) == 1:
        words = ngettext("%(seconds)s second", "%(seconds)s seconds", hold) % {"seconds": hold}
        return f"{sets} × {words}" if sets > 1 else words
    if not reps or sets == reps == 1:
        return ngettext("%(sets)s set", "%(sets)s sets", sets) % {"sets": sets} if sets > 1 else ""
    words = f"{sets} × {reps}" if sets > 1 else f"{reps} ×"
    return _("%(times)s, hold %(seconds)s s") % {"times": words, "seconds": hold} if hold else words


def _minutes(sets: int, minutes: int) -> str:
    words = ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}
    return f"{sets} × {words}" if sets > 1 else words


@register.filter
def how_often(dose: Any) -> str:
    """ "every day", "3 times a week", "2 times a day"; empty where it was left open."""
    times = dose.times_per_week
    if not times:
        return ""
    if times == 7:
        return _("every day")
    if times % 7 == 0:
        return _("%(times)s times a day") % {"times": times // 7}
    return ngettext("once a week", "%(times)s times a week", times) % {"times": times}


@register.filter
def which_side(dose: Any) -> str:
    """ "each side", "left", "right"; empty where there is none."""
    return "" if dose.side == Prescription.Side.NONE else str(dose.get_side_display())


@register.filter
def felt(pain: int | None) -> str:
    """The word that stands beside a figure of pain."""
    if pain is None:
        return ""
    if pain == 0:
        return _("No pain")
    if pain <= 3:  # none, mild to 3, moderate to 6, severe from 7: as on the body map
        return _("Mild")
    if pain <= 6:
        return _("Moderate")
    return _("Severe") if pain < 10 else _("Worst imaginable")

"""Days on which an exercise was done, as a strip. `{% load day_strips %}`."""

from collections.abc import Sequence

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from treatments.reads.adherence import Day

register = template.Library()


@register.simple_tag
def day_strip(days: Sequence[Day], done: int) -> SafeString:
    """A strip of days, oldest first. Drawn by hand: a page has many, of up to four weeks each."""
    label = ngettext("Done on one of the last %(days)s days", "Done on %(done)s of the last %(days)s days", done)
    cells = format_html_join(
        "",
        '<i data-day="{}"{} title="{}: {}"></i>',
        ((day.state, _pain(day), date_format(day.on, "D j M"), _words(day)) for day in days),
    )
    told = label % {"done": done, "days": len(days)}
    return format_html('<span class="days" role="img" aria-label="{}">{}</span>', told, cells)


def _pain(day: Day) -> SafeString | str:
    return "" if day.pain_after is None else format_html(' data-pain="{}"', day.pain_after)


def _words(day: Day) -> str:
    if day.state == "before":
        return _("not given yet")
    if day.state != "done":
        return _("not ticked")
    if day.pain_after is None:
        return _("done")
    return _("done, pain after %(pain)s") % {"pain": day.pain_after}

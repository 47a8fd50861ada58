"""Small tags the templates share. `{% load ui %}`."""

import datetime as dt
import functools
from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.contrib.messages import constants, get_messages
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.people.models import Role
from clinic.ui import charts, states
from clinic.ui.flash import toast_of

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration; with one it speaks."""
    return _drawn(str(name), str(label), str(css))


@functools.lru_cache(maxsize=512, typed=True)
def _drawn(name: str, label: str, css: str) -> SafeString:
    """A page has up to a hundred and fifty icons, of some thirty kinds."""
    href = f"{static('ui/icons.svg')}#icon-{name}"
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"icon {css}".strip()
    return format_html('<svg class="{}" {}><use href="{}"/></svg>', classes, spoken, href)


@register.inclusion_tag("components/status.html")
def status(value: str) -> dict[str, Any]:
    """An appointment's state as icon and word."""
    return states.appointment(value)


@register.inclusion_tag("components/pain.html")
def pain(score: int | None, label: str = "") -> dict[str, Any]:
    """A pain figure on its colour; a dash where nobody answered."""
    return {"score": score, "step": None if score is None else round(float(score)), "label": label}


@register.inclusion_tag("components/sparkline.html")
def sparkline(
    values: Iterable[float | None], low: float = 0, high: float = 10, mcid: float | None = None
) -> dict[str, Any]:
    """The course of one score as a small SVG; `mcid` draws the dashed goal line. Its words stand beside it."""
    return charts.sparkline(values, low=low, high=high, goal=mcid)


@register.simple_tag
def local_time(instant: dt.datetime | None, zone: ZoneInfo | str, form: str = "datetime") -> SafeString:
    """An instant in a location's zone. `form`: time, date, day, datetime, full (with the zone), or a format."""
    if instant is None:
        return mark_safe("")
    return _told(instant, str(zone), _time_format(form), get_language() or "")


@functools.lru_cache(maxsize=4096)
def _told(instant: dt.datetime, zone: str, form: str, _language: str) -> SafeString:
    """A page has up to a hundred instants, and shows the same ones each time it is opened."""
    local = timezone.localtime(instant, ZoneInfo(zone))
    if "H:i" in form and "T" not in form and clock.comes_twice(local):
        form += " T"
    told = format_date(local, clock.with_zone_named(form, local))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), told)


# Translators: date formats, in the order of your language. See Django's `date` filter.
_TIME_FORMATS = {
    "time": gettext_lazy("H:i"),
    "date": gettext_lazy("j F Y"),
    "day": gettext_lazy("D j M"),
    "datetime": gettext_lazy("D j M, H:i"),
    "full": gettext_lazy("l j F Y, H:i T"),
}


def _time_format(form: str) -> str:
    return str(_TIME_FORMATS.get(form, form))


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The present address's query with some parameters changed; None or an empty value takes one out."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            params.pop(name, None)
        else:
            params[name] = value
    return f"?{params.urlencode()}"


@register.inclusion_tag("components/form.html", takes_context=True)
def form_block(
    context: template.Context,
    form: BaseForm,
    submit: str,
    *,
    action: str = "",
    cancel: str = "",
    kind: str = "primary",
    width: str = "",
    upload: bool = False,
    guard: bool = True,
) -> dict[str, Any]:
    """A whole form: token, fields, button, way back. `guard` warns before unsaved changes are left."""
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "cancel": cancel,
        "kind": kind,
        "width": width,
        "upload": upload,
        "guard": guard,
    }


@register.simple_tag
def field_mark(field: BoundField) -> str:
    """Marks whichever is rarer in its form: "required" where most is optional, "optional" where most is required."""
    shown = [each for each in field.form.fields.values() if not each.widget.is_hidden]
    required = sum(each.required for each in shown)
    if required in (0, len(shown)) and len(shown) > 1:
        return _("optional") if not required and len(shown) < 3 else ""
    if field.field.required:
        return _("required") if required <= len(shown) / 2 else ""
    return _("optional") if required > len(shown) / 2 else ""


@register.simple_tag
def field_groups(form: BaseForm) -> list[dict[str, Any]]:
    """The visible fields in the form's own groups: `groups = [(title, hint, [names])]`; what is in none comes last."""
    left = {field.name: field for field in form.visible_fields()}
    groups = [
        {"title": title, "hint": hint, "fields": [left.pop(name) for name in names if name in left]}
        for title, hint, names in getattr(form, "groups", ())
    ]
    if left:
        groups.append({"title": "", "hint": "", "fields": list(left.values())})
    return [group for group in groups if group["fields"]]


@register.filter
def first_control_id(field: BoundField) -> str:
    """The id an error can link to: a group of radios has its first one."""
    return f"{field.auto_id}_0" if field.use_fieldset and not field.id_for_label else field.auto_id


@register.filter
def steps_to(total: int) -> range:
    """1 to `total`, for progress bars."""
    return range(1, int(total) + 1)


@register.filter
def role_names(user: Any) -> str:
    """ "Owner, therapist"."""
    return ", ".join(str(role.label) for role in Role if role in user.roles)


@register.simple_tag
def page_range(page: Any) -> Sequence[int | str]:
    """Page numbers with gaps: 1 … 4 5 6 … 20."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def flashes(context: template.Context) -> dict[str, list[Any]]:
    """Waiting messages: what went well is a toast, what needs reading an alert that stays."""
    request: HttpRequest = context["request"]
    toasts: list[dict[str, str]] = []
    alerts: list[dict[str, Any]] = []
    for message in get_messages(request) if hasattr(request, "_messages") else []:
        if message.level >= constants.WARNING:
            alerts.append({"text": str(message), "tone": "danger" if message.level >= constants.ERROR else "warn"})
        else:
            toasts.append(toast_of(message))
    return {"toasts": toasts, "alerts": alerts}

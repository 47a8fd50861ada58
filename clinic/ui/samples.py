"""Invented content for the style guide: a form with every widget, states, figures."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from clinic.ui import states

SPRITE = Path(__file__).parent / "static/ui/icons.svg"
TOKENS = (
    *("canvas", "surface", "surface-raised", "surface-sunk", "line-soft", "line", "line-control"),
    *("ink", "ink-soft", "ink-faint", "primary", "primary-hover", "primary-soft", "primary-line"),
    *("danger", "danger-soft", "warn", "warn-soft", "info", "info-soft"),
)
INSTANT = dt.datetime(2026, 3, 12, 9, 31, tzinfo=dt.UTC)


class SampleForm(forms.Form):
    """One of each widget."""

    is_sample = True  # its errors do not take the focus

    name = forms.CharField(label=_("Name"), help_text=_("As the client wants to be called."))
    mobile = forms.CharField(
        label=_("Mobile"), widget=forms.TextInput(attrs={"type": "tel", "width": "half", "autocomplete": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"width": "half"}))
    born_on = forms.DateField(label=_("Born on"), widget=forms.DateInput(attrs={"width": "third"}))
    starts_at = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"width": "third"}))
    duration_minutes = forms.IntegerField(
        label=_("Duration"),
        min_value=5,
        max_value=240,
        widget=forms.NumberInput(attrs={"width": "third", "suffix": _("minutes")}),
    )
    service = forms.ChoiceField(
        label=_("Service"),
        choices=[("first", _("First visit, 60 minutes")), ("follow-up", _("Follow-up, 45 minutes"))],
    )
    qualities = forms.MultipleChoiceField(
        label=_("What does it feel like?"),
        choices=[("burning", _("Burning")), ("aching", _("Aching")), ("numb", _("Numb")), ("stiff", _("Stiff"))],
        widget=forms.CheckboxSelectMultiple,
    )
    side = forms.ChoiceField(
        label=_("Side"),
        choices=[("left", _("Left")), ("right", _("Right")), ("both", _("Both"))],
        widget=forms.RadioSelect(attrs={"look": "segmented"}),
    )
    worst_pain = forms.TypedChoiceField(
        label=_("Worst pain this week"),
        coerce=int,
        choices=[(step, str(step)) for step in range(11)],
        widget=forms.RadioSelect(attrs={"look": "pain"}),
    )
    contact_by = forms.ChoiceField(
        label=_("Reach me by"),
        required=False,
        choices=[("email", _("E-mail")), ("text", _("Text message")), ("phone", _("Phone"))],
        widget=forms.RadioSelect(attrs={"look": "list"}),
    )
    remarks = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    colour = forms.CharField(label=_("Colour"), required=False, widget=forms.TextInput(attrs={"type": "color"}))
    letter = forms.FileField(label=_("Referral letter"), required=False, help_text=_("PDF, up to 2 MB."))
    may_be_reminded = forms.BooleanField(label=_("Reminders may be sent by e-mail."), required=False)
    is_bookable = forms.BooleanField(
        label=_("Bookable online"), required=False, widget=forms.CheckboxInput(attrs={"look": "switch"})
    )

    groups = (
        (_("Who"), _("Name and one way to reach them are enough."), ("name", "mobile", "email", "born_on")),
        (_("Visit"), "", ("starts_at", "duration_minutes", "service")),
        (_("Complaint"), "", ("qualities", "side", "worst_pain")),
        (_("Rest"), "", ("contact_by", "remarks", "colour", "letter", "may_be_reminded", "is_bookable")),
    )


def icon_names() -> list[str]:
    """The names of the sprite, in its order."""
    return re.findall(r'id="icon-([\w-]+)"', SPRITE.read_text())


def _filled() -> dict[str, Any]:
    return {
        "name": "Joan Whitlock",
        "mobile": "555 0142",
        "born_on": dt.date(1967, 8, 4),
        "starts_at": dt.time(10, 15),
        "duration_minutes": 45,
        "service": "follow-up",
        "qualities": ["burning"],
        "side": "right",
        "worst_pain": 7,
        "contact_by": "email",
        "colour": "#0f5c50",
        "may_be_reminded": True,
        "is_bookable": True,
    }


def _stats() -> list[dict[str, Any]]:
    return [
        {"label": _("No-shows, March"), "value": "4.1%", "of": _("17 of 418"), "compare": _("5.6% in February")},
        {"label": _("Forms done"), "value": "83%", "compare": _("79% in February"), "url": "#figures"},
        {"label": _("Visits held"), "value": "388", "of": _("of 418 booked"), "compare": _("362 in February")},
    ]


def _rows() -> list[dict[str, Any]]:
    rows = (
        (_("Reminder"), "Ida Moreno", "13:30", "clock", _("Waiting")),
        (_("Booked"), "Marcus Bell", "10:52", "completed", _("Opened link 11:01")),
        (_("Intake, second link"), "Abel Girma", "09:00", "alert", _("Bounced")),
    )
    return [dict(zip(("purpose", "client", "due", "icon", "fate"), row, strict=True)) for row in rows]


def context() -> dict[str, Any]:
    """Everything `ui/styleguide.html` shows."""
    wrong = SampleForm(
        {"name": "", "mobile": "555 0142", "email": "joan", "born_on": "soon", "worst_pain": "3"}, auto_id="wrong_%s"
    )
    return {
        "form": SampleForm(initial=_filled()),
        "wrong_form": wrong,
        "statuses": list(states.APPOINTMENT),
        "stats": _stats(),
        "pain_steps": range(11),
        "instant": INSTANT,
        "page": Paginator(range(1306), 50).page(4),
        "tabs": [
            {"label": _("By condition"), "url": "#tabs", "is_current": True},
            {"label": _("By technique"), "url": "#tabs"},
            {"label": _("Answers"), "url": "#tabs", "count": 61},
        ],
        "views": [
            {"label": _("Therapists"), "url": "#segmented", "is_current": True},
            {"label": _("Rooms"), "url": "#segmented"},
            {"label": _("Week"), "url": "#segmented"},
        ],
        "filters": [
            {"label": _("All"), "url": "#filters", "is_current": True, "count": "1,306"},
            {"label": _("Waiting"), "url": "#filters", "count": 38},
            {"label": _("Bounced"), "url": "#filters", "count": 24},
        ],
        "options": [
            {"url": "#search", "name": "Marcus Bell", "detail": "555 0137", "note": _("born 4 August 1967")},
            {"url": "#search", "name": "Marta Bellini", "detail": "555 0119"},
        ],
        "scores": [8, 7, 7, 6, 4],
        "gaps": [7, 6, None, 4, 3],
        "tokens": TOKENS,
        "rows": _rows(),
        "trail": [(_("Settings"), "#top"), (_("Locations"), "#top")],
        "icons": icon_names(),
    }

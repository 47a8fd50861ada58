"""Shape of what the owner types about how bookings are taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from scheduling.models import BookingRules
from scheduling.services.ruling import FIGURES, STEPS


def _figure(name: str, label: Any, suffix: Any, *, width: str = "half", help_text: Any = "") -> forms.IntegerField:
    least, most = FIGURES[name]
    widget = forms.NumberInput(attrs={"width": width, "suffix": suffix})
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text, widget=widget)


class SitesField(forms.CharField):
    """Web sites, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return super().clean(value).split()


class BookingRulesForm(forms.Form):
    slot_step_minutes = forms.TypedChoiceField(
        label=_lazy("Times begin every"),
        coerce=int,
        choices=[(step, step) for step in STEPS],
        widget=forms.Select(attrs={"width": "half", "suffix": _lazy("minutes")}),
    )
    is_online_open = forms.BooleanField(
        label=_lazy("Online booking is open"), required=False, widget=forms.CheckboxInput(attrs={"look": "switch"})
    )
    online_notice_hours = _figure("online_notice_hours", _lazy("Booked at least"), _lazy("hours before"))
    online_horizon_days = _figure("online_horizon_days", _lazy("Booked at most"), _lazy("days ahead"))
    hold_minutes = _figure("hold_minutes", _lazy("A chosen time is held for"), _lazy("minutes"))
    open_bookings_per_client = _figure(
        "open_bookings_per_client", _lazy("A client may have ahead"), _lazy("online bookings")
    )
    bookings_per_address_per_day = _figure(
        "bookings_per_address_per_day",
        _lazy("From one network address a day"),
        _lazy("online bookings"),
        help_text=_lazy("A family, an office or a school may share one address."),
    )
    embedded_at = SitesField(
        label=_lazy("Web sites that may show the booking page"),
        required=False,
        max_length=4000,
        help_text=_lazy("One a line, such as https://www.example.org. Others cannot show it inside their pages."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
    )
    waitlist_mode = forms.ChoiceField(
        label=_lazy("A slot that comes free is offered"),
        choices=BookingRules.WaitlistMode.choices,
        widget=forms.RadioSelect(attrs={"look": "list"}),
    )
    waitlist_hold_minutes = _figure("waitlist_hold_minutes", _lazy("An offer holds for"), _lazy("minutes"))
    is_waitlist_automatic = forms.BooleanField(
        label=_lazy("Offered by itself, without being asked"),
        required=False,
        widget=forms.CheckboxInput(attrs={"look": "switch"}),
    )

    groups = [
        (_lazy("Times"), _lazy("At the desk and online, by the clock of each location."), ["slot_step_minutes"]),
        (
            _lazy("Online"),
            _lazy("A service may ask for more notice of its own."),
            [
                *("is_online_open", "online_notice_hours", "online_horizon_days", "hold_minutes"),
                *("open_bookings_per_client", "bookings_per_address_per_day", "embedded_at"),
            ],
        ),
        (_lazy("Waitlist"), "", ["is_waitlist_automatic", "waitlist_mode", "waitlist_hold_minutes"]),
    ]

    @classmethod
    def initial_of(cls, rules: BookingRules) -> dict[str, Any]:
        return {name: getattr(rules, name) for name in cls.base_fields}

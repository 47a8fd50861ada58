"""The practice's settings: forms convert shape, services decide."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Location, Practice, Room, User

REMINDERS = [(72, _("3 days")), (48, _("2 days")), (24, _("1 day")), (3, _("3 hours")), (2, _("2 hours"))]
NOT_PLACES = ("Etc/", "SystemV/", "US/")


@cache
def zone_choices() -> list[tuple[str, Any]]:
    """Zones by part of the world, as “Europe/Berlin” is found by people: under Europe, as Berlin."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        region, _slash, city = name.partition("/")
        if city and not name.startswith(NOT_PLACES):
            groups.setdefault(region, []).append((name, city.replace("_", " ").replace("/", ", ")))
    return [("", _("Choose a city in the same zone")), *sorted(groups.items()), ("UTC", "UTC")]


class PracticeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about the practice but its logo."""

    groups = [
        (_("Name and contact"), _("Clients see these on their pages and in their mails."), ["name", "email", "phone"]),
        (_("Look and formats"), "", ["locale", "week_starts_on", "colour"]),
        (
            _("Policies"),
            _("Shown before a booking is confirmed and in its mail."),
            ["booking_policy", "cancellation_policy", "cancellation_notice_hours"],
        ),
        (_("Messages"), "", ["reminder_hours", "follow_up_days"]),
        (_("Records"), "", ["retention_years"]),
    ]
    colour = forms.RegexField(
        label=_("Colour"),
        regex=r"^#[0-9a-fA-F]{6}$",
        help_text=_("A line of it stands on top of clients' pages."),
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    locale = forms.ChoiceField(
        label=_("Language and formats"), choices=settings.LANGUAGES, widget=forms.Select(attrs={"width": "half"})
    )
    reminder_hours = forms.TypedMultipleChoiceField(
        label=_("Reminders before an appointment"),
        choices=REMINDERS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means that no reminder is sent."),
    )
    cancellation_notice_hours = forms.IntegerField(
        label=_("Free cancellation until"),
        min_value=0,
        max_value=336,
        widget=forms.NumberInput(attrs={"width": "half", "suffix": _("hours before")}),
    )
    follow_up_days = forms.IntegerField(
        label=_("Ask how it went"),
        min_value=1,
        max_value=30,
        widget=forms.NumberInput(attrs={"width": "half", "suffix": _("days after")}),
    )
    retention_years = forms.IntegerField(
        label=_("Keep records for"),
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"suffix": _("years")}),
        help_text=_("After the last visit. Your law says how long; ten years is common."),
    )

    class Meta:
        model = Practice
        fields = [
            *("name", "email", "phone", "colour", "locale", "week_starts_on", "booking_policy", "cancellation_policy"),
            *("cancellation_notice_hours", "reminder_hours", "follow_up_days", "retention_years"),
        ]
        widgets = {
            "email": forms.EmailInput(attrs={"width": "half"}),
            "phone": forms.TextInput(attrs={"type": "tel", "width": "half"}),
            "week_starts_on": forms.Select(attrs={"width": "half"}),
            "booking_policy": forms.Textarea(attrs={"rows": 3}),
            "cancellation_policy": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_reminder_hours(self) -> list[int]:
        return sorted(self.cleaned_data["reminder_hours"], reverse=True)


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=_("New logo"),
        help_text=_("PNG, JPEG or WebP. Shown on clients' pages."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )


class LocationForm(forms.ModelForm):  # type: ignore[type-arg]
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("All times of this location are shown in it."),
        widget=forms.Select(attrs={"width": "half"}),
    )

    class Meta:
        model = Location
        fields = ["name", "address", "phone", "emergency_number", "timezone", "opens_at", "closes_at"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "address": forms.Textarea(attrs={"rows": 2}),
            "phone": forms.TextInput(attrs={"type": "tel", "width": "half"}),
            "emergency_number": forms.TextInput(attrs={"width": "half", "inputmode": "tel"}),
            "opens_at": forms.TimeInput(attrs={"width": "third"}),
            "closes_at": forms.TimeInput(attrs={"width": "third"}),
        }
        help_texts = {"emergency_number": _("Clients are told to call it when an answer is urgent.")}


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]
    equipment = forms.CharField(
        label=_("Equipment"),
        required=False,
        max_length=300,
        help_text=_("Words with commas between: table, pulley, mirror."),
    )

    class Meta:
        model = Room
        fields = ["location", "name", "equipment"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.visible_to(by).active()  # type: ignore[attr-defined]
        if self.instance.pk and not self.is_bound:
            self.initial["equipment"] = ", ".join(self.instance.equipment)

    def clean_equipment(self) -> list[str]:
        words = (word.strip() for word in self.cleaned_data["equipment"].split(","))
        return list(dict.fromkeys(word for word in words if word))

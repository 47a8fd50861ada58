"""Shapes of what is typed about who waits for what; the rules are in the services."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _lazy

from clinic.core import clock
from clinic.people.models import Client, Location, User
from scheduling.models import Appointment, Service, WaitlistEntry
from scheduling.rules.waitlist import Window
from scheduling.waitlist_words import grouped

ROWS = 3
NOTICES = (
    (15, _lazy("15 minutes")),
    (30, _lazy("half an hour")),
    (60, _lazy("an hour")),
    (120, _lazy("2 hours")),
    (240, _lazy("4 hours")),
    (1440, _lazy("a day")),
    (2880, _lazy("2 days")),
)


class EntryForm(forms.Form):
    """What a client would come for."""

    groups = [
        (_lazy("For what"), "", ["service", "therapists", "locations", "priority"]),
        (_lazy("When"), "", ["earliest_on", "latest_on", "notice_minutes"]),
        ("", "", ["replaces", "note"]),
    ]

    service = forms.ModelChoiceField(label=_lazy("Service"), queryset=Service.objects.none(), empty_label=None)
    therapists = forms.ModelMultipleChoiceField(
        label=_lazy("With"),
        queryset=User.objects.none(),
        required=False,
        help_text=_lazy("None chosen: anyone."),
        widget=forms.CheckboxSelectMultiple,
    )
    locations = forms.ModelMultipleChoiceField(
        label=_lazy("At"),
        queryset=Location.objects.none(),
        required=False,
        help_text=_lazy("None chosen: anywhere."),
        widget=forms.CheckboxSelectMultiple,
    )
    priority = forms.TypedChoiceField(
        label=_lazy("How urgent"),
        choices=WaitlistEntry.Priority,
        coerce=int,
        widget=forms.RadioSelect(attrs={"look": "segmented"}),
    )
    earliest_on = forms.DateField(label=_lazy("From"), widget=forms.DateInput(attrs={"width": "third"}))
    latest_on = forms.DateField(label=_lazy("Until"), required=False, widget=forms.DateInput(attrs={"width": "third"}))
    notice_minutes = forms.TypedChoiceField(
        label=_lazy("Can be here within"), choices=NOTICES, coerce=int, widget=forms.Select(attrs={"width": "third"})
    )
    replaces = forms.ModelChoiceField(
        label=_lazy("Gives up for it"),
        queryset=Appointment.objects.none(),
        required=False,
        empty_label=_lazy("nothing"),
        help_text=_lazy("Only times before this visit are offered."),
    )
    note = forms.CharField(label=_lazy("Note for the desk"), max_length=200, required=False)

    def __init__(
        self, data: Any, *, user: User, client: Client, entry: WaitlistEntry | None, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=(self._of(entry) if entry else self._anew()) | initial)
        fields: dict[str, Any] = self.fields
        fields["service"].queryset = Service.objects.visible_to(user).active()
        fields["therapists"].queryset = User.objects.therapists().visible_to(user).order_by("name")
        fields["locations"].queryset = Location.objects.visible_to(user).active()
        fields["replaces"].queryset = _ahead(client, user)
        fields["replaces"].label_from_instance = _label
        if entry and entry.notice_minutes not in dict(NOTICES):
            minutes = f"{entry.notice_minutes} min"
            fields["notice_minutes"].choices = [*NOTICES, (entry.notice_minutes, minutes)]
        if fields["locations"].queryset.count() < 2:
            del self.fields["locations"]
        if not fields["replaces"].queryset.exists():
            del self.fields["replaces"]

    @staticmethod
    def _of(entry: WaitlistEntry) -> dict[str, Any]:
        plain = ("service", "priority", "earliest_on", "latest_on", "notice_minutes", "replaces", "note")
        related = {name: list(getattr(entry, name).all()) for name in ("therapists", "locations")}
        return {name: getattr(entry, name) for name in plain} | related

    @staticmethod
    def _anew() -> dict[str, Any]:
        return {"priority": 0, "notice_minutes": 60, "earliest_on": clock.now().date()}


class WindowForm(forms.Form):
    """Hours of some weekdays."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_lazy("On"),
        choices=list(WEEKDAYS_ABBR.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts_at = forms.TimeField(label=_lazy("From"), required=False, widget=forms.TimeInput(attrs={"width": "half"}))
    ends_at = forms.TimeField(label=_lazy("Until"), required=False, widget=forms.TimeInput(attrs={"width": "half"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parts = [bool(data.get(name)) for name in ("weekdays", "starts_at", "ends_at")]
        if any(parts) and not all(parts) and not self.errors:
            raise forms.ValidationError(_lazy("Choose the days, and from when until when; or leave all of it empty."))
        if all(parts) and data["starts_at"] >= data["ends_at"]:
            raise forms.ValidationError(_lazy("A part of the day begins before it ends. Swap the times."))
        return data

    def windows(self) -> list[Window]:
        data = self.cleaned_data
        if not data.get("starts_at") or not data.get("ends_at"):
            return []
        return [Window(day, data["starts_at"], data["ends_at"]) for day in data["weekdays"]]


def windows_formset(data: Any, entry: WaitlistEntry | None) -> Any:
    """The parts of the week, as many rows as there are and some empty ones."""
    rows = grouped(entry.windows.all()) if entry else []
    initial = [{"starts_at": start, "ends_at": end, "weekdays": days} for start, end, days in rows]
    factory = forms.formset_factory(WindowForm, extra=max(1, ROWS - len(rows)), max_num=40, absolute_max=40)
    return factory(data, initial=initial, prefix="windows")


def windows_in(formset: Any) -> list[Window]:
    return [window for form in formset.forms for window in form.windows()]


def _ahead(client: Client, user: User) -> Any:
    visits = Appointment.objects.visible_to(user).to_come(clock.now()).filter(client=client)
    return visits.select_related("service", "location", "therapist").order_by("during")


def _label(visit: Appointment) -> str:
    return f"{visit.starts_at.astimezone(visit.zone):%Y-%m-%d %H:%M} {visit.service}, {visit.therapist}"

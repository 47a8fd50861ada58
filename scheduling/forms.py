"""Shapes of what is typed; the rules are in the services."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from phonenumber_field.formfields import PhoneNumberField

from clinic.people.models import Location, Room, User
from scheduling.asked_forms import MOST_FORMS, known_forms
from scheduling.models import Service, WorkingHours


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=_lazy("For the desk; the client does not see it."),
    )


class NewClientForm(forms.Form):
    """The least it takes to book somebody: a name and one way to reach them."""

    given_name = forms.CharField(
        label=_lazy("Given name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
    )
    family_name = forms.CharField(
        label=_lazy("Family name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"width": "half", "autocomplete": "off"}),
    )
    phone = PhoneNumberField(
        label=_lazy("Phone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "width": "half", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_lazy("E-mail"), required=False, widget=forms.EmailInput(attrs={"width": "half", "autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not (data["given_name"] or data["family_name"]):
            self.add_error("given_name", _("One name is enough, but it takes one."))
        if not self.errors and not (data["phone"] or data["email"]):
            self.add_error("phone", _("A phone number or an e-mail address, to reach them."))
        return data


class FormsInOrder(forms.Widget):
    """One list for each form, first to last; one more than there are, and three at least."""

    template_name = "scheduling/widgets/forms_in_order.html"
    use_fieldset = True
    choices: Sequence[tuple[str, str]] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        sent = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return list(dict.fromkeys(slug for slug in sent if slug))

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        chosen = [str(slug) for slug in value or []]
        known = {slug for slug, _label in self.choices}
        id_ = context["widget"]["attrs"].get("id", name)
        lines = [*chosen, *[""] * max(1, 3 - len(chosen))][: max(MOST_FORMS, len(chosen))]
        rows = [
            {"value": slug, "id": f"{id_}_{n}", "is_invalid": bool(slug) and slug not in known}
            for n, slug in enumerate(lines)
        ]
        context["widget"] |= {"rows": rows, "choices": self.choices}
        return context


class ServiceForm(forms.Form):
    """A service as the owner describes it."""

    name = forms.CharField(label=_lazy("Name"), max_length=80)
    duration_minutes = forms.IntegerField(
        label=_lazy("Takes"),
        min_value=5,
        max_value=480,
        widget=forms.NumberInput(attrs={"width": "third", "suffix": _lazy("minutes"), "step": 5}),
    )
    buffer_minutes = forms.IntegerField(
        label=_lazy("Kept free after"),
        min_value=0,
        max_value=240,
        initial=0,
        widget=forms.NumberInput(attrs={"width": "third", "suffix": _lazy("minutes"), "step": 5}),
    )
    price = forms.DecimalField(
        label=_lazy("Price"),
        min_value=0,
        max_value=100_000,
        decimal_places=2,
        initial=0,
        widget=forms.NumberInput(attrs={"width": "third", "step": "0.01"}),
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_lazy("Currency"),
        initial="USD",
        help_text=_lazy("Three letters, such as EUR."),
        widget=forms.TextInput(attrs={"width": "third"}),
    )
    colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_lazy("Colour"),
        initial="#0f5c50",
        widget=forms.TextInput(attrs={"type": "color", "width": "third"}),
    )
    therapists = forms.ModelMultipleChoiceField(
        label=_lazy("Offered by"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    room_equipment = forms.MultipleChoiceField(
        label=_lazy("The room must have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_first_visit = forms.BooleanField(
        label=_lazy("For new clients"), required=False, widget=forms.CheckboxInput(attrs={"look": "switch"})
    )
    is_bookable_online = forms.BooleanField(
        label=_lazy("Bookable online"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"look": "switch"}),
    )
    is_active = forms.BooleanField(
        label=_lazy("Offered now"), required=False, initial=True, widget=forms.CheckboxInput(attrs={"look": "switch"})
    )
    # The last: from here on the name means this field.
    forms = forms.MultipleChoiceField(
        label=_lazy("Forms asked before the visit"),
        required=False,
        widget=FormsInOrder,
        help_text=_lazy(
            "In this order. “Once” means at the first booking after which the client has not answered it yet. What is "
            "asked before each visit goes to returning clients two days before."
        ),
        error_messages={
            "invalid_choice": _lazy(
                "“%(value)s” is no published form. Publish it under Settings → Forms, or choose another."
            )
        },
    )

    groups = [
        (_lazy("What"), "", ["name", "duration_minutes", "buffer_minutes", "colour", "price", "currency"]),
        (_lazy("With whom and where"), "", ["therapists", "room_equipment"]),
        (_lazy("For whom"), "", ["is_first_visit", "is_bookable_online", "is_active", "forms"]),
    ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["therapists"].queryset = User.objects.therapists().visible_to(user).order_by("name")  # type: ignore[attr-defined]
        equipment = sorted({tag for tags in Room.objects.active().values_list("equipment", flat=True) for tag in tags})
        tags = {*equipment, *(self.initial.get("room_equipment") or [])}
        self.fields["room_equipment"].choices = [(tag, tag) for tag in sorted(tags)]  # type: ignore[attr-defined]
        known = known_forms(self.initial.get("forms") or []).values()
        self.fields["forms"].choices = [(form.slug, form.label) for form in known]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        names = (
            "name",
            "duration_minutes",
            "buffer_minutes",
            "currency",
            "colour",
            "room_equipment",
            "forms",
            "is_first_visit",
            "is_bookable_online",
            "is_active",
        )
        values: dict[str, Any] = {name: getattr(service, name) for name in names}
        return {
            **values,
            "price": Decimal(service.price_cents).scaleb(-2),
            "therapists": list(service.therapists.all()),
        }

    def values(self) -> dict[str, Any]:
        """What the service takes: the price in cents."""
        data = dict(self.cleaned_data)
        data["price_cents"] = int(data.pop("price") * 100)
        return data


class HoursForm(forms.Form):
    """A span that repeats weekly, for one weekday or several at once."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_lazy("On"), choices=WorkingHours.Weekday.choices, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    starts_at = forms.TimeField(label=_lazy("From"), widget=forms.TimeInput(attrs={"width": "third"}))
    ends_at = forms.TimeField(label=_lazy("Until"), widget=forms.TimeInput(attrs={"width": "third"}))
    location = forms.ModelChoiceField(
        label=_lazy("At"),
        queryset=Location.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "third"}),
    )
    valid_from = forms.DateField(label=_lazy("Valid from"), widget=forms.DateInput(attrs={"width": "third"}))
    valid_until = forms.DateField(
        label=_lazy("Valid until"), required=False, widget=forms.DateInput(attrs={"width": "third"})
    )
    every_n_weeks = forms.TypedChoiceField(
        label=_lazy("Every"),
        coerce=int,
        choices=[(1, _lazy("week")), (2, _lazy("second week")), (3, _lazy("third week")), (4, _lazy("fourth week"))],
        widget=forms.Select(attrs={"width": "third"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.visible_to(user).active()  # type: ignore[attr-defined]


class TimeOffForm(forms.Form):
    """Wall time at the therapist's own place."""

    therapist = forms.ModelChoiceField(
        label=_lazy("Therapist"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "half"}),
    )
    location = forms.ModelChoiceField(
        label=_lazy("By the clock of"),
        queryset=Location.objects.none(),
        empty_label=None,
        widget=forms.Select(attrs={"width": "half"}),
    )
    starts_on = forms.DateField(label=_lazy("From"), widget=forms.DateInput(attrs={"width": "half"}))
    starts_at = forms.TimeField(
        label=_lazy("at"),
        required=False,
        help_text=_lazy("Empty: the whole day."),
        widget=forms.TimeInput(attrs={"width": "half"}),
    )
    ends_on = forms.DateField(label=_lazy("Until"), widget=forms.DateInput(attrs={"width": "half"}))
    ends_at = forms.TimeField(
        label=_lazy("at"),
        required=False,
        help_text=_lazy("Empty: the whole day."),
        widget=forms.TimeInput(attrs={"width": "half"}),
    )
    reason = forms.CharField(
        label=_lazy("Reason"), max_length=80, required=False, help_text=_lazy("Everybody at work can read it.")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["therapist"].queryset = User.objects.therapists().visible_to(user).order_by("name")  # type: ignore[attr-defined]
        self.fields["location"].queryset = Location.objects.visible_to(user).active()  # type: ignore[attr-defined]

    def walls(self) -> tuple[dt.datetime, dt.datetime]:
        """Begin and end on the wall, naive."""
        data = self.cleaned_data
        begin = dt.datetime.combine(data["starts_on"], data["starts_at"] or dt.time.min)
        if data["ends_at"]:
            return begin, dt.datetime.combine(data["ends_on"], data["ends_at"])
        return begin, dt.datetime.combine(data["ends_on"] + dt.timedelta(days=1), dt.time.min)

"""Shapes of what the owner types about a service."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from clinic.people.models import Room, User
from scheduling.asked_forms import MOST_FORMS, known_forms
from scheduling.models import Service
from scheduling.services.offering import FIELDS


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
    is_for_new_clients_only = forms.BooleanField(
        label=_lazy("For new clients only: nobody who has been here can book it"),
        required=False,
        widget=forms.CheckboxInput(attrs={"look": "switch"}),
    )
    notice_hours = forms.IntegerField(
        label=_lazy("Booked online at least"),
        min_value=0,
        max_value=720,
        required=False,
        help_text=_lazy("Empty: as Settings → Booking says."),
        widget=forms.NumberInput(attrs={"width": "half", "suffix": _lazy("hours before")}),
    )
    cancellation_notice_hours = forms.IntegerField(
        label=_lazy("Free cancellation until"),
        min_value=0,
        max_value=336,
        required=False,
        help_text=_lazy("Empty: as Settings → Practice says."),
        widget=forms.NumberInput(attrs={"width": "half", "suffix": _lazy("hours before")}),
    )
    policy = forms.CharField(
        label=_lazy("Cancellation policy of its own"),
        max_length=2000,
        required=False,
        help_text=_lazy("Shown before it is booked online and where a client cancels. Empty: the practice's."),
        widget=forms.Textarea(attrs={"rows": 3}),
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
        (
            _lazy("For whom"),
            "",
            ["is_first_visit", "is_for_new_clients_only", "is_bookable_online", "is_active", "forms"],
        ),
        (_lazy("Notice"), "", ["notice_hours", "cancellation_notice_hours", "policy"]),
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
        values: dict[str, Any] = {name: getattr(service, name) for name in FIELDS - {"price_cents"}}
        return {
            **values,
            "price": Decimal(service.price_cents).scaleb(-2),
            "therapists": list(service.therapists.all()),
        }

    def values(self) -> dict[str, Any]:
        """What the service takes: the price in cents."""
        data = dict(self.cleaned_data)
        data["price_cents"] = int(data.pop("price") * 100)
        data["is_first_visit"] |= data["is_for_new_clients_only"]
        return data

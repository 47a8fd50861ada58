"""Staff, the own account, and the first run."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from clinic.people.forms.practice import zone_choices
from clinic.people.models import Location, Role, User


class MemberForm(forms.Form):
    """A member as the owner sees one."""

    groups = [
        (_("Person"), "", ["name", "email"]),
        (_("Work"), _("What somebody sees follows from both."), ["roles", "locations"]),
        (
            _("As a therapist"),
            _("Only used when the role is chosen."),
            ["credentials", "colour", "supervisor", "is_bookable_online"],
        ),
    ]
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("For signing in."), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple(attrs={"look": "chips"})
    )
    locations = forms.ModelMultipleChoiceField(
        label=_("Locations"),
        queryset=Location.objects.none(),
        widget=forms.CheckboxSelectMultiple(attrs={"look": "chips"}),
    )
    credentials = forms.CharField(
        label=_("Credentials"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"width": "two-thirds"}),
    )
    colour = forms.RegexField(
        label=_("Colour in the calendar"),
        regex=r"^#[0-9a-fA-F]{6}$",
        initial="#0f5c50",
        required=False,
        widget=forms.TextInput(attrs={"type": "color", "width": "third"}),
    )
    supervisor = forms.ModelChoiceField(
        label=_("Co-signs this therapist's notes"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
    )
    is_bookable_online = forms.BooleanField(
        label=_("Clients may book this person online"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"look": "switch"}),
    )

    def __init__(self, *args: Any, by: User, member: User | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = initial_of(member) if member else None
        super().__init__(*args, **kwargs)
        held = member.location_ids if member else []
        places = Location.objects.visible_to(by)
        self.fields["locations"].queryset = places.filter(is_active=True) | places.filter(pk__in=held)  # type: ignore[attr-defined]
        colleagues = User.objects.visible_to(by).active().therapists()
        others = colleagues.exclude(pk=member.pk) if member else colleagues
        self.fields["supervisor"].queryset = others.order_by("name")  # type: ignore[attr-defined]

    def clean_colour(self) -> str:
        return str(self.cleaned_data["colour"] or "#0f5c50").lower()


def initial_of(member: User) -> dict[str, Any]:
    """What the form shows of a member (three queries)."""
    profile = getattr(member, "therapist_profile", None)
    return {
        "name": member.name,
        "email": member.email,
        "roles": sorted(member.roles),
        "locations": member.location_ids,
        "credentials": profile.credentials if profile else "",
        "colour": profile.colour if profile else "#0f5c50",
        "supervisor": profile.supervisor_id if profile else None,
        "is_bookable_online": profile.is_bookable_online if profile else True,
    }


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class WelcomeForm(forms.Form):
    """The first run: practice, first location, owner."""

    groups = [
        (_("Your practice"), "", ["practice"]),
        (_("Your first location"), "", ["location", "timezone", "opens_at", "closes_at", "emergency_number"]),
        (_("You, the owner"), "", ["name", "email", "password", "password_again"]),
    ]
    practice = forms.CharField(label=_("Name of the practice"), max_length=120)
    location = forms.CharField(label=_("Name of the location"), max_length=80, help_text=_("Its street, for instance."))
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    opens_at = forms.TimeField(label=_("Opens at"), initial="08:00", widget=forms.TimeInput(attrs={"width": "third"}))
    closes_at = forms.TimeField(label=_("Closes at"), initial="18:00", widget=forms.TimeInput(attrs={"width": "third"}))
    emergency_number = forms.CharField(
        label=_("Emergency number"), max_length=20, initial="112", widget=forms.TextInput(attrs={"width": "third"})
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        help_text=_("At least 12 characters. Three or four words that nobody would put together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_("The same again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"opens_at", "closes_at"} <= data.keys() and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", _("Later than it opens."))
        if "password" in data:
            self._check_password(data)
        return data

    def _check_password(self, data: dict[str, Any]) -> None:
        if data.get("password_again") != data["password"]:
            self.add_error("password_again", _("The two passwords are not the same."))
        try:
            validate_password(data["password"], User(email=data.get("email", ""), name=data.get("name", "")))
        except forms.ValidationError as error:
            self.add_error("password", error)

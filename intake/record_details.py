"""Details of a client's record that a form may ask about: how they are said, read back, and compared.

An item names one with our extension `client-field`. What is answered is proposed to staff and changes nothing itself.
"""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber, to_python

from clinic.people.models import Client
from intake.fhir import Form, Item, addresses

BORN_ON = "born_on"
"""Asked at the gate, and by no form."""
ASKED = {
    "preferred_name": gettext_lazy("Preferred name"),
    "pronouns": gettext_lazy("Pronouns"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Address"),
    "emergency_contact_name": gettext_lazy("Emergency contact"),
    "emergency_contact_phone": gettext_lazy("Emergency contact’s phone"),
}
NAMES = {BORN_ON: gettext_lazy("Date of birth"), **ASKED}
PHONES = frozenset({"phone", "emergency_contact_phone"})
INPUT_TYPES = {"email": "email", "phone": "tel", "emergency_contact_phone": "tel"}
AUTOCOMPLETE = {
    "preferred_name": "nickname",
    "phone": "tel",
    "email": "email",
    "address": "street-address",
}
"""What a client's own browser may fill in; at a tablet of the practice nothing."""


def items_of(form: Form) -> dict[str, Item]:
    """The question about each detail: the first of a form, and none in a group that repeats."""
    found: dict[str, Item] = {}
    for item in form.by_link_id.values():
        if is_about_the_record(item) and not form.holders[item.link_id]:
            found.setdefault(item.client_field, item)
    return found


def is_about_the_record(item: Item) -> bool:
    return item.client_field in ASKED and item.type in {"string", "text"}


def address_of(item: Item) -> str:
    return addresses.encoded(item.link_id)


def said(client: Client, field: str) -> str:
    """What the record has, as text; empty for nothing."""
    value = getattr(client, field)
    if not value:
        return ""
    if isinstance(value, PhoneNumber):
        return str(value.as_international) if value.is_valid() else str(value)
    return str(value.isoformat() if isinstance(value, dt.date) else value)


def read(field: str, words: str) -> Any:
    """The words as the record keeps them. Raises ValueError with words for people."""
    if field == BORN_ON:
        return dt.date.fromisoformat(words)
    if not words:
        return ""
    most: int | None = getattr(Client._meta.get_field(field), "max_length", None)
    if most and len(words) > most:
        raise ValueError(_("Please use at most %(number)s characters.") % {"number": most})
    if field in PHONES:
        return _phone(words)
    if field == "email":
        _check_email(words)
    return words


def is_same(field: str, one: str, other: str) -> bool:
    """Whether two texts say the same: spaces, and how a number or an e-mail address is written, make no difference."""
    return _compared(field, one) == _compared(field, other)


def _compared(field: str, words: str) -> str:
    plain = " ".join(words.split())
    if field in PHONES and plain:
        number = to_python(plain)
        return str(number.as_e164) if number and number.is_valid() else plain
    return plain.casefold() if field == "email" else plain


def _phone(words: str) -> PhoneNumber:
    number = to_python(words)
    if not number or not number.is_valid():
        raise ValueError(_("This is no phone number we can ring. Please check it, with the code of its country."))
    return number


def _check_email(words: str) -> None:
    try:
        validate_email(words)
    except ValidationError:
        raise ValueError(_("This is no e-mail address. Please check it.")) from None

"""Records that may be the same person."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.people import search_conditions as conditions
from clinic.people.models import Client, NameWord, User
from clinic.people.permissions import Permission, require
from clinic.people.search import resemblance

MOST = 5
DUPLICATE_FIELDS = ("given_name", "family_name", "email", "phone", "born_on")
SAME_EMAIL, SAME_PHONE, SAME_BIRTH_DATE = _("same e-mail"), _("same phone"), _("same birth date")
SAME_NAME, SIMILAR_NAME = _("same name"), _("similar name")


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """A record and why it may be the same person, strongest reason first."""

    client: Client
    reasons: tuple[str | Promise, ...]
    weight: int


def possible_duplicates(
    *,
    by: User,
    given_name: str = "",
    family_name: str = "",
    email: str = "",
    phone: Any = "",
    born_on: dt.date | None = None,
    besides: Client | None = None,
) -> list[PossibleDuplicate]:
    """Visible records that share a contact, or resemble the name (or, with the birth date, one name). Two queries."""
    require(by, Permission.VIEW_CLIENTS)
    digits = "".join(letter for letter in str(phone or "") if letter.isdigit())
    names = [name for name in (given_name.strip(), family_name.strip()) if name]
    condition = Q(pk__in=())
    if email:
        condition |= conditions.contains(email)
    if len(digits) > 5:
        condition |= conditions.contains(digits)
    alike = _alike(names)
    if alike:
        condition |= _all(alike)
        if born_on:
            condition |= Q(born_on=born_on) & _any(alike)
    found = Client.objects.visible_to(by).filter(condition, merged_into=None)
    if besides is not None:
        found = found.exclude(pk=besides.pk)
    wanted = Client(given_name=given_name, family_name=family_name, email=email, phone=phone or "", born_on=born_on)
    weighed = (weigh(wanted, client) for client in found.order_by("sort_key")[:50])
    return sorted((each for each in weighed if each.reasons), key=lambda each: -each.weight)[:MOST]


def weigh(wanted: Client, client: Client) -> PossibleDuplicate:
    """Why two records may be one person. Pure; names count by the edits between them."""
    reasons: list[tuple[int, str | Promise]] = []
    if wanted.email and wanted.email.lower() == client.email.lower():
        reasons.append((4, SAME_EMAIL))
    if wanted.phone and str(wanted.phone) == str(client.phone):
        reasons.append((4, SAME_PHONE))
    alike = resemblance(wanted.full_name, client.full_name)
    if alike == 1:
        reasons.append((3, SAME_NAME))
    elif alike >= 0.7:
        reasons.append((2, SIMILAR_NAME))
    if reasons and wanted.born_on and wanted.born_on == client.born_on:
        reasons.append((3, SAME_BIRTH_DATE))
    return PossibleDuplicate(
        client, tuple(reason for _weight, reason in reasons), sum(weight for weight, _r in reasons)
    )


def _alike(names: list[str]) -> list[Q]:
    """For each name a condition that the record has it, or one spelled nearly so."""
    words = [part for name in names for part in name.replace("-", " ").split()]
    meant = NameWord.objects.meant_by(words)
    return [_any([conditions.contains(word), *map(conditions.word_starts, meant.get(word, []))]) for word in words]


def _all(each: list[Q]) -> Q:
    together = Q()
    for condition in each:
        together &= condition
    return together


def _any(each: list[Q]) -> Q:
    together = Q()
    for condition in each:
        together |= condition
    return together

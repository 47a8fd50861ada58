"""The languages a question can be written in: those of the practice and its clients first."""

from django.conf.global_settings import LANGUAGES
from django.utils.translation import gettext as _

from clinic.people.models import Client, Practice
from intake.models import ConsentText

Choices = list[tuple[str, list[tuple[str, str]]]]


def languages_to_write_in(own: str) -> Choices:
    """In two groups, without the form's own: one query."""
    here = Practice.objects.values_list("locale").union(
        ConsentText.objects.order_by().values_list("language"),
        Client.objects.order_by().values_list("language"),
    )
    used = {language for (language,) in here} - {own, ""}
    names = {code: str(_(name)) for code, name in LANGUAGES if code != own}
    first = sorted((names.get(code, code), code) for code in used)
    rest = sorted((name, code) for code, name in names.items() if code not in used)
    groups = ((_("Spoken here"), first), (_("Others"), rest))
    return [(title, [(code, name) for name, code in rows]) for title, rows in groups if rows]

"""The public holidays of countries and their states, as the `holidays` library knows them."""

import datetime as dt
from collections.abc import Iterable
from functools import cache

import holidays
from django.utils.translation import gettext as _
from holidays.registry import COUNTRIES

from clinic.core.errors import Refused

LONGEST_NAME = 120
_SMALL_WORDS = {"and", "of", "the"}


@cache
def countries() -> dict[str, str]:
    """Code → name in English, by name."""
    named = {entry[1]: _title(name) for name, entry in COUNTRIES.items()}
    return dict(sorted(named.items(), key=lambda item: item[1]))


@cache
def subdivisions(country: str) -> dict[str, str]:
    """Code → name of the states or regions whose holidays differ, by name. Empty for an unknown country."""
    if country not in countries():
        return {}
    calendar = holidays.country_holidays(country)
    names: dict[str, str] = {}
    for alias, code in getattr(calendar, "subdivisions_aliases", {}).items():
        names.setdefault(code, alias)
    named = {code: names.get(code, code) for code in calendar.subdivisions}
    return dict(sorted(named.items(), key=lambda item: item[1]))


def check_calendar(country: str, subdivision: str) -> None:
    """Raises Refused for a country or a state that the library does not know."""
    if country not in countries():
        raise Refused(
            _("“%(country)s” is not a country whose holidays are known. Choose one from the list.")
            % {"country": country[:20]},
            code="unknown-country",
            details={"fields": ["country"]},
        )
    if subdivision and subdivision not in subdivisions(country):
        raise Refused(
            _("“%(subdivision)s” is not a state or region of %(country)s. Choose one from the list.")
            % {"subdivision": subdivision[:20], "country": countries()[country]},
            code="unknown-subdivision",
            details={"fields": ["subdivision"]},
        )


def holidays_of(country: str, subdivision: str, *, years: Iterable[int], language: str) -> dict[dt.date, str]:
    """The public holidays of some years; in `language` where the library speaks it, else in the country's own."""
    known = holidays.country_holidays(country)
    wanted = language.split("-")[0]
    fitting = [each for each in sorted(known.supported_languages, reverse=True) if each.split("_")[0] == wanted]
    # Said outright: without a language the library would take the server's.
    spoken = fitting[0] if fitting else known.default_language
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=list(years), language=spoken)
    return {day: name[:LONGEST_NAME] for day, name in sorted(found.items())}


def _title(name: str) -> str:
    words = name.split("_")
    return " ".join(word if word in _SMALL_WORDS and index else word.title() for index, word in enumerate(words))

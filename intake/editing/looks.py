"""How a question can be drawn: the standard's item controls, as far as they are drawn here."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from intake.editing.palette import kind_of

LOOKS = {
    "radio-button": gettext_lazy("All answers, one under the other"),
    "check-box": gettext_lazy("Boxes to tick"),
    "drop-down": gettext_lazy("A list to open"),
    "autocomplete": gettext_lazy("A list to search"),
    "slider": gettext_lazy("A slider"),
    "text-box": gettext_lazy("One line"),
    "text-area": gettext_lazy("Several lines"),
}
FITTING = {
    "choice": ("radio-button", "drop-down", "autocomplete"),
    "open-choice": ("drop-down", "autocomplete"),
    "integer": ("slider",),
    "string": ("text-area",),
    "text": ("text-box",),
}


def looks_of(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """How an item may be drawn; none where there is one way."""
    codes = FITTING.get(row["type"], ())
    if row["type"] == "choice" and row.get("repeats"):
        codes = ("check-box", "drop-down")
    return [(code, LOOKS[code]) for code in codes] if not kind_of(row) else []

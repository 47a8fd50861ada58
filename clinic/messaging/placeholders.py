"""The `{word}` syntax of wordings: a fixed list of words, no expressions, no attributes, no format strings. Pure."""

import re
from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.core.errors import Refused

NAMES = {
    "name": _("what the client is called"),
    "when": _("day, time and time zone"),
    "place": _("location and its address"),
    "phone": _("the location's telephone number"),
    "clinic": _("the practice's name"),
    "link": _("the client's own secret link"),
}
# Words that the messages of one purpose have besides.
ONLY_IN = {"unsigned_notes": {"count": _("how many notes wait"), "days": _("age of the oldest in days")}}
# A subject is seen on lock screens and in logs of mail servers: no name, no secret.
IN_SUBJECT = frozenset({"when", "place", "clinic"})
_BRACES = re.compile(r"\{[^{}]*\}?|\}")
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


def names_of(purpose: str) -> dict[str, str | Promise]:
    """Every word of a purpose's text, and what it stands for."""
    return {**NAMES, **ONLY_IN.get(purpose, {})}


def check(text: str, *, allowed: Collection[str]) -> None:
    """Raises Refused when `text` has a brace that is not a placeholder of `allowed`."""
    for found in _BRACES.findall(text):
        match = _PLACEHOLDER.fullmatch(found)
        if match is None or match[1] not in allowed:
            raise Refused(
                _("“%(found)s” is not a placeholder here. Use one of: %(names)s.")
                % {"found": found, "names": ", ".join(f"{{{name}}}" for name in _in_order(allowed))},
                code="unknown-placeholder",
            )


def _in_order(allowed: Collection[str]) -> list[str]:
    """As they stand in the list of words; words of another list in their own order."""
    return [name for name in NAMES if name in allowed] if NAMES.keys() >= set(allowed) else list(allowed)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in place. A paragraph with a placeholder that has no value is left out."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    kept = [part for part in paragraphs if all(values.get(name, "") for name in _PLACEHOLDER.findall(part))]
    return "\n\n".join(_PLACEHOLDER.sub(lambda match: values[match[1]], part) for part in kept)


def inert(value: str, *, one_line: bool = True) -> str:
    """A value that can neither be read as a placeholder nor break a header."""
    plain = value.replace("{", "(").replace("}", ")")
    return " ".join(plain.split()) if one_line else plain

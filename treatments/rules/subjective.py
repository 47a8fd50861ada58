"""What a client says in words that can be counted: what changed since last time, what makes it worse, what eases."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES = ("better", "same", "worse")
STATE_WORDS: dict[str, str | Promise] = {"better": _("better"), "same": _("the same"), "worse": _("worse")}
# What hip pain changes first; the client's own activities stand before these.
ACTIVITIES: dict[str, str | Promise] = {
    "sleep": _("Sleep"),
    "stairs": _("Stairs"),
    "walking": _("Walking"),
    "sitting": _("Sitting"),
    "standing": _("Standing"),
    "driving": _("Driving"),
    "work": _("Work"),
    "sport": _("Sport"),
}
LISTS = ("aggravators", "easers")
LONGEST_WORD = 120
MOST_WORDS = 40


def activity_label(key: str) -> str:
    """The word of a key; an activity of the client's own is its own word."""
    return str(ACTIVITIES.get(key, key))


def merged(*lists: Iterable[str]) -> list[str]:
    """The words of all lists, each once whatever its case, the first spelling kept."""
    found: dict[str, str] = {}
    for words in lists:
        for word in words:
            plain = " ".join(word.split())
            if plain:
                found.setdefault(plain.casefold(), plain)
    return list(found.values())


def split_words(text: str) -> list[str]:
    """ "stairs, long drives; sitting" as three words."""
    return merged(text.replace(";", ",").replace("\n", ",").split(","))


def worded(changes: Mapping[str, str]) -> dict[str, list[str]]:
    """What is better, the same, worse: the words of each, in their order."""
    found: dict[str, list[str]] = {state: [] for state in STATES}
    for key, state in changes.items():
        if state in found:
            found[state].append(activity_label(key))
    return {state: words for state, words in found.items() if words}


def pairs(answers: Any) -> list[tuple[str, str]]:
    """Imported answers as (label, value); what has another shape is left out."""
    rows = answers if isinstance(answers, list) else []
    return [(str(row[0]), str(row[1])) for row in rows if isinstance(row, list | tuple) and len(row) == 2]


def in_words(value: Any) -> Any:
    """A list or changes as a line of text, for a comparison side by side; anything else as it is."""
    if isinstance(value, Mapping):
        return "; ".join(f"{activity_label(key)}: {STATE_WORDS.get(state, state)}" for key, state in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value

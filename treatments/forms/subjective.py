"""What changed, what makes it worse and what eases: chips of the note's form, each with a name of its own."""

from collections.abc import Mapping, Sized
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treatments.models import SessionNote
from treatments.rules.subjective import LISTS, LONGEST_WORD, MOST_WORDS, STATES, merged, split_words

TOLD = "told-sent"  # its boxes were on the page: what is not ticked was taken away
CHANGE = "told-change:"
_WORD = forms.CharField(max_length=LONGEST_WORD)
_OWN = forms.CharField(max_length=1000, required=False)
LABELS = {"aggravators": gettext_lazy("Worse with"), "easers": gettext_lazy("Better with")}


@dataclass(frozen=True, slots=True)
class Words:
    """One list: what is ticked and what was typed beside it."""

    chosen: list[str]
    own: str = ""


class SubjectiveForm:
    """Not a Django form: the names of its boxes come from the client's own words."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, note: SessionNote) -> None:
        self.errors: dict[str, str] = {}
        self.is_told = data is not None and TOLD in data
        self.changes: dict[str, str] = dict(note.changes)
        self.lists: dict[str, Words] = {name: Words(list(getattr(note, name))) for name in LISTS}
        if data is not None and self.is_told:
            self.changes = self._read_changes(data)
            self.lists = {name: self._read_list(data, name) for name in LISTS}

    def given(self) -> dict[str, Any]:
        """What can be saved; a part with an error stays as it was."""
        if not self.is_told:
            return {}
        found: dict[str, Any] = {} if "changes" in self.errors else {"changes": self.changes}
        for name, words in self.lists.items():
            if name not in self.errors:
                found[name] = merged(words.chosen, split_words(words.own))
        return found

    def _read_changes(self, data: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name in data:
            if not name.startswith(CHANGE) or not (state := data[name]):
                continue
            key = self._clean(_WORD, name.removeprefix(CHANGE), "changes", _("Changes since the last visit"))
            if state not in STATES:
                self.errors["changes"] = _("Changes since the last visit: choose better, the same or worse.")
            elif key:
                found[key] = state
        self._few(found, "changes")
        return found

    def _read_list(self, data: Mapping[str, Any], name: str) -> Words:
        label = str(LABELS[name])
        prefix = f"told-{name}:"
        ticked = (box.removeprefix(prefix) for box in data if box.startswith(prefix) and data[box])
        chosen = [word for word in (self._clean(_WORD, word, name, label) for word in ticked) if word]
        own = self._clean(_OWN, data.get(f"told-{name}-own", ""), name, label)
        words = Words(chosen, own)
        for word in split_words(own):
            self._clean(_WORD, word, name, label)
        self._few(merged(chosen, split_words(own)), name)
        return words

    def _clean(self, field: forms.CharField, text: Any, name: str, label: str) -> str:
        try:
            return str(field.clean(text))
        except ValidationError as error:
            self.errors[name] = f"{label}: {' '.join(error.messages)}"
            return ""

    def _few(self, found: Sized, name: str) -> None:
        if len(found) > MOST_WORDS:
            self.errors[name] = _("At most %(most)s words in a list.") % {"most": MOST_WORDS}

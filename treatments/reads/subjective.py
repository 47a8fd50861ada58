"""What the S of a note offers: the client's own answers, what changed, what makes it worse and what eases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from intake.models import Response
from treatments.forms import DraftForms
from treatments.forms.subjective import CHANGE, LABELS, Words
from treatments.models import SessionNote
from treatments.rules.subjective import (
    ACTIVITIES,
    LISTS,
    STATE_WORDS,
    activity_label,
    merged,
    pairs,
    split_words,
    worded,
)
from treatments.services.answers import answered_pairs, answers_for, pains_of

# Which of the client's answers name words for a list, by the few words a form sums them up in.
ANSWERED = {"aggravators": "Worse with", "easers": "Better with"}
MOST_CHIPS = 12


@dataclass(frozen=True, slots=True)
class Activity:
    """A chip of three states."""

    key: str
    state: str

    @property
    def name(self) -> str:
        return f"{CHANGE}{self.key}"

    @property
    def label(self) -> str:
        return activity_label(self.key)

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(value, words, whether it is chosen); nothing chosen is the bare word."""
        label, is_none = self.label.capitalize() if self.key in ACTIVITIES else self.label, not self.state
        said = [(state, f"{label} {word}", state == self.state) for state, word in STATE_WORDS.items()]
        return [("", label, is_none), *said]


@dataclass(frozen=True, slots=True)
class WordList:
    """Chips of words, and a box for one's own."""

    name: str
    label: str
    chips: list[tuple[str, bool]]
    own: str
    error: str


@dataclass(frozen=True, slots=True)
class Offered:
    """A form the client answered, ready to be taken over."""

    response: Response
    pairs: list[list[str]]
    pains: dict[str, int]


def subjective(note: SessionNote, forms: DraftForms) -> dict[str, Any]:
    """For the page: one query for the answers, one for the client's own activities."""
    offered = offered_answers(note)
    told = offered.pairs if offered else pairs(note.client_answers)
    known = forms.lists.words.told_by_condition.get(note.episode.condition_id, {}) if note.episode else {}
    return {
        "offered": offered,
        "client_answers": pairs(note.client_answers),
        "changed": _activities(note, forms.subjective.changes),
        "word_lists": [
            _words(name, forms, answered=_answered(told, name), known=known.get(name, [])) for name in ANSWERED
        ],
    }


def told_in(note: SessionNote) -> dict[str, Any]:
    """What was said in words that can be counted, as lines to be read. No query."""
    titles = {"better": _("Better since the last visit"), "same": _("The same"), "worse": _("Worse")}
    lines = [(titles[state], ", ".join(words)) for state, words in worded(note.changes).items()]
    lines += [(str(LABELS[name]), ", ".join(getattr(note, name))) for name in LISTS if getattr(note, name)]
    return {"answers": pairs(note.client_answers), "lines": lines}


def offered_answers(note: SessionNote) -> Offered | None:
    """What one tap takes over; nothing once it was."""
    if note.answers_from_id:
        return None
    response = answers_for(note)
    if response is None:
        return None
    offered = Offered(response, answered_pairs(response), pains_of(response))
    return offered if offered.pairs or offered.pains else None


def _activities(note: SessionNote, changes: dict[str, str]) -> list[Activity]:
    goals = note.episode.goal_rows.filter(dropped_at=None).values_list("activity", flat=True) if note.episode else ()
    keys = list(dict.fromkeys([*goals, *ACTIVITIES, *changes]))
    return [Activity(key, changes.get(key, "")) for key in keys]


def _answered(told: Iterable[Any], name: str) -> list[str]:
    return [word for label, value in told if label == ANSWERED[name] for word in split_words(value)]


def _words(name: str, forms: DraftForms, *, answered: list[str], known: list[str]) -> WordList:
    given: Words = forms.subjective.lists[name]
    chosen = {word.casefold() for word in given.chosen}
    offered = [word[:1].upper() + word[1:] for word in merged(answered, known)][:MOST_CHIPS]
    chips = [(word, word.casefold() in chosen) for word in merged(given.chosen, offered)]
    return WordList(name, str(LABELS[name]), chips, given.own, forms.subjective.errors.get(name, ""))

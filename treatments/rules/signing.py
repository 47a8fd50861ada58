"""What a note needs before it can be signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS = ("subjective", "objective", "assessment", "plan")
SECTION_NAMES = {
    "subjective": _("Subjective"),
    "objective": _("Objective"),
    "assessment": _("Assessment"),
    "plan": _("Plan"),
    "techniques": _("Treatment given"),
}


class Signable(Protocol):
    """The facts of a note that signing looks at."""

    subjective: str
    objective: str
    assessment: str
    plan: str
    pain_average: int | None
    episode_id: Any
    other_episode_id: Any
    other_pain_average: int | None


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that stands between a note and its signature, and what to do about it."""

    code: str
    message: str | Promise


EPISODE = Lack("episode", _("Choose what the session was about: an open episode, or a new one."))
PAIN = Lack("pain", _("Give the average pain of the last 7 days, from 0 to 10."))
OTHER_PAIN = Lack("other-pain", _("Give the average pain of the second episode as well, from 0 to 10."))
TEXT = Lack("text", _("Write at least one sentence: nothing is written yet."))
EMERGENCY = Lack(
    "emergency-flag",
    _("An emergency red flag of this client waits. Read it and write down what was done; then sign."),
)
ALL = (EMERGENCY, EPISODE, PAIN, OTHER_PAIN, TEXT)


def lacks(note: Signable, *, row_count: int, has_open_emergency: bool) -> Sequence[Lack]:
    """What is missing, in the order of the page; empty when the note can be signed.

    `row_count` is the number of findings and techniques: a note without a sentence but with what was done is complete.
    """
    missing = []
    if has_open_emergency:
        missing.append(EMERGENCY)
    if note.episode_id is None:
        missing.append(EPISODE)
    if note.pain_average is None:
        missing.append(PAIN)
    if note.other_episode_id is not None and note.other_pain_average is None:
        missing.append(OTHER_PAIN)
    if not row_count and not any(getattr(note, name).strip() for name in TEXTS):
        missing.append(TEXT)
    return missing

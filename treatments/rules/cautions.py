"""Which limits of a client concern which technique. Pure: it reminds beside the chip and never forbids.

What a limit means is said by the knowledge (`contraindications.yaml`: `rule` and `advice_staff`) or by whoever wrote
the alert. `stop`, `clearance` and `local-avoid` concern all hands-on work; `modify` concerns the kinds of work its
advice names, or all hands-on work when it names none.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

HANDS_ON = "manual"
ALL_WORK = frozenset({"stop", "clearance", "local-avoid"})
GRAVEST_FIRST = ("stop", "clearance", "local-avoid", "modify")
# Words of an advice → codes of techniques they speak of. "pressure" speaks of every kind that presses.
SPOKEN_OF: Mapping[str, frozenset[str]] = {
    "deep tissue": frozenset({"deep-tissue-massage"}),
    "deep pressure": frozenset({"deep-tissue-massage", "trigger-point-therapy", "sij-soft-tissue"}),
    "deep work": frozenset({"deep-tissue-massage", "trigger-point-therapy"}),
    "deep leg work": frozenset({"deep-tissue-massage", "trigger-point-therapy"}),
    "trigger point": frozenset({"trigger-point-therapy"}),
    "abdominal": frozenset({"gentle-psoas-work"}),
    "psoas": frozenset({"gentle-psoas-work"}),
    "stretch": frozenset({"assisted-stretching"}),
    "forced range": frozenset({"assisted-stretching"}),
}
FIRM = 4  # a pressure grade from which "light" is no longer said of it
LIGHT = ("light", "gentle")


class Limit(Protocol):
    """An open alert of a client."""

    code: str
    label: str
    effect: str
    advice: str


@dataclass(frozen=True, slots=True)
class Caution:
    """One limit as it stands beside a technique."""

    code: str
    label: str
    effect: str
    advice: str

    @property
    def is_grave(self) -> bool:
        return self.effect in {"stop", "clearance"}


def cautions_for(limits: Iterable[Limit], *, technique: str, family: str) -> list[Caution]:
    """The limits that concern a technique, gravest first."""
    found = [
        Caution(limit.code, limit.label, limit.effect, limit.advice)
        for limit in limits
        if concerns(limit, technique=technique, family=family)
    ]
    return sorted(found, key=lambda caution: GRAVEST_FIRST.index(caution.effect))


def concerns(limit: Limit, *, technique: str, family: str) -> bool:
    if limit.effect in ALL_WORK:
        return family == HANDS_ON
    if limit.effect != "modify":
        return False
    named = spoken_of(limit.advice)
    return technique in named if named else family == HANDS_ON


def spoken_of(advice: str) -> Collection[str]:
    """Codes of the techniques an advice names; none when it speaks of all work."""
    text = advice.casefold()
    return frozenset().union(*(codes for words, codes in SPOKEN_OF.items() if words in text))


def asks_for_light(limits: Iterable[Limit]) -> bool:
    """Whether a limit asks for light hands: a row of FIRM pressure then says so."""
    said = (limit.advice.casefold() for limit in limits if limit.effect in {"modify", "clearance"})
    return any(word in text for text in said for word in LIGHT)

"""What changed between two pain drawings, in words. A figure alone leaves too much to the eye."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from intake.rules import Mark


@dataclass(frozen=True, slots=True)
class Change:
    """One place: how strong it was and is, and the difference in a few words."""

    key: str
    before: int | None
    now: int | None
    words: str


def changes(now: Iterable[Mark], before: Iterable[Mark], *, qualities: Mapping[str, str]) -> list[Change]:
    """Places marked on either drawing, the strongest now first; then what is not marked any more.

    `qualities` are the words for pain by code.
    """
    new, old = {m.key: m for m in now}, {m.key: m for m in before}
    found = [_compare(key, mark, old.get(key), qualities) for key, mark in new.items()]
    found += [Change(key, mark.intensity, None, _("no longer marked")) for key, mark in old.items() if key not in new]
    found += [Change(key, None, None, _("no longer reached")) for key in _left(new.values(), old.values())]
    return sorted(found, key=lambda change: (change.now is None, -(change.now or 0), change.key))


def _left(new: Iterable[Mark], old: Iterable[Mark]) -> list[str]:
    """Where the pain ran to and does not any more."""
    new, old = list(new), list(old)
    there = {mark.key for mark in (*new, *old)} | {mark.spreads_to for mark in new}
    return list(dict.fromkeys(mark.spreads_to for mark in old if mark.spreads_to and mark.spreads_to not in there))


def _compare(key: str, now: Mark, before: Mark | None, qualities: Mapping[str, str]) -> Change:
    if before is None:
        return Change(key, None, now.intensity, _("new"))
    words = [difference(now.intensity, before.intensity), _feeling(now, before, qualities)]
    return Change(key, before.intensity, now.intensity, ", ".join(filter(None, words)))


def difference(now: int | None, before: int | None) -> str:
    """ "2 less", "1 more", "the same"; empty when one of them was not given."""
    if now is None or before is None:
        return ""
    if now == before:
        return _("the same")
    if now < before:
        return _("%(number)s less") % {"number": before - now}
    return _("%(number)s more") % {"number": now - before}


def _feeling(now: Mark, before: Mark, qualities: Mapping[str, str]) -> str:
    was, known = set(before.qualities), [code for code in now.qualities if code in qualities]
    if not known:
        return ""
    fresh = [code for code in known if code not in was]
    word = qualities[(fresh or known)[0]].lower()
    if fresh and was:
        return _("now %(quality)s") % {"quality": word}
    return _("still %(quality)s") % {"quality": word} if was else word

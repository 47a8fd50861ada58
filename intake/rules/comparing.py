"""What changed between two pain drawings, in words. A figure alone leaves too much to the eye."""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from intake.rules.marks import Mark


class Kind(enum.StrEnum):
    MARKED = "marked"  # on both drawings
    NEW = "new"
    GONE = "gone"
    UNREACHED = "unreached"  # the pain ran there and does not any more


@dataclass(frozen=True, slots=True)
class Change:
    """One place: how strong it was and is, and the difference in a few words."""

    key: str
    before: int | None
    now: int | None
    words: str
    kind: Kind = Kind.MARKED

    @property
    def is_other_strength(self) -> bool:
        return self.before is not None and self.now is not None and self.before != self.now


def changes(now: Iterable[Mark], before: Iterable[Mark], *, qualities: Mapping[str, str]) -> list[Change]:
    """Places marked on either drawing, the strongest now first; then what is not marked any more.

    `qualities` are the words for pain by code.
    """
    new, old = {m.key: m for m in now}, {m.key: m for m in before}
    found = [_compare(key, mark, old.get(key), qualities) for key, mark in new.items()]
    gone = [mark for key, mark in old.items() if key not in new]
    found += [Change(mark.key, mark.intensity, None, _("no longer marked"), Kind.GONE) for mark in gone]
    left = _left(new.values(), old.values())
    found += [Change(key, None, None, _("no longer reached"), Kind.UNREACHED) for key in left]
    return sorted(found, key=lambda change: (change.now is None, -(change.now or 0), change.key))


def _left(new: Iterable[Mark], old: Iterable[Mark]) -> list[str]:
    """Where the pain ran to and does not any more."""
    new, old = list(new), list(old)
    there = {mark.key for mark in (*new, *old)} | {mark.spreads_to for mark in new}
    return list(dict.fromkeys(mark.spreads_to for mark in old if mark.spreads_to and mark.spreads_to not in there))


def _compare(key: str, now: Mark, before: Mark | None, qualities: Mapping[str, str]) -> Change:
    if before is None:
        return Change(key, None, now.intensity, _("new"), Kind.NEW)
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


def sentence(found: Iterable[Change], *, place: Callable[[str], str]) -> str:
    """ "gone from the right calf; right outer hip 7 → 3; new in the left groin, 4". Empty when nothing changed.

    `place` gives a region's name from its key.
    """
    rows = list(found)
    parts = []
    if gone := _listed(rows, Kind.GONE, place):
        parts.append(_("gone from the %(places)s") % {"places": gone})
    parts += [_stronger_or_weaker(row, place) for row in rows if row.is_other_strength]
    parts += [_fresh(row, place) for row in rows if row.kind is Kind.NEW]
    if unreached := _listed(rows, Kind.UNREACHED, place):
        parts.append(_("no longer runs to the %(places)s") % {"places": unreached})
    return "; ".join(parts)


def _listed(rows: list[Change], kind: Kind, place: Callable[[str], str]) -> str:
    return ", ".join(place(row.key) for row in rows if row.kind is kind)


def _stronger_or_weaker(row: Change, place: Callable[[str], str]) -> str:
    return _("%(place)s %(before)s → %(now)s") % {"place": place(row.key), "before": row.before, "now": row.now}


def _fresh(row: Change, place: Callable[[str], str]) -> str:
    if row.now is None:
        return _("new in the %(place)s") % {"place": place(row.key)}
    return _("new in the %(place)s, %(now)s") % {"place": place(row.key), "now": row.now}

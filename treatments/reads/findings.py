"""What a note found, to read: by part, both sides in one line, trigger points with their figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from intake.body_map import all_keys, place_name
from treatments.models import Finding
from treatments.reads.points import PointsFigure, figures_of
from treatments.rules.measuring import leg_difference
from treatments.rules.observations import SEEN, TEXTURES
from treatments.rules.sections import PARTS, TITLES
from treatments.templatetags.knowledge_words import finding_name

KIND = Finding.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One thing with what was found on either side, or a sentence about it."""

    name: str
    right: str = ""
    left: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    part: str
    title: str | Promise
    lines: list[Line]
    figures: list[PointsFigure] = field(default_factory=list)

    @property
    def has_sides(self) -> bool:
        return any(line.right or line.left for line in self.lines)


def sections_of(findings: Iterable[Finding], earlier: Iterable[Finding] = ()) -> list[Section]:
    """The parts that hold something, in the order of the page. No query."""
    rows = list(findings)
    found = []
    for part, kind in PARTS.items():
        own = [row for row in rows if row.kind == kind]
        if own:
            figures = figures_of(rows, earlier) if part == "points" else []
            found.append(Section(part, TITLES[part], LINES[part](own), figures))
    return found


def _by_sides(rows: list[Finding]) -> list[Line]:
    """Right and left of one movement in one line."""
    groups: dict[str, dict[str, Finding]] = {}
    for row in rows:
        groups.setdefault(row.code, {})[row.side] = row
    return [
        Line(
            finding_name(next(iter(sides.values()))),
            right=_value(sides.get("right")),
            left=_value(sides.get("left")),
            words=_value(sides.get("none")),
        )
        for sides in groups.values()
    ]


def _value(row: Finding | None) -> str:
    if row is None:
        return ""
    value = ""
    if row.angle_degrees is not None:
        value = f"{row.angle_degrees}°".replace("-", "−")
    elif row.strength_grade is not None:
        value = f"{row.strength_grade.normalize():f}/5"
    elif row.length_mm is not None:
        value = _("%(length)s mm") % {"length": row.length_mm}
    return ", ".join(filter(None, [value, _("painful") if row.is_painful else "", row.comment]))


def _tests(rows: list[Finding]) -> list[Line]:
    words = {True: _("positive"), False: _("negative"), None: _("not done")}
    return [Line(_named(row), words=_joined(words[row.is_positive], row.comment)) for row in rows]


def _felt(rows: list[Finding]) -> list[Line]:
    return [Line(_named(row), words=_joined(*felt_words(row), row.comment)) for row in rows]


def felt_words(row: Finding) -> list[str]:
    """Tenderness, texture, own pain, where it lies and where it refers to."""
    words = []
    if row.tenderness_grade is not None:
        words.append(_("tender %(grade)s of 4") % {"grade": row.tenderness_grade})
    if row.texture:
        words.append(str(TEXTURES.get(row.texture, row.texture)).lower())
    if row.reproduces_pain:
        words.append(_("the client's own pain"))
    if row.refers_to:
        words.append(_("refers to %(place)s") % {"place": place_words(row.refers_to)})
    return words


def place_words(key: str) -> str:
    """A region's name; older notes have words of their own."""
    return place_name(key).lower() if key in all_keys() else key


def _legs(rows: list[Finding]) -> list[Line]:
    lengths = {row.side: row.length_mm for row in rows}
    more = leg_difference(lengths.get("right"), lengths.get("left"))
    words = "" if more is None else difference_words(more)
    return [Line(line.name, line.right, line.left, _joined(words, line.words)) for line in _by_sides(rows)]


def difference_words(more: int) -> str:
    """ "right 8 mm longer"."""
    if not more:
        return _("no difference")
    words = _("right %(mm)s mm longer") if more > 0 else _("left %(mm)s mm longer")
    return words % {"mm": abs(more)}


def _seen(rows: list[Finding]) -> list[Line]:
    known = SEEN[rows[0].kind]
    words = [str(known.get(row.code, row.code)) for row in rows if row.code]
    return [Line("", words=_joined(", ".join(words), *(row.comment for row in rows)))]


def _named(row: Finding) -> str:
    return _joined(finding_name(row), str(row.get_side_display()) if row.side != Finding.Side.NONE else "")


def _joined(*words: str) -> str:
    return ", ".join(word for word in words if word)


LINES: dict[str, Any] = {
    "rom": _by_sides,
    "strength": _by_sides,
    "tests": _tests,
    "points": _felt,
    "palpation": _felt,
    "legs": _legs,
    "gait": _seen,
    "posture": _seen,
}

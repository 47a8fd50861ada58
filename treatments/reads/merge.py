"""Two texts of one note side by side: what was saved elsewhere, and what was typed over an older version."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from treatments.forms import DraftForms
from treatments.forms.draft import part_of
from treatments.models import Finding, SessionNote, SetAside, TechniqueApplied
from treatments.rows import FindingRow, TechniqueRow
from treatments.rules.signing import TEXTS
from treatments.services.notes import changed_in
from treatments.templatetags.knowledge_words import finding_name
from treatments.vocabulary import Word, vocabulary

PARTS = "parts"  # the control that names what was sent
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "at", "base", "device", "settles", "version", "action", PARTS})
TITLES: dict[str, Any] = {
    "episode": gettext_lazy("Episode"),
    "pain_now": gettext_lazy("Pain now"),
    "pain_average": gettext_lazy("Average pain"),
    "pain_worst": gettext_lazy("Worst pain"),
    "subjective": gettext_lazy("Subjective"),
    "objective": gettext_lazy("Objective"),
    "findings": gettext_lazy("Findings"),
    "techniques": gettext_lazy("Treatment given"),
    "assessment": gettext_lazy("Assessment"),
    "plan": gettext_lazy("Plan"),
}
ROWS = ("findings", "techniques")


def titles_of(names: Iterable[str]) -> list[str]:
    """The parts of a note as a person calls them."""
    return [str(TITLES.get(name, name.replace("_", " ").capitalize())) for name in names]


def content_of(note: SessionNote, forms: DraftForms, changed: Iterable[str]) -> dict[str, Any]:
    """What is kept of a text that was set aside, and what stood in its place."""
    sent = {name: forms.data.getlist(name) for name in forms.data if name not in NOT_TYPED}
    content = {
        "form": sent,
        "parts": None if forms.parts is None else sorted(forms.parts),
        "base": forms.data.get("base"),
        "at": _milliseconds(str(forms.data.get("at", ""))),
        "theirs": {name: "\n".join(lines_of(value_in(note, name))) for name in changed},
    }
    return _clean(content)  # type: ignore[no-any-return]


def _milliseconds(text: str) -> int:
    """When it was typed, by the clock of its device; 0 for anything but a time."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0


def _clean(value: Any) -> Any:
    """Without the one character that PostgreSQL does not store."""
    if isinstance(value, dict):
        return {_clean(key): _clean(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return value.replace("\0", "") if isinstance(value, str) else value


def value_in(note: SessionNote, name: str) -> Any:
    """A part of the note as it is stored."""
    if name == "findings":
        return [FindingRow.of(row) for row in note.findings.all()]
    if name == "techniques":
        return [TechniqueRow.of(row) for row in note.techniques.all()]
    return getattr(note, name)


def lines_of(value: Any) -> list[str]:
    """A part in words: a text in its lines, rows one a line."""
    if value is None or value == "" or value == []:
        return []
    if isinstance(value, str):
        return value.splitlines()
    if isinstance(value, list):
        return [_row_in_words(row) for row in value]
    return [str(value)]


def _row_in_words(row: Any) -> str:
    if isinstance(row, FindingRow):
        finding = Finding(**row.values())
        name, about = finding_name(finding), _finding_about(finding)
        return f"{name}{_side(row.side)}{about}"
    if isinstance(row, TechniqueRow):
        applied, words = TechniqueApplied(**row.values()), [_label(vocabulary().techniques, row.technique_id)]
        words += [_label(vocabulary().structures, row.structure_id)] if row.structure_id else []
        words += [_("%(minutes)s min") % {"minutes": row.duration_minutes}] if row.duration_minutes else []
        words += [_("pressure %(grade)s of 5") % {"grade": row.pressure_grade}] if row.pressure_grade else []
        words += [applied.get_response_display()] if row.response else []
        return f"{words[0]}{_side(row.side)}{''.join(f', {word}' for word in words[1:])}"
    return str(row)


def _label(words: Iterable[Word], pk: uuid.UUID) -> str:
    """A word that was taken out of the knowledge since has only its id."""
    return next((word.label for word in words if word.pk == pk), str(pk))


def _side(side: str) -> str:
    return "" if side == "none" else f", {Finding.Side(side).label}"


def _finding_about(finding: Finding) -> str:
    """All that is noted of a finding besides its name and side."""
    skipped = {"id", "note", "kind", "code", "side", "position"}
    words = []
    for field in finding._meta.concrete_fields:
        value = getattr(finding, field.attname)
        if field.name in skipped or value in (None, "", False):
            continue
        label = str(field.verbose_name)
        words.append(label if value is True else f"{label} {value}")
    return f": {', '.join(words)}" if words else ""


@dataclass(frozen=True, slots=True)
class Both:
    """One part that both texts changed."""

    name: str
    title: str
    theirs: list[str]
    yours: list[str]
    text: str  # of both, for a part that is text

    @property
    def is_text(self) -> bool:
        return self.name in TEXTS

    @property
    def can_be_both(self) -> bool:
        return self.name in (*TEXTS, *ROWS)


def _joined(theirs: str, yours: str) -> str:
    """One text of both; what they begin with in common stands once."""
    same = next((i for i, (one, other) in enumerate(zip(theirs, yours, strict=False)) if one != other), None)
    common = theirs[: min(len(theirs), len(yours)) if same is None else same]
    begun = max(common.rfind(" "), common.rfind("\n")) + 1
    return "\n".join(one.strip("\n") for one in (theirs, yours[begun:]) if one.strip())


class Merge:
    """What one text that was set aside means over the note as it is now."""

    def __init__(self, row: SetAside, note: SessionNote) -> None:
        self.row, self.note = row, note

    def _forms(self, fields: QueryDict) -> DraftForms:
        parts = self.row.content.get("parts")
        return DraftForms(self.note, fields, parts=None if parts is None else frozenset(parts))

    @cached_property
    def forms(self) -> DraftForms:
        fields = QueryDict(mutable=True)
        for name, values in self.row.content.get("form", {}).items():
            fields.setlist(name, values)
        return self._forms(fields)

    @cached_property
    def yours(self) -> dict[str, Any]:
        return dict(self.forms.changes())

    @cached_property
    def changed(self) -> list[str]:
        """What differs from the note now."""
        return changed_in(self.note, self.yours)

    @cached_property
    def asked(self) -> list[str]:
        """Parts changed in both places. Without knowing what it was typed over: all that differs."""
        sent = self.row.content.get("base")
        if sent is None:
            return self.changed
        base: Any = self._forms(QueryDict(sent)).changes()
        return [n for n in self.changed if n not in base or changed_in(self.note, {n: base[n]})]

    @cached_property
    def both(self) -> list[Both]:
        return [self._both(name) for name in self.asked]

    def _both(self, name: str) -> Both:
        theirs, yours = value_in(self.note, name), self.yours[name]
        text = _joined(theirs, yours) if name in TEXTS else ""
        return Both(name, titles_of([name])[0], lines_of(theirs), lines_of(yours), text)

    @property
    def alone(self) -> list[Both]:
        """Parts only this text changed: taken over by themselves."""
        return [self._both(name) for name in self.changed if name not in self.asked]

    @property
    def unread(self) -> list[str]:
        """Parts with a box that says what no note can hold: all of them as they were typed, and what is wrong."""
        errors = self.forms.errors
        parts = {part_of(name) for name in errors}
        sent = self.row.content.get("form", {})
        typed = [
            f"{name.replace('-', ' ').replace('_', ' ')}: {', '.join(filter(None, values))}"
            for name, values in sent.items()
            if part_of(name) in parts and any(values) and not name.endswith("_FORMS")
        ]
        return [*errors.values(), *typed]

    def chosen(self, answers: QueryDict) -> dict[str, Any]:
        """The changes that somebody chose: for each part theirs, yours, or both."""
        changes = {name: value for name, value in self.yours.items() if name in self.changed}
        for part in self.both:
            choice = answers.get(f"take-{part.name}", "both" if part.can_be_both else "")
            if choice == "theirs":
                del changes[part.name]
            elif choice == "both" and part.can_be_both:
                given = answers.get(f"text-{part.name}", part.text).replace("\r\n", "\n")
                changes[part.name] = given if part.is_text else self._all_rows(part.name)
        return changes

    def _all_rows(self, name: str) -> list[Any]:
        """Theirs, and yours where it is another. A movement or test stands once for a side: yours."""
        theirs, yours = value_in(self.note, name), self.yours[name]
        if name == "techniques":
            return [*theirs, *(row for row in yours if row not in theirs)]
        taken = {(row.kind, row.code, row.side) for row in yours}
        return [*(row for row in theirs if (row.kind, row.code, row.side) not in taken), *yours]

    @property
    def as_addendum(self) -> str:
        """All of it as one text, for a note that was signed meanwhile."""
        texts = [(titles_of([name])[0], lines_of(self.yours[name])) for name in self.changed]
        said = [
            f"{title}: {'; '.join(lines)}" if len(lines) < 2 else "\n".join((f"{title}:", *lines))
            for title, lines in texts
        ]
        return "\n".join([*said, *self.unread])

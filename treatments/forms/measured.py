"""Ranges of motion, leg lengths, and what was seen of gait and posture: fixed boxes, filled or left empty."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.models import RangeOfMotion
from treatments.forms.pills import PlainNumber, PlainText, PlainTick, Ticks
from treatments.models import Finding
from treatments.rows import FindingRow
from treatments.rules.observations import SEEN

KIND = Finding.Kind
LEG_LENGTH = "leg-length-measure"
BOTH = ("right", "left")
SIDE_WORDS = {"right": _("right"), "left": _("left")}


def sides_of(movement: RangeOfMotion) -> tuple[str, ...]:
    return BOTH if movement.data.get("sided", True) else ("none",)


def whole(label: Any, low: int, high: int) -> forms.IntegerField:
    widget = PlainNumber(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=False, widget=widget)


class RangeForm(forms.Form):
    """Degrees, pain and a remark for each movement and side. What is left empty was not measured."""

    def __init__(self, data: Any = None, *, movements: list[RangeOfMotion], rows: Iterable[Any] = ()) -> None:
        self.stored = {self.name_of(row): row for row in rows}
        initial: dict[str, Any] = {}
        for name, row in self.stored.items():
            initial |= {name: row.angle_degrees, f"{name}-pain": row.is_painful, f"{name}-remark": row.comment}
        super().__init__(data, prefix="rom", initial=initial)
        self.movements = movements
        for movement in movements:
            for side in sides_of(movement):
                name, words = f"{movement.code}-{side}", SIDE_WORDS.get(side)
                label = f"{movement.label}, {words}" if words else movement.label
                self.fields[name] = whole(label, -60, 180)
                self.fields[f"{name}-pain"] = forms.BooleanField(label=label, required=False, widget=PlainTick)
                self.fields[f"{name}-remark"] = forms.CharField(
                    label=label, max_length=200, required=False, widget=PlainText
                )

    @staticmethod
    def name_of(row: Any) -> str:
        return f"{row.code}-{row.side}"

    def findings(self) -> list[FindingRow]:
        """What was measured; a value with an error stays as it was stored."""
        given = self.cleaned_data
        found = []
        for movement in self.movements:
            for side in sides_of(movement):
                name = f"{movement.code}-{side}"
                before = self.stored.get(name)
                angle = given[name] if name in given else getattr(before, "angle_degrees", None)
                is_painful, comment = given[f"{name}-pain"], given.get(f"{name}-remark", getattr(before, "comment", ""))
                if angle is not None or is_painful or comment:
                    row = FindingRow(
                        KIND.RANGE_OF_MOTION.value,
                        movement.code,
                        side,
                        angle_degrees=angle,
                        is_painful=is_painful,
                        comment=comment,
                    )
                    found.append(row)
        return found


class LegForm(forms.Form):
    """Both legs by tape, in millimetres."""

    right = whole(_("Right leg, mm"), 400, 1300)
    left = whole(_("Left leg, mm"), 400, 1300)
    remark = forms.CharField(
        label=_("Remark"), max_length=200, required=False, widget=PlainText(attrs={"placeholder": _("Remark")})
    )

    def __init__(self, data: Any = None, *, rows: Iterable[Any] = ()) -> None:
        self.stored = {row.side: row for row in rows}
        initial: dict[str, Any] = {side: row.length_mm for side, row in self.stored.items()}
        initial["remark"] = next((row.comment for row in self.stored.values() if row.comment), "")
        super().__init__(data, prefix="legs", initial=initial)

    def findings(self) -> list[FindingRow]:
        given = self.cleaned_data
        comment = given.get("remark", "")
        found = []
        for side in BOTH:
            length = given[side] if side in given else getattr(self.stored.get(side), "length_mm", None)
            if length is not None:
                found.append(FindingRow(KIND.LEG_LENGTH.value, LEG_LENGTH, side, length_mm=length, comment=comment))
                comment = ""
        if comment:
            found.append(FindingRow(KIND.LEG_LENGTH.value, LEG_LENGTH, comment=comment))
        return found


class SeenForm(forms.Form):
    """A few words for what was seen, and a remark."""

    words = forms.MultipleChoiceField(required=False, widget=Ticks)
    remark = forms.CharField(
        label=_("Remark"), max_length=200, required=False, widget=PlainText(attrs={"placeholder": _("Remark")})
    )

    def __init__(self, data: Any = None, *, part: str, rows: Iterable[Any] = ()) -> None:
        rows = list(rows)
        self.part, self.known = part, SEEN[part]
        remark = next((row.comment for row in rows if row.comment), "")
        super().__init__(data, prefix=part, initial={"words": [row.code for row in rows if row.code], "remark": remark})
        self.others = [row for row in rows if row.code and row.code not in self.known]
        field: forms.MultipleChoiceField = self.fields["words"]  # type: ignore[assignment]
        field.choices = list(self.known.items())

    def findings(self) -> list[FindingRow]:
        chosen = self.cleaned_data.get("words", [])
        comment = self.cleaned_data.get("remark", "")
        found = [FindingRow(self.part, code) for code in self.known if code in chosen]
        found += [FindingRow.of(row) for row in self.others]
        return [*found, FindingRow(self.part, "", comment=comment)] if comment else found

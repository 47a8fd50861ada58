"""Rows of the objective section: tests, trigger points, palpation, strength. They convert shape only."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intake.body_map import key_named
from treatments.forms.pills import Pills, PlainHidden, PlainNumber, PlainText, PlainTick
from treatments.forms.rows import RowForm
from treatments.forms.widgets import OpenSelect, PickField
from treatments.models import Finding
from treatments.rows import FindingRow
from treatments.rules import spots
from treatments.rules.observations import TEXTURES

KIND = Finding.Kind
SIDES = [("right", _("R")), ("left", _("L")), ("none", "–")]
TENDERNESS = [(str(n), str(n)) for n in range(5)]


def pills(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    """A few choices, each one tap."""
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=Pills(attrs={"aria-label": label}))


REMARK = _("Remark")


def remark() -> forms.CharField:
    widget = PlainText(attrs={"placeholder": REMARK})
    return forms.CharField(label=REMARK, max_length=200, required=False, widget=widget)


def grade_of(text: str) -> int | None:
    return int(text) if text else None


class FindingForm(RowForm):
    """A row about one thing and side. `FIELDS`: field → what it is stored as, and how its value is read."""

    key = "code"
    kind = ""
    FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {}

    code = PickField(label=_("Structure"), required=False)
    side = pills(_("Side"), SIDES)

    @property
    def identity(self) -> tuple[str, str]:
        return self.cleaned_data["code"], self.cleaned_data.get("side") or "none"

    def rows(self, stored: Iterable[Finding]) -> list[FindingRow]:
        """What can be saved of the row: a field with an error stays as it was stored, if it was."""
        code, side = self.identity
        given = self.cleaned_data
        before = next((row for row in stored if (row.code, row.side) == (code, side)), None)
        values = {attr: read(given[name]) for name, (attr, read) in self.FIELDS.items() if name in given}
        if before:
            wrong = [attr for name, (attr, _read) in self.FIELDS.items() if name not in given]
            values |= {attr: getattr(before, attr) for attr in wrong}
        return [FindingRow(self.kind, code, side, **values)]


class TestForm(FindingForm):
    """A special test and its result; without one it was not done."""

    __test__ = False  # not one of pytest's
    kind = KIND.SPECIAL_TEST.value
    RESULTS = [("yes", _("Positive")), ("no", _("Negative")), ("", _("Not done"))]
    FIELDS = {"result": ("is_positive", {"yes": True, "no": False}.get), "comment": ("comment", str)}

    code = PickField(label=_("Test"), required=False)
    result = pills(_("Result"), RESULTS)
    comment = remark()

    def arrange(self) -> None:
        self.offer("code", self.lists.tests)

    @staticmethod
    def values_of(row: Finding) -> dict[str, Any]:
        result = {True: "yes", False: "no", None: ""}[row.is_positive]
        return {"code": row.code, "side": row.side, "result": result, "comment": row.comment}


class PalpationForm(FindingForm):
    """What a structure feels like under the hand."""

    kind = KIND.PALPATION.value
    FIELDS = {"tenderness": ("tenderness_grade", grade_of), "texture": ("texture", str), "comment": ("comment", str)}

    tenderness = pills(_("Tenderness, 0 to 4"), TENDERNESS)
    texture = PickField(label=_("Texture"), choices=[("", _("Texture")), *TEXTURES.items()], required=False)
    comment = remark()

    def arrange(self) -> None:
        self.offer("code", self.lists.structures_by_code)

    @staticmethod
    def values_of(row: Finding) -> dict[str, Any]:
        tenderness = "" if row.tenderness_grade is None else str(row.tenderness_grade)
        return {
            "code": row.code,
            "side": row.side,
            "tenderness": tenderness,
            "texture": row.texture,
            "comment": row.comment,
        }


class PointForm(FindingForm):
    """A trigger point, with its place on the map and where it refers to."""

    kind = KIND.TRIGGER_POINT.value
    FIELDS = {
        "tenderness": ("tenderness_grade", grade_of),
        "reproduces": ("reproduces_pain", bool),
        "refers_to": ("refers_to", str),
        "spot": ("spot", lambda spot: spot.as_json() if spot else None),
    }

    place = PickField(label=_("Place"), required=False)
    spot = forms.CharField(required=False, max_length=1000, label=_("Place on the map"), widget=PlainHidden)
    tenderness = pills(_("Tenderness, 0 to 4"), TENDERNESS)
    reproduces = forms.BooleanField(label=_("The client's own pain"), required=False, widget=PlainTick)
    refers_to = forms.CharField(label=_("Refers to"), max_length=90, required=False)

    def arrange(self) -> None:
        self.offer("code", self.lists.structures_by_code)
        self.offer("place", self.lists.places)
        self.fields["refers_to"].widget = OpenSelect(self.lists.places)  # older notes have words of their own

    def clean_refers_to(self) -> str:
        return key_named(self.cleaned_data["refers_to"])

    def clean_spot(self) -> spots.Spot | None:
        try:
            return spots.parse(self.cleaned_data["spot"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None

    def clean(self) -> dict[str, Any]:
        """The map and the lists agree; the side is that of the place."""
        given: dict[str, Any] = super().clean() or {}
        if "spot" not in given or "place" not in given:
            return given
        sent = {
            name: given.get(name) if self.add_prefix(name) in self.data else None for name in ("place", "refers_to")
        }
        given["spot"], given["refers_to"] = spots.settled(given["spot"], **sent)
        side = spots.side_of(given["spot"].region) if given["spot"] else "none"
        if side != "none":
            given["side"] = side
        return given

    @staticmethod
    def values_of(row: Finding) -> dict[str, Any]:
        spot = spots.lenient(row.spot)
        return {
            "code": row.code,
            "side": row.side,
            "place": spot.region if spot else "",
            "spot": spot.as_text() if spot else "",
            "tenderness": "" if row.tenderness_grade is None else str(row.tenderness_grade),
            "reproduces": row.reproduces_pain,
            "refers_to": key_named(row.refers_to),
        }


class StrengthForm(RowForm):
    """A movement or muscle, graded on both sides."""

    key = "code"

    code = PickField(label=_("Movement or muscle"), required=False)
    right = forms.DecimalField(label=_("Right, 0 to 5"), min_value=0, max_value=5, decimal_places=1, required=False)
    left = forms.DecimalField(label=_("Left, 0 to 5"), min_value=0, max_value=5, decimal_places=1, required=False)
    comment = remark()

    def arrange(self) -> None:
        self.offer("code", self.lists.strengths)
        for name in ("right", "left"):
            self.fields[name].widget = PlainNumber(attrs={"step": "0.5", "inputmode": "decimal", "min": 0, "max": 5})

    @property
    def identity(self) -> tuple[str, str]:
        return self.cleaned_data["code"], ""

    def rows(self, stored: Iterable[Finding]) -> list[FindingRow]:
        given, code = self.cleaned_data, self.cleaned_data["code"]
        before = {row.side: row for row in stored if row.code == code}
        found = []
        for side in ("right", "left"):
            kept: Decimal | None = before[side].strength_grade if side in before else None
            grade = given.get(side) if side in given else kept
            if grade is not None:
                found.append(FindingRow(KIND.STRENGTH.value, code, side, strength_grade=grade))
        if given.get("comment"):
            side = found[0].side if found else "none"
            grade = found[0].strength_grade if found else None
            about = FindingRow(KIND.STRENGTH.value, code, side, strength_grade=grade, comment=given["comment"])
            found = [about, *found[1:]]
        return found

    @staticmethod
    def grouped(rows: Iterable[Finding]) -> list[list[Finding]]:
        """Both sides of each movement together, in the order of the first."""
        found: dict[str, list[Finding]] = {}
        for row in rows:
            found.setdefault(row.code, []).append(row)
        return list(found.values())

    @staticmethod
    def values_of(rows: list[Finding]) -> dict[str, Any]:
        grades = {row.side: row.strength_grade for row in rows}
        comment = next((row.comment for row in rows if row.comment), "")
        return {"code": rows[0].code, "right": grades.get("right"), "left": grades.get("left"), "comment": comment}


class OnceFormSet(forms.BaseFormSet[Any]):
    """Rows of which each stands once for a side: the second says so beside its control."""

    def clean(self) -> None:
        seen = set()
        for form in self.forms:
            if not getattr(form, "cleaned_data", None) or not form.is_given:
                continue
            if form.identity in seen:
                form.add_error("code", _("This stands above already, for the same side."))
            seen.add(form.identity if "code" in form.cleaned_data else None)

"""Findings and techniques, as they stand in a note."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from treatments.forms.measured import LEG_LENGTH
from treatments.models import Finding, TechniqueApplied
from treatments.rows import FindingRow, TechniqueRow
from treatments.rules import spots
from treatments.rules.observations import SEEN
from treatments.rules.sections import ONCE, PART_OF
from treatments.serializers.strict import Strict, whole, words
from treatments.vocabulary import Vocabulary, vocabulary

MOST_ROWS = 80
KIND = Finding.Kind


def _codes(*lists: str) -> Callable[[Vocabulary], Collection[str]]:
    return lambda known: {word.code for name in lists for word in getattr(known, name)}


CODES: dict[str, Callable[[Vocabulary], Collection[str]]] = {
    KIND.RANGE_OF_MOTION: _codes("movements"),
    KIND.SPECIAL_TEST: _codes("tests"),
    KIND.TRIGGER_POINT: _codes("structures"),
    KIND.PALPATION: _codes("structures"),
    KIND.STRENGTH: _codes("movements", "structures"),
    KIND.LEG_LENGTH: lambda known: (LEG_LENGTH,),
    KIND.GAIT: lambda known: SEEN["gait"],
    KIND.POSTURE: lambda known: SEEN["posture"],
}


class RowsSerializer(serializers.ListSerializer[Any]):
    """At most eighty, each about something else where it is recorded once for a side."""

    def validate(self, attrs: list[Any]) -> list[Any]:
        if len(attrs) > MOST_ROWS:
            raise serializers.ValidationError(_("At most %(most)s rows.") % {"most": MOST_ROWS})
        seen = set()
        for row in attrs:
            if isinstance(row, FindingRow) and PART_OF[row.kind] in ONCE:
                key = (row.kind, row.code, row.side)
                if key in seen:
                    raise serializers.ValidationError(_("%(code)s stands twice.") % {"code": row.code})
                seen.add(key)
        return attrs


class SpotField(serializers.JSONField):
    """A point of a view of the body map, `{"view", "x", "y"}`, and under `to` the point that it refers to."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        try:
            if set(data) - {"view", "x", "y", "to"}:
                raise ValueError
            found = spots.read(data)
            if found is None:
                raise ValueError
            return found.as_json()
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            raise serializers.ValidationError(_("This is no place on the body map.")) from None


class FindingSerializer(Strict):
    """Something examined. `code` is a movement, test or structure of the knowledge, by its `kind`.

    Of gait and posture it is a word of the page, or nothing beside a `comment`.
    """

    kind = serializers.ChoiceField(choices=Finding.Kind.choices)
    code = serializers.SlugField(max_length=80, allow_blank=True)
    side = serializers.ChoiceField(choices=Finding.Side.choices, default="none")
    angle_degrees = whole(-90, 200)
    length_mm = whole(400, 1300)
    strength_grade = serializers.DecimalField(
        max_digits=2, decimal_places=1, min_value=0, max_value=5, required=False, allow_null=True
    )
    is_positive = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_painful = serializers.BooleanField(required=False, default=False)
    tenderness_grade = whole(0, 4)
    texture = words(12)
    reproduces_pain = serializers.BooleanField(required=False, default=False)
    refers_to = words(90)
    spot = SpotField(
        required=False,
        allow_null=True,
        help_text=gettext_lazy("Of a trigger point. Not named, the one that is stored stays; null takes it away."),
    )
    comment = words(200)

    class Meta:
        list_serializer_class = RowsSerializer

    def validate(self, attrs: dict[str, Any]) -> Any:
        stored = self.context.get("findings", ())
        kept = {row.code for row in stored if row.kind == attrs["kind"] and row.code}
        is_remark = attrs["kind"] in SEEN and not attrs["code"] and bool(attrs.get("comment"))
        known = {*CODES[attrs["kind"]](vocabulary()), *kept}
        is_known = attrs["code"] in known
        if not is_known and not is_remark:
            raise serializers.ValidationError({"code": [_("The knowledge has no such entry for this kind.")]})
        row = FindingRow(**attrs)
        same = (each for each in stored if (each.kind, each.code, each.side) == (row.kind, row.code, row.side))
        before = next((each.spot for each in same), None)
        if "spot" not in attrs or attrs["spot"] == before:
            return FindingRow(**{**row.values(), "spot": before})
        return _placed(row)


def _placed(row: FindingRow) -> FindingRow:
    """As the page keeps it: the side is that of the place, and the arrow ends where it is said to refer to."""
    spot = spots.read(row.spot)
    if spot is None:
        return row
    if row.kind != KIND.TRIGGER_POINT:
        raise serializers.ValidationError({"spot": [_("Only a trigger point has a place on the map.")]})
    side = spots.side_of(spot.region)
    if side != "none" and row.side not in ("none", side):
        raise serializers.ValidationError({"side": [_("The place on the map is on the other side.")]})
    settled, refers_to = spots.settled(spot, place=None, refers_to=row.refers_to or None)
    place = settled.as_json() if settled else None
    return replace(row, side=row.side if side == "none" else side, spot=place, refers_to=refers_to)


class TechniqueSerializer(Strict):
    """Something done: `technique` and `structure` by the id of their entry in the knowledge."""

    technique = serializers.UUIDField(source="technique_id")
    structure = serializers.UUIDField(source="structure_id", required=False, allow_null=True)
    side = serializers.ChoiceField(choices=Finding.Side.choices, default="none")
    duration_minutes = whole(1, 240)
    pressure_grade = whole(1, 5)
    response = serializers.ChoiceField(choices=TechniqueApplied.Response.choices, required=False, allow_blank=True)

    class Meta:
        list_serializer_class = RowsSerializer

    def validate(self, attrs: dict[str, Any]) -> Any:
        known, wrong = vocabulary(), _("The knowledge has no such entry.")
        kept: set[uuid.UUID] = set()
        for row in self.context.get("techniques", ()):
            kept |= {row.technique_id, row.structure_id}
        if attrs["technique_id"] not in kept | {word.pk for word in known.techniques}:
            raise serializers.ValidationError({"technique": [wrong]})
        structure = attrs.get("structure_id")
        if structure and structure not in kept | {word.pk for word in known.structures}:
            raise serializers.ValidationError({"structure": [wrong]})
        return TechniqueRow(**attrs)

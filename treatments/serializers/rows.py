"""Findings and techniques, as they stand in a note."""

import uuid
from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from treatments.models import Finding, TechniqueApplied
from treatments.rows import FindingRow, TechniqueRow
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


class FindingSerializer(Strict):
    """Something examined. `code` is a movement, test or structure of the knowledge, by its `kind`."""

    kind = serializers.ChoiceField(choices=Finding.Kind.choices)
    code = serializers.SlugField(max_length=80)
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
    spot = serializers.JSONField(
        read_only=True, help_text=gettext_lazy("View and point on the body map; it is placed on the page.")
    )
    comment = words(200)

    class Meta:
        list_serializer_class = RowsSerializer

    def validate(self, attrs: dict[str, Any]) -> Any:
        known = CODES.get(attrs["kind"])
        kept = {(row.kind, row.code) for row in self.context.get("findings", ())}
        is_known = known is None or attrs["code"] in known(vocabulary()) or (attrs["kind"], attrs["code"]) in kept
        if not is_known:
            raise serializers.ValidationError({"code": [_("The knowledge has no such entry for this kind.")]})
        row = FindingRow(**attrs)
        stored = self.context.get("findings", ())
        same = (each for each in stored if (each.kind, each.code, each.side) == (row.kind, row.code, row.side))
        spot = next((each.spot for each in same), None)
        return FindingRow(**{**row.values(), "spot": spot})


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

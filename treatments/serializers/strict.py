"""What a body of treatment may say: nothing is left out in silence."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from scheduling.serializers.scoped import Scoped


class Strict(Scoped):
    """A name that does not exist or is not the caller's to write is refused: a seal or a status is not sent in vain."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            wrong = {str(name): [_("This cannot be written here.")] for name in data if name not in writable}
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text and nothing that merely could be written as text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def words(most: int, **options: Any) -> Text:
    """Text as typed, blanks and line ends included."""
    options = {"required": False, "allow_blank": True, "trim_whitespace": False} | options
    return Text(max_length=most, **options)


def whole(low: int, high: int, **options: Any) -> serializers.IntegerField:
    """A whole number that may be left out or null."""
    options = {"required": False, "allow_null": True} | options
    return serializers.IntegerField(min_value=low, max_value=high, **options)

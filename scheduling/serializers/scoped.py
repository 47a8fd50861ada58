from typing import Any

from rest_framework import serializers


class Scoped(serializers.Serializer[Any]):
    """Only what the caller may see can be named; a foreign id is refused like one that does not exist.

    within: the model behind each field that names a row.
    """

    within: dict[str, Any] = {}

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            for name, model in self.within.items():
                fields[name].queryset = model.objects.visible_to(request.user)
        return fields


def named(model: Any, *, required: bool = False, **options: Any) -> Any:
    """A field that names a row by its id."""
    return serializers.PrimaryKeyRelatedField(queryset=model.objects.none(), required=required, **options)

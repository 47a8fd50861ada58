from rest_framework import serializers

from clinic.people.models import Client, Location


class ClientSerializer(serializers.ModelSerializer[Client]):
    """A client without anything clinical. `location` says at whose desk a new one is added."""

    location = serializers.PrimaryKeyRelatedField(queryset=Location.objects.none(), write_only=True, required=False)

    class Meta:
        model = Client
        fields = [
            "id",
            "number",
            "given_name",
            "family_name",
            "preferred_name",
            "pronouns",
            "born_on",
            "email",
            "phone",
            "address",
            "emergency_contact_name",
            "emergency_contact_phone",
            "referrer",
            "language",
            "archived_at",
            "location",
        ]
        read_only_fields = ["id", "number", "archived_at"]

    def get_fields(self) -> dict[str, serializers.Field]:  # type: ignore[type-arg]
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None:
            fields["location"].queryset = Location.objects.visible_to(request.user)  # type: ignore[attr-defined]
        return fields

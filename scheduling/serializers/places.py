from rest_framework import serializers

from clinic.people.models import Location, Room, User


class LocationSerializer(serializers.ModelSerializer[Location]):
    class Meta:
        model = Location
        fields = ["id", "name", "address", "phone", "timezone", "opens_at", "closes_at"]


class RoomSerializer(serializers.ModelSerializer[Room]):
    class Meta:
        model = Room
        fields = ["id", "name", "location", "equipment"]


class TherapistSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "name", "locations", "services"]
        read_only_fields = fields

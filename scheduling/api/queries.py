"""What stands in an address, as strictly as a body: an unknown name or a wrong value is a 400, never left out."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from clinic.people.api_access import InstantField, check_parameters
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service
from scheduling.serializers.scoped import Scoped, named

SEVERAL = (serializers.MultipleChoiceField, serializers.ListField)


class Query(Scoped):
    """The parameters of a list."""


def read(query: type[Query], request: Request) -> dict[str, Any]:
    """The parameters by name. Raises ValidationError, also for a name that does not exist: it would show everything."""
    said = query(data=request.query_params, context={"request": request})
    several = [name for name, field in said.fields.items() if isinstance(field, SEVERAL)]
    check_parameters(request, said.fields, several=several)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


class AppointmentQuery(Query):
    """`from` and `until` may be left out for one client; `status` may come several times."""

    within = {"client": Client, "therapist": User, "room": Room, "location": Location, "service": Service}

    client = named(Client)
    therapist = named(User)
    room = named(Room)
    location = named(Location)
    service = named(Service)
    status = serializers.MultipleChoiceField(choices=Appointment.Status.choices, required=False)

    def get_fields(self) -> dict[str, Any]:
        span = {"from": InstantField(required=False), "until": InstantField(required=False)}
        return span | super().get_fields()

"""What stands in an address, as strictly as a body: an unknown name or a wrong value is a 400, never left out."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from clinic.people.api_access import InstantField
from clinic.people.models import Client, Location, Room, User
from scheduling.models import Appointment, Service
from scheduling.serializers.scoped import Scoped, named

SEVERAL = (serializers.MultipleChoiceField, serializers.ListField)
OF_PAGES = {"cursor", "format"}


class Query(Scoped):
    """The parameters of a list."""


def read(query: type[Query], request: Request) -> dict[str, Any]:
    """The parameters by name. Raises ValidationError, also for a name that does not exist: it would show everything."""
    said = query(data=request.query_params, context={"request": request})
    wrong = {}
    for name, values in request.query_params.lists():
        if name not in said.fields and name not in OF_PAGES:
            wrong[name] = [_("There is no such parameter.")]
        elif not all(values):
            wrong[name] = [_("Give a value, or leave it out.")]
        elif len(values) > 1 and not isinstance(said.fields.get(name), SEVERAL):
            wrong[name] = [_("Give it once.")]
    if wrong:
        raise ValidationError(wrong)
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

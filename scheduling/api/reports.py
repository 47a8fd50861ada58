"""/api/v1/reports/practice/: the figures of the owner's page."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core import clock
from clinic.people.api_access import GuardedViewSet
from clinic.people.models import Location, User
from clinic.people.permissions import Permission
from scheduling.api.queries import Query, read
from scheduling.models import Service
from scheduling.reports.filters import Filters
from scheduling.reports.report import build
from scheduling.rules.periods import period_of
from scheduling.serializers.reports import PracticeReportSerializer
from scheduling.serializers.scoped import named


class ReportQuery(Query):
    """`period`: a number of weeks up to yesterday (4, 12, 52) or a month (2026-01); else `from` and `until`."""

    within = {"location": Location, "therapist": User, "service": Service}

    period = serializers.CharField(required=False, max_length=7)
    location = named(Location)
    therapist = named(User)
    service = named(Service)

    def get_fields(self) -> dict[str, Any]:
        days = {"from": serializers.DateField(required=False), "until": serializers.DateField(required=False)}
        return days | super().get_fields()


class PracticeReportViewSet(GuardedViewSet):
    """How the practice ran, beside the period before."""

    serializer_class = PracticeReportSerializer
    pagination_class = None
    permissions = {"list": Permission.VIEW_PRACTICE, "metadata": Permission.VIEW_PRACTICE}

    @extend_schema(parameters=[ReportQuery], responses=PracticeReportSerializer)
    def list(self, request: Request) -> Response:
        """Visits, clients, lead time, hours open and booked."""
        asked = read(ReportQuery, request)
        location = asked.get("location")
        places = (location,) if location else tuple(Location.objects.visible_to(self.caller).filter(is_active=True))
        if not places:
            raise ValidationError({"location": [_("There is no location to report about yet.")]})
        period = period_of(
            asked.get("period", ""),
            str(asked.get("from", "")),
            str(asked.get("until", "")),
            today=clock.today(places[0].zone),
        )
        filters = Filters(period, places, location, asked.get("therapist"), asked.get("service"))
        return Response(PracticeReportSerializer(build(filters)).data)

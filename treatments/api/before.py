"""/api/v1/sessions/{id of the appointment}/before/: what a therapist looks at before the client comes in."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.audit import services as audit
from clinic.people.permissions import Permission
from scheduling.models import Appointment
from treatments.api.support import TreatmentViewSet
from treatments.reads.before import before
from treatments.serializers.before import BeforeSerializer


class SessionViewSet(TreatmentViewSet):
    """Visits, as the therapist comes to them."""

    serializer_class = BeforeSerializer
    permissions = {"before": Permission.VIEW_NOTES, "metadata": Permission.VIEW_NOTES}

    def get_queryset(self) -> QuerySet[Appointment]:
        rows: QuerySet[Appointment] = Appointment.objects.visible_to(self.caller)
        return rows.select_related("client", "location", "room", "therapist", "service")

    @extend_schema(responses=BeforeSerializer)
    @action(detail=True, pagination_class=None)
    def before(self, request: Request, pk: str | None = None) -> Response:
        """Alerts, red flags, answers, marks, courses, the last plan and what was done at home."""
        appointment = self.get_object()
        audit.read(self.caller, appointment, client=appointment.client)
        found = before(appointment, {})
        found["marks"] = found["maps"].now.marks if found["maps"].now else []
        return Response(BeforeSerializer(found).data)

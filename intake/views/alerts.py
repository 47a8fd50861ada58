"""What staff decide about an alert that a form no longer bears out."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.people.access import StaffRequest, access
from clinic.people.models import Alert
from clinic.people.permissions import Permission
from clinic.people.services.alerts import confirm_alert


@access(Permission.EDIT_CLIENTS)
@require_POST
def alert_confirm(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Staff asked: it goes on holding."""
    alert = get_object_or_404(Alert.objects.visible_to(request.user), pk=pk)
    confirm_alert(alert=alert, by=request.user)
    messages.success(request, _("The alert stays."))
    return redirect("people:client-detail", alert.client_id)

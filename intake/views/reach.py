"""Forms at the desk: a code for the client's own phone, a tablet of the practice."""

import uuid

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit import services as audit
from clinic.core.errors import DomainError, Refused
from clinic.messaging import links
from clinic.people.access import StaffRequest, access
from clinic.people.models import Location
from clinic.people.permissions import Permission
from intake.forms_kiosk import TabletForm
from intake.kiosk_door import remember_device
from intake.models import Invitation, KioskDevice
from intake.qr import qr_of
from intake.services import kiosk


@access(Permission.SEND_INTAKE)
@never_cache
@require_safe
def form_at_desk(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A form's link as a code to scan, and the tablets it can go to. The page is kept nowhere."""
    invitation = get_object_or_404(
        Invitation.objects.visible_to(request.user).select_related("client", "location", "link"), pk=pk
    )
    context = {"invitation": invitation, "code": None, "ended": "", "forms": invitation.questionnaires.all()}
    try:
        kiosk.check_answerable(invitation)
    except Refused as refusal:
        context["ended"] = refusal.message
    else:
        context["code"] = qr_of(links.url_of(invitation.link))
        context["tablets"] = KioskDevice.objects.visible_to(request.user).in_use().filter(location=invitation.location)
        audit.record(request.user, "invitation.shown", invitation, client=invitation.client)
    return render(request, "intake/form_at_desk.html", context)


@access(Permission.SEND_INTAKE)
@require_POST
def send_to_tablet(request: StaffRequest, pk: uuid.UUID, device_pk: uuid.UUID) -> HttpResponseBase:
    """One tap: the form appears on the tablet."""
    invitations = Invitation.objects.visible_to(request.user).select_related("client", "link")
    invitation = get_object_or_404(invitations, pk=pk)
    device = get_object_or_404(KioskDevice.objects.visible_to(request.user), pk=device_pk)
    kiosk.send_to_tablet(invitation=invitation, device=device, by=request.user)
    messages.success(
        request, _("The form is on “%(tablet)s”. It asks for the date of birth first.") % {"tablet": device.name}
    )
    return redirect("people:client-detail", invitation.client_id)


@access(Permission.USE_KIOSK)
@require_http_methods(["GET", "HEAD", "POST"])
def tablet_list(request: StaffRequest) -> HttpResponseBase:
    """The tablets in use, and making one of the device in hand: that signs its user out and locks it to forms."""
    locations = Location.objects.visible_to(request.user).active()
    form = TabletForm(request.POST or None, locations=locations)
    if request.method == "POST" and form.is_valid():
        try:
            _device, secret = kiosk.enrol_device(by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            logout(request)
            response = redirect("intake:kiosk")
            remember_device(response, secret)
            response["Clear-Site-Data"] = '"cache", "storage"'
            return response
    tablets = KioskDevice.objects.visible_to(request.user).in_use().select_related("location", "enrolled_by")
    context = {"form": form, "tablets": tablets}
    return render(request, "intake/tablet_list.html", context, status=422 if form.errors else 200)


@access(Permission.USE_KIOSK)
@require_POST
def tablet_revoke(request: StaffRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Take a tablet out of use."""
    device = get_object_or_404(KioskDevice.objects.visible_to(request.user), pk=pk)
    kiosk.revoke_device(device=device, by=request.user)
    messages.success(request, _("“%(tablet)s” is out of use.") % {"tablet": device.name})
    return redirect("intake:tablet-list")

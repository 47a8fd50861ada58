"""The owner's settings: staff."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core.errors import Refused
from clinic.people import invitations
from clinic.people.access import StaffRequest, access
from clinic.people.forms.staff import MemberForm
from clinic.people.middleware import FACTORS
from clinic.people.models import User
from clinic.people.permissions import Permission
from clinic.people.services import staff
from clinic.people.zones import zone_of


@access(Permission.MANAGE_STAFF)
@require_GET
def staff_list(request: StaffRequest) -> HttpResponse:
    """Everybody who works or worked here (four queries)."""
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=FACTORS)
    members = (
        User.objects.visible_to(request.user)
        .prefetch_related("role_rows", "locations")
        .annotate(has_second_factor=Exists(factor))
        .order_by("-is_active", "name")
    )
    context = {"members": members, "zone": zone_of(request.user)}
    return render(request, "people/settings/staff_list.html", context)


@access(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def staff_invite(request: StaffRequest) -> HttpResponse:
    form = MemberForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            member = staff.invite(values=form.cleaned_data, by=request.user)
        except Refused as error:
            form.add_error("email" if error.code == "email-taken" else None, error.message)
        else:
            _send_invitation(request, member)
            return redirect("people:staff-list")
    return render(request, "people/settings/staff_form.html", {"form": form}, status=422 if form.errors else 200)


@access(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def staff_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user).select_related("therapist_profile"), pk=pk)
    form = MemberForm(request.POST or None, by=request.user, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            staff.update_member(member=member, values=form.cleaned_data, by=request.user)
        except Refused as error:
            form.add_error("email" if error.code == "email-taken" else None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:staff-list")
    factors = Authenticator.objects.filter(user_id=member.pk, type__in=FACTORS)
    context = {"form": form, "member": member, "has_second_factor": factors.exists(), "zone": zone_of(request.user)}
    return render(request, "people/settings/staff_form.html", context, status=422 if form.errors else 200)


@access(Permission.MANAGE_STAFF)
@require_POST
def staff_invite_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user).active(), pk=pk)
    _send_invitation(request, member)
    return redirect("people:staff-edit", pk=member.pk)


@access(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def staff_deactivate(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks once, then closes the account and ends its sessions."""
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if request.method == "GET":
        return render(request, "people/settings/staff_deactivate.html", {"member": member})
    staff.deactivate(member=member, by=request.user)
    messages.success(request, _("%(name)s cannot sign in any more.") % {"name": member.name})
    return redirect("people:staff-list")


@access(Permission.MANAGE_STAFF)
@require_POST
def staff_reactivate(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    staff.reactivate(member=member, by=request.user)
    messages.success(request, _("%(name)s can sign in again.") % {"name": member.name})
    return redirect("people:staff-edit", pk=member.pk)


@access(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def staff_reset_factor(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Asks once, then takes the second factor away, so that the member enrols anew."""
    member = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    if request.method == "GET":
        return render(request, "people/settings/staff_reset_factor.html", {"member": member})
    staff.remove_second_factor(member=member, by=request.user)
    messages.success(request, _("%(name)s sets up a new second factor at the next sign-in.") % {"name": member.name})
    return redirect("people:staff-edit", pk=member.pk)


def _send_invitation(request: StaffRequest, member: User) -> None:
    """The member exists already; a mail that did not go out can be sent again."""
    if invitations.send(member):
        messages.success(request, _("%(name)s gets a mail with a link to set a password.") % {"name": member.name})
    else:
        messages.warning(
            request,
            _("%(name)s is on the list, but the mail could not be sent. Send it again.") % {"name": member.name},
        )

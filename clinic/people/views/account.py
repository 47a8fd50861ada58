"""A member's own account."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access
from clinic.people.forms.staff import AccountForm
from clinic.people.middleware import FACTORS
from clinic.people.models import SigningPin
from clinic.people.permissions import Permission
from clinic.people.services import staff


@access(Permission.OWN_ACCOUNT)
@require_http_methods(["GET", "POST"])
def account(request: StaffRequest) -> HttpResponse:
    """Name, password, second factor, appearance."""
    form = AccountForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            staff.rename(name=form.cleaned_data["name"], by=request.user)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:account")
    factors = Authenticator.objects.filter(user_id=request.user.pk, type__in=FACTORS)
    has_pin = SigningPin.objects.filter(user=request.user).exists()
    context = {"form": form, "factor_count": factors.count(), "has_pin": has_pin}
    return render(request, "people/settings/account.html", context, status=422 if form.errors else 200)


@access(Permission.OWN_ACCOUNT)
@require_GET
def signed_in(request: StaffRequest) -> HttpResponse:
    """Where a sign-in on top of another page ends: tells that page, and can be closed."""
    return render(request, "account/signed_in.html")

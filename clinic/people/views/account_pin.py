"""The PIN one signs notes with."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.core.errors import DomainError
from clinic.people import signer
from clinic.people.access import StaffRequest, access
from clinic.people.forms.sign_in import PinForm
from clinic.people.permissions import Permission


@access(Permission.SIGN_NOTE)
@require_http_methods(["GET", "POST"])
def account_pin(request: StaffRequest) -> HttpResponse:
    """Set or change it, with the password."""
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            signer.set_with_password(request, password=given["password"], pin=given["new_pin"])
        except DomainError as refusal:
            form.add_error("password" if refusal.code == "wrong-password" else None, refusal.message)
        else:
            messages.success(request, _("Your PIN is set."))
            return redirect("people:account")
    context = {"form": form} | signer.ways_of(request.user)
    return render(request, "people/settings/account_pin.html", context, status=422 if form.errors else 200)

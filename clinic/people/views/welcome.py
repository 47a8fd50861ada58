"""The first run of a real practice: once, and then never again."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from clinic.core.errors import Refused
from clinic.people.access import public
from clinic.people.forms.staff import WelcomeForm
from clinic.people.models import Practice
from clinic.people.services.practice import open_practice


@public("Only while there is no practice; 404 for ever after, and in the demo.")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Practice, first location and owner from one form."""
    if settings.DEMO or Practice.objects.exists():
        raise Http404
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            owner = open_practice(**_parts(form.cleaned_data))
        except Refused as error:
            form.add_error(None, error.message)
        else:
            record_authentication(request, owner, method="password")
            get_adapter().login(request, owner)
            return redirect("home")
    return render(request, "people/welcome.html", {"form": form}, status=422 if form.errors else 200)


def _parts(data: dict[str, Any]) -> dict[str, Any]:
    """The form's fields as the service takes them."""
    place = ("timezone", "opens_at", "closes_at", "emergency_number")
    return {
        "practice": {"name": data["practice"], "email": data["email"]},
        "location": {"name": data["location"], **{name: data[name] for name in place}},
        "owner": {"name": data["name"], "email": data["email"]},
        "password": data["password"],
    }

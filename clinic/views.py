"""Where a signed-in person lands."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from clinic.people.access import access
from clinic.people.permissions import Permission


@access(Permission.OWN_ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    """The day for whoever works in it."""
    return redirect("scheduling:day")

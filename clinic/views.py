"""Where a person lands."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from clinic.people.access import ask_to_sign_in, public
from clinic.people.models import Practice


@public("Shows nothing: leads to the day, to the sign-in, or to the first run.")
def home(request: HttpRequest) -> HttpResponseBase:
    """The day for whoever works in it; the first run where nobody does yet."""
    if request.user.is_authenticated:
        return redirect("scheduling:day")
    if not settings.DEMO and not Practice.objects.exists():
        return redirect("people:welcome")
    return ask_to_sign_in(request)

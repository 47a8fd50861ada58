"""A member's own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinic.people.access import access
from clinic.people.permissions import Permission


@access(Permission.OWN_ACCOUNT)
@require_GET
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where a sign-in on top of another page ends: tells that page, and can be closed."""
    return render(request, "account/signed_in.html")

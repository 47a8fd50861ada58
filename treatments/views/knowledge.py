"""What the clinical knowledge says, to look up beside a note."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.reads.objective import about_tests as tests_known
from treatments.vocabulary import vocabulary


@access(Permission.VIEW_NOTES)
@require_safe
def about_tests(request: HttpRequest) -> HttpResponse:
    """All special tests: a page of their own, and what the editor shows under a test that was just chosen."""
    return render(request, "treatments/about_tests.html", {"tests": tests_known(vocabulary()).values()})

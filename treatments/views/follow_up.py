"""The client's page some days after a session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic.messaging import links
from clinic.people.access import public
from treatments.models import FollowUp
from treatments.reads.follow_up_page import FollowUpPage
from treatments.services import answer_follow_up


@public("Opened by a secret link that serves these few questions for fourteen days.")
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once; thank whoever comes again."""
    link = links.resolve(token, purpose="follow_up")
    rows = FollowUp.objects.select_related(
        "note__appointment__location", "note__therapist", "note__episode", "invitation__client", "invitation__location"
    )
    asked = get_object_or_404(rows, invitation__link=link)
    with timezone.override(asked.note.appointment.zone):
        page = FollowUpPage(asked) if asked.answered_at is None else None
        if request.method == "POST" and (page is None or page.take(request.POST)):
            if page:
                answer_follow_up(link=link, given=page.given)
            return redirect("treatments:follow-up", token)
        context = {"asked": asked, "page": page, "link": link, "appointment": asked.note.appointment}
        status = 422 if page and page.errors else 200
        response = render(request, "treatments/follow_up.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response

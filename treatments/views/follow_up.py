"""The client's page some days after a session: one question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clinic.messaging import links
from clinic.people.access import public
from treatments.forms import FollowUpForm
from treatments.models import FollowUp
from treatments.services import answer_follow_up


@public("Opened by a secret link that serves this one question for fourteen days.")
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once; thank whoever comes again."""
    link = links.resolve(token, purpose="follow_up")
    rows = FollowUp.objects.select_related("note__appointment__location", "note__therapist", "invitation__client")
    asked = get_object_or_404(rows, invitation__link=link)
    form = FollowUpForm(request.POST or None)
    is_answered = asked.answered_at is not None
    if request.method == "POST" and form.is_valid():
        answer_follow_up(link=link, average=form.cleaned_data["average"], comment=form.cleaned_data["comment"])
        return redirect("treatments:follow-up", token)
    appointment = asked.note.appointment
    context = {"asked": asked, "form": form, "is_answered": is_answered, "zone": appointment.zone, "link": link}
    status = 422 if form.is_bound and not is_answered else 200
    response = render(request, "treatments/follow_up.html", context | {"appointment": appointment}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response

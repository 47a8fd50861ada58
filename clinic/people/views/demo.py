"""One tap per role, in the demo and nowhere else."""

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from clinic.people import demo, mode
from clinic.people.access import public
from clinic.people.models import User


@public("Demo mode only: signs in as an invented member of staff. 404 anywhere else.")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the invented owner, therapist or front desk."""
    if not mode.is_demo(request):
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    email = demo.EMAILS.get(request.POST.get("role", ""))
    user = User.objects.active().filter(email=email).first() if email else None
    if user is None:
        raise Http404
    get_adapter().login(request, user)
    return redirect("home")

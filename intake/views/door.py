"""The door of every page behind a client's link: who may pass, and what to do with a request that is too much."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from clinic.people.access import public
from intake.forms import BirthDateForm
from intake.services import CheckResult, check_birth_date
from intake.views.access import Visit, visit_at_desk, visit_of

Page = Callable[..., HttpResponse]
AGAIN = "gate"
AGAIN_FIELD = f"{AGAIN}-born_on"
REASON = "opened by a secret link, guarded by the date of birth"


def by_link(page: Page) -> Page:
    """Resolves the token, or the turn at a tablet; sends whoever has not given the date of birth to the gate."""

    @wraps(page)
    def guarded(request: HttpRequest, token: str = "", turn: UUID | None = None, **kwargs: Any) -> HttpResponse:
        visit = visit_at_desk(request, turn) if turn else visit_of(token)
        if visit.is_over:
            return HttpResponseRedirect(reverse("intake:kiosk"))
        with timezone.override(visit.invitation.location.zone):
            if is_too_much(request) and (wants_data(request) or page.__name__ == "save"):
                said = {"code": "too-large", "message": too_much_words()}
                response: HttpResponse = JsonResponse(said, status=413)
            else:
                response = _let_in(request, visit, page, kwargs)
        if is_too_much(request) and response.status_code == 200:
            response.status_code = 413
        response["Referrer-Policy"] = "no-referrer"
        response._has_been_logged = response.status_code < 500  # type: ignore[attr-defined]  # the path is a secret
        return response

    guarded.answers_too_much = True  # type: ignore[attr-defined]
    return cast(Page, public(REASON)(never_cache(guarded)))


def is_too_much(request: HttpRequest) -> bool:
    """Whether a body came that was larger than is taken: the page is shown as it was, and says so."""
    return getattr(request, "is_too_much", False)


def too_much_words() -> str:
    return _("That was too much at once, so nothing of it was taken. What was saved before is still here.")


def wants_data(request: HttpRequest) -> bool:
    """Whether the form's own script asks."""
    return "application/json" in request.headers.get("Accept", "")


def _let_in(request: HttpRequest, visit: Visit, page: Page, kwargs: dict[str, Any]) -> HttpResponse:
    if page.__name__ == "gate" or visit.has_passed(request):
        return page(request, visit, **kwargs)
    if request.method != "POST":
        return HttpResponseRedirect(visit.path)
    return _ask_again(request, visit, lambda: page(request, visit, **kwargs))


def _ask_again(request: HttpRequest, visit: Visit, go_on: Callable[[], HttpResponse]) -> HttpResponse:
    """The check has run out while somebody wrote: ask once more, with all that was sent in the page, and go on."""
    if wants_data(request):
        said = {"code": "ask-again", "message": _("Please give your date of birth again. Nothing is lost.")}
        return JsonResponse(said, status=401)
    form = BirthDateForm(request.POST if AGAIN_FIELD in request.POST else None, prefix=AGAIN)
    result = None
    if form.is_bound and form.is_valid():
        result = check_birth_date(invitation=visit.invitation, born_on=form.cleaned_data["born_on"])
        if result is CheckResult.PASSED:
            response = go_on()
            visit.remember(response)
            return response
        form.refuse(result)
    ours = {"csrfmiddlewaretoken", AGAIN_FIELD}
    kept = [(name, value) for name, values in request.POST.lists() if name not in ours for value in values]
    locked = result is CheckResult.LOCKED
    context = {"visit": visit, "form": form, "is_locked": locked, "kept": kept, "is_again": True}
    return render(request, "intake/gate.html", context, status=403 if locked else 422 if form.errors else 200)

"""What each message says: the practice's own words, or the built-in ones."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.core import clock
from clinic.core.errors import Missing, Refused
from clinic.messaging import placeholders, wording_services, wordings
from clinic.messaging.default_wordings import ALWAYS_SENT
from clinic.messaging.forms import WordingForm
from clinic.messaging.models import Purpose
from clinic.people.access import access
from clinic.people.models import Client, Location
from clinic.people.permissions import Permission


@access(Permission.EDIT_WORDINGS)
@require_safe
def wording_list(request: HttpRequest) -> HttpResponse:
    """Each purpose with the subject it goes out under."""
    language = _language(request)
    rows = [(Purpose(purpose), wordings.wording_of(purpose, language)) for purpose in Purpose.values]
    return render(request, "messaging/wordings.html", {"rows": rows, "language": language})


@access(Permission.EDIT_WORDINGS)
@require_http_methods(["GET", "POST"])
def wording_edit(request: HttpRequest, purpose: str) -> HttpResponse:
    """Change one wording, with a preview beside it."""
    language = _language(request)
    wording = _known(purpose, language)
    initial = {"subject": wording.subject, "body": wording.body, "is_active": wording.is_active}
    form = WordingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            wording_services.save_wording(purpose=purpose, language=language, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            form.add_error(refusal.details.get("field"), refusal.message)
        else:
            flash.success(request, _("Saved. Messages written from now on say this."))
            return redirect("messaging:wording-list")
    if purpose in ALWAYS_SENT:
        del form.fields["is_active"]
    context = _page(form, wording, preview_of(wording.purpose, language, wording.subject, wording.body))
    return render(request, "messaging/wording.html", context, status=422 if form.errors else 200)


@access(Permission.EDIT_WORDINGS)
@require_POST
def wording_preview(request: HttpRequest, purpose: str) -> HttpResponse:
    """How the typed text would read. Changes nothing."""
    language = _language(request)
    _known(purpose, language)
    preview = preview_of(purpose, language, request.POST.get("subject", ""), request.POST.get("body", ""))
    return render(request, "messaging/_preview.html", {"preview": preview})


@access(Permission.EDIT_WORDINGS)
@require_POST
def wording_reset(request: HttpRequest, purpose: str) -> HttpResponse:
    language = _language(request)
    _known(purpose, language)
    wording_services.reset_wording(purpose=purpose, language=language, by=request.user)  # type: ignore[arg-type]
    flash.success(request, _("The built-in wording is back."))
    return redirect("messaging:wording-edit", purpose=purpose)


def preview_of(purpose: str, language: str, subject: str, body: str) -> dict[str, str]:
    """Subject and text with sample data, or what is wrong with them."""
    try:
        wording_services.check_wording(purpose=purpose, language=language, subject=subject, body=body)
    except Refused as refusal:
        return {"error": refusal.message}
    location = Location.objects.active().first()
    if location is None:
        return {"error": _("Add a location first, so that there is a place to speak of.")}
    wording = wordings.Wording(purpose, language, subject, body, is_own=True, is_active=True)
    sample = Client(preferred_name=_("Sam"), language=language)
    tomorrow = clock.today(location.zone) + dt.timedelta(days=1)
    about_at = dt.datetime.combine(tomorrow, dt.time(10, 15), tzinfo=location.zone)
    words = dict.fromkeys(placeholders.ONLY_IN.get(purpose, {}), "3")
    title, text = wordings.render(wording=wording, location=location, person=sample, about_at=about_at, words=words)
    return {"subject": title, "text": text.replace("{link}", f"{settings.BASE_URL}/a/…")}


def _page(form: WordingForm, wording: wordings.Wording, preview: dict[str, str]) -> dict[str, Any]:
    return {
        "form": form,
        "wording": wording,
        "purpose": Purpose(wording.purpose),
        "preview": preview,
        "placeholders": [(f"{{{name}}}", text) for name, text in placeholders.names_of(wording.purpose).items()],
        "in_subject": [f"{{{name}}}" for name in placeholders.NAMES if name in placeholders.IN_SUBJECT],
    }


def _known(purpose: str, language: str) -> wordings.Wording:
    if purpose not in Purpose.values:
        raise Missing(_("There is no such message."))
    return wordings.wording_of(purpose, language)


def _language(request: HttpRequest) -> str:
    wished = request.GET.get("language", "")
    return wished if wished in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

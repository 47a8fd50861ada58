"""The wordings of consent, in the settings: read what holds, publish a new version."""

from typing import Any

from django.conf.global_settings import LANGUAGES
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of
from intake.forms import ConsentTextForm
from intake.models import ConsentText
from intake.services.consent_texts import publish_text


@access(Permission.MANAGE_SETTINGS)
@require_safe
def consent_text_list(request: StaffRequest) -> HttpResponse:
    """Every consent in every language it was written in."""
    texts = ConsentText.objects.visible_to(request.user).newest_of_each()
    names = dict(LANGUAGES)
    rows = [(text, _(names.get(text.language, text.language))) for text in texts]
    context = {"rows": rows, "kinds": ConsentText.Kind.choices, "zone": zone_of(request.user)}
    return render(request, "intake/consent_text_list.html", context)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def consent_text_edit(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """The wording that holds, its earlier versions, and the form that publishes the next."""
    if kind not in ConsentText.Kind.values or language not in dict(LANGUAGES):
        raise Http404
    versions = list(ConsentText.objects.visible_to(request.user).filter(kind=kind, language=language))
    newest = versions[0] if versions else ConsentText(kind=kind)
    start: dict[str, Any] = {
        "title": newest.title or newest.get_kind_display(),
        "text": newest.text,
        "language": language,
    }
    start["renew_after_months"] = newest.renew_after_months
    form = ConsentTextForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            published = publish_text(kind=kind, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Version %(version)s holds from now on.") % {"version": published.version})
            return redirect("intake:consent-text-list")
    context = {"form": form, "kind": ConsentText.Kind(kind), "versions": versions, "zone": zone_of(request.user)}
    return render(request, "intake/consent_text_edit.html", context, status=422 if form.errors else 200)

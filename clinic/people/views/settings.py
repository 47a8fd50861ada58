"""The owner's settings: the practice itself."""

import re

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.core.errors import Refused
from clinic.people.access import StaffRequest, access, public
from clinic.people.forms.practice import LogoForm, PracticeForm
from clinic.people.models import Practice
from clinic.people.permissions import Permission
from clinic.people.services import practice as services
from clinic.people.settings_map import cards

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@access(Permission.MANAGE_SETTINGS)
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Cards that lead to every setting."""
    return render(request, "people/settings/index.html", {"cards": cards()})


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "POST"])
def practice(request: StaffRequest) -> HttpResponse:
    """Name, contact, policies, plans."""
    row = get_object_or_404(Practice)
    form = PracticeForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_practice(values=form.cleaned_data, by=request.user)
        except Refused as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("people:settings-practice")
    context = {"form": form, "logo_form": LogoForm()}
    return render(request, "people/settings/practice.html", context, status=422 if form.errors else 200)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def logo(request: StaffRequest) -> HttpResponse:
    """Replace the logo, or take it away."""
    if "remove" in request.POST:
        services.remove_logo(by=request.user)
        messages.success(request, _("Logo removed."))
        return redirect("people:settings-practice")
    form = LogoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.set_logo(upload=form.cleaned_data["logo"].read(), by=request.user)
        except Refused as error:
            form.add_error("logo", error.message)
        else:
            messages.success(request, _("Logo saved."))
            return redirect("people:settings-practice")
    context = {"form": PracticeForm(instance=get_object_or_404(Practice)), "logo_form": form}
    return render(request, "people/settings/practice.html", context, status=422)


@public("The practice's logo, as on its clients' pages.")
@require_GET
def show_logo(request: HttpRequest) -> HttpResponseBase:
    """The logo as a PNG; pages name its version, so it may be kept for an hour."""
    row = Practice.objects.first()
    if row is None or not row.logo:
        raise Http404
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return FileResponse(row.logo.open(), content_type="image/png", headers=headers)


@public("The practice's colour, as on its clients' pages.")
@require_GET
def show_style(request: HttpRequest) -> HttpResponse:
    """One rule of style; a page cannot carry it itself, since nothing inline is allowed."""
    row = Practice.objects.first()
    colour = row.colour if row and COLOUR.fullmatch(row.colour) else "transparent"
    rule = f"@layer components {{ .phone {{ border-block-start: 3px solid {colour}; }} }}"
    return HttpResponse(rule, content_type="text/css", headers={"Cache-Control": "public, max-age=3600"})

"""What the pages of the settings share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from clinic.core.errors import Refused
from scheduling.views.parsing import StaffRequest


def taken(form: forms.Form, save: Callable[[], Any]) -> bool:
    """Whether the form was right and the service took it; otherwise the form says why not."""
    if not form.is_valid():
        return False
    try:
        save()
    except Refused as error:
        names = [name for name in error.details.get("fields", []) if name in form.fields]
        form.add_error(names[0] if names else None, error.message)
        return False
    return True


def was_sent(request: StaffRequest, form: forms.Form, save: Callable[[], Any], *, said: str) -> bool:
    """Whether a form came back and was saved; then `said` is told on the next page."""
    if request.method != "POST" or not taken(form, save):
        return False
    messages.success(request, said)
    return True


def form_page(request: StaffRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)

"""Views that go wrong on purpose, for the error tests."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from clinic import urls
from clinic.core.errors import Conflict, Missing, NotAllowed, Refused, StaleVersion
from clinic.ui.flash import undoable

ERRORS = {
    "conflict": Conflict("10:15 with Amina is taken by another visit."),
    "refused": Refused("A visit cannot end before it starts."),
    "stale": StaleVersion("Somebody saved in between."),
    "not-allowed": NotAllowed("Only its author may sign a note."),
    "missing": Missing("This link is not valid."),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "data": DataError("integer out of range"),
    "bug": RuntimeError("our fault"),
}


def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


def parse(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps(json.loads(request.body)))


def fields(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


def say(request: HttpRequest) -> HttpResponse:
    undoable(request, "Moved to 14:30.", "/undo/1/")
    messages.error(request, "No room is free.")
    return HttpResponse("done", headers={"HX-Trigger": "day-changed"} if "own" in request.GET else {})


urlpatterns = [
    path("fail/<str:name>/", fail),
    path("api/fail/<str:name>/", fail),
    path("parse/", parse),
    path("fields/", fields),
    path("say/", say),
    path("", include(urls)),
]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500

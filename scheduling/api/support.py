"""What the view sets of the schedule share: keys that keep a request from counting twice, and versions.

    @once                       # POST with an Idempotency-Key: same body, same answer; another body, 422
    def create(self, request: Request) -> Response: ...

    @action(detail=True, methods=["post"])
    @versioned                  # If-Match: none is 428, an old one is for the service to refuse (412)
    def move(self, request: Request, pk: str | None = None) -> Response:
        services.move_appointment(..., version=self.version)

Both stand in the OpenAPI description by themselves, as do the refusals; see clinic/people/api_schema.py.
"""

import hashlib
import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.errors import VersionMissing
from clinic.core.numbers import whole
from clinic.people.api_access import GuardedViewSet
from scheduling.services.requests import Answer, answer_once

Handler = Callable[..., Response]


class ScheduleViewSet(GuardedViewSet):
    """A view set whose answers carry the version of the one row they show as ETag."""

    version: int

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        data = getattr(response, "data", None)
        if response.status_code < 300 and isinstance(data, dict) and isinstance(data.get("version"), int):
            response["ETag"] = f'"{data["version"]}"'
        return response


def once(handler: Handler) -> Handler:
    """Answer a POST once for each Idempotency-Key, a UUID of the caller's; without one it is a 400."""

    @wraps(handler)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        def write() -> Answer:
            response = handler(view, request, *args, **kwargs)
            return response.status_code, json.loads(JSONRenderer().render(response.data) or b"null")

        fingerprint = _fingerprint(request)  # a body that cannot be read is the first thing to tell
        status, data = answer_once(key=_key(request), fingerprint=fingerprint, by=view.caller, write=write)
        return Response(data, status=status)

    answered.needs_key = True  # type: ignore[attr-defined]
    return answered


def versioned(handler: Handler) -> Handler:
    """Read If-Match into `self.version` first. Raises VersionMissing without one."""

    @wraps(handler)
    def matched(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        seen = whole(request.headers.get("If-Match", "").strip('"W/ '))
        if seen is None:
            raise VersionMissing(_('Say which version you have seen, in If-Match: its ETag, as in If-Match: "3".'))
        view.version = seen
        return handler(view, request, *args, **kwargs)

    matched.needs_version = True  # type: ignore[attr-defined]
    return matched


def _key(request: Request) -> uuid.UUID:
    try:
        return uuid.UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as error:
        raise ValidationError({"Idempotency-Key": [_("Send a UUID of your own in this header.")]}) from error


def _fingerprint(request: Request) -> str:
    """Of what was asked, whatever the order of its fields."""
    said = [request.method, request.path, request.headers.get("If-Match", ""), request.data]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()

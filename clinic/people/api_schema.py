"""How the API describes itself: what every call may be refused with, and the headers that some calls need."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description="A UUID of your own. The same key with the same body brings the same answer for two days.",
)
VERSION = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of what you have seen, such as "3".',
)
REFUSALS = {
    "400": "Values are missing or wrong; `details.fields` names them.",
    "401": "You were signed out.",
    "403": "Not signed in, or your role does not include this.",
    "404": "Not there, or not yours to see.",
    "409": "Something else is there already; `details` say what, and what is free instead.",
    "412": "Somebody changed it in between.",
    "422": "A rule of the practice says no; `code` says which.",
    "428": "If-Match is missing.",
    "429": "Too many requests; `Retry-After` says when.",
}
ALWAYS = ("400", "401", "403", "404", "429")
ERROR = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "For programs; does not change."},
        "message": {"type": "string", "description": "For people; says what to do."},
        "details": {"type": "object", "additionalProperties": True},
    },
    "required": ["code", "message"],
}


class ApiSchema(AutoSchema):
    """drf-spectacular's description, with our refusals and headers."""

    def get_override_parameters(self) -> list[Any]:
        own = list(super().get_override_parameters())
        own += [KEY] if self._handler_has("needs_key") else []
        return own + ([VERSION] if self._handler_has("needs_version") else [])

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction=direction)
        possible = [*ALWAYS]
        if self.method != "GET":
            possible += ["409", "422"]
        if self._handler_has("needs_version"):
            possible += ["412", "428"]
        for status in possible:
            bodies.setdefault(
                status, {"content": {"application/json": {"schema": ERROR}}, "description": REFUSALS[status]}
            )
        return bodies

    def _handler_has(self, mark: str) -> bool:
        """Whether the method behind the call was marked by a decorator."""
        view: Any = self.view
        return bool(getattr(getattr(view, view.action or "", None), mark, False))

"""Gives each request an id and its address to the events it causes."""

import ipaddress
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clinic.audit import context


class AuditContextMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope = context.RequestContext(request_id=str(uuid.uuid4()), address=client_address(request))
        token = context.current.set(scope)
        try:
            response = self.get_response(request)
        finally:
            context.current.reset(token)
        response["X-Request-ID"] = scope.request_id
        return response


def client_address(request: HttpRequest) -> str | None:
    """The peer's address; X-Forwarded-For counts only as far as the trusted proxies in front of us wrote it.

    None when what they wrote is no address.
    """
    proxies: int = settings.TRUSTED_PROXY_COUNT
    said: str = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and len(hops) >= proxies:
        said = hops[-proxies]
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None

"""Placeholder until the pages are drawn."""

from django.views.defaults import bad_request, page_not_found, permission_denied, server_error  # noqa: F401

forbidden = permission_denied
not_found = page_not_found


def csrf_failure(request, reason=""):
    return permission_denied(request, Exception(reason))


def api_exception_handler(exc, context):
    return None

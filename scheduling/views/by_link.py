"""What every page that a client opens by a secret link shares."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

REASON = "A 256-bit link sent to the client; wrong, expired and foreign ones are the same 404."


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The address is a secret: it goes to nobody else."""

    @wraps(view)
    def quiet(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return quiet

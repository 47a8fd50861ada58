"""Says what happened, after a redirect as well as after an htmx request, and offers to take it back."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

UNDO = "undo:"


def undoable(request: HttpRequest, text: str | Promise, undo_url: str) -> None:
    """A toast with an Undo button that posts to `undo_url`."""
    messages.success(request, str(text), extra_tags=f"{UNDO}{undo_url}")


def toast_of(message: Any) -> dict[str, str]:
    """A message as the toast script reads it."""
    tags = message.extra_tags or ""
    return {
        "text": str(message),
        "tone": message.level_tag or "info",
        "undo": tags.removeprefix(UNDO) if tags.startswith(UNDO) else "",
    }


def carry_to_htmx(request: HttpRequest, response: HttpResponse) -> None:
    """Move waiting messages into the HX-Trigger header of a fragment, as the event `toasts`."""
    waiting = [toast_of(message) for message in messages.get_messages(request)]
    if not waiting:
        return
    try:
        triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    except ValueError:  # a bare list of event names
        triggers = {name.strip(): None for name in response.headers["HX-Trigger"].split(",")}
    response["HX-Trigger"] = json.dumps({**triggers, "toasts": {"items": waiting}})

"""Which request is being served, for the events it causes."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    request_id: str = ""
    address: str | None = None


current: ContextVar[RequestContext] = ContextVar("audit_context")


def get() -> RequestContext:
    return current.get(RequestContext())

"""What the domain refuses, in one family of errors that pages and the API translate alike."""

from typing import Any


class DomainError(Exception):
    """A refusal with a code for programs and a message for people that says what to do."""

    status = 422
    code = "refused"

    def __init__(self, message: str, *, code: str = "", details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.details = details or {}


class Refused(DomainError):
    """A rule says no to this input."""


class Conflict(DomainError):
    """Something else is there already, a booking in the same slot for one."""

    status = 409
    code = "conflict"


class TooMany(DomainError):
    """More than one person, or one address, may have."""

    status = 429
    code = "too-many"


class StaleVersion(DomainError):
    """Somebody else saved in between."""

    status = 412
    code = "stale-version"


class VersionMissing(DomainError):
    """A change that does not say which version it was made over."""

    status = 428
    code = "version-missing"


class NotAllowed(DomainError):
    """The person may see this but not do that to it."""

    status = 403
    code = "not-allowed"


class Missing(DomainError):
    """Not there, or not there for this person: the two must look alike."""

    status = 404
    code = "not-found"

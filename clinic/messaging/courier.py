"""The way to the mail server, and what its refusals mean."""

import smtplib
from types import TracebackType
from typing import Any, Self

from django.core.mail import EmailMessage, get_connection


class Unreachable(Exception):
    """The server cannot be reached or does not let us in: nothing is wrong with the message."""


class Postponed(Exception):
    """Not now: the server said 4xx, hung or hung up."""


class Rejected(Exception):
    """Never: the server refused this address or this mail for good."""


class Courier:
    """One connection for many mails, opened when the first goes and again after a failure."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: EmailMessage) -> None:
        """Hand one mail to the server. Raises Unreachable, Postponed or Rejected."""
        connection = self._connected()
        try:
            connection.send_messages([letter])
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise Rejected(type(error).__name__) from error
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise _meaning(error) from error

    def _connected(self) -> Any:
        if self._connection is None:
            connection = get_connection(fail_silently=False)
            try:
                connection.open()
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(_short(error)) from error
            self._connection = connection
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _meaning(error: Exception) -> Postponed | Rejected:
    """A 5xx about the recipient or the text is final; about the sender it is ours to mend, so it waits."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return (Rejected if code >= 500 else Postponed)(_answer(code, text))
    if isinstance(error, smtplib.SMTPDataError):
        return (Rejected if error.smtp_code >= 500 else Postponed)(_answer(error.smtp_code, error.smtp_error))
    return Postponed(_short(error))


def _short(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, (TimeoutError, smtplib.SMTPServerDisconnected)):
        return "the server hung up or gave no answer in time"
    return type(error).__name__


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:200]

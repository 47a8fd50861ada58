"""A real SMTP server that does as it is told."""

import email
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage as Mail
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.conf import LazySettings

from clinic.messaging import services
from clinic.messaging.models import OutboundMessage, Purpose
from clinic.people.models import Client, Location


class Server:
    """What it received, and what it answers: to a recipient, or to the text."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.rcpt_answers: dict[str, str] = {}
        self.data_answer = "250 OK"
        self.delay_seconds = 0.0
        self.on_data: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        time.sleep(self.delay_seconds)
        if self.data_answer.startswith("250"):
            with self._lock:
                self.mails.append(_parsed(envelope.original_content))
            self.on_data()
        return self.data_answer

    @property
    def ids(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


def _parsed(content: bytes) -> Any:
    return email.message_from_bytes(content, policy=policy.default)


class AnyPort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[Server]:
    server = Server()
    controller = AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 1
    yield server
    controller.stop()


@pytest.fixture
def queue(client_record: Client, location: Location) -> Callable[..., OutboundMessage]:
    """Writes a message that is due now."""
    count = iter(range(10_000))

    def write(**fields: Any) -> OutboundMessage:
        fields = {
            "purpose": Purpose.REMINDER,
            "dedupe_key": f"test:{next(count)}",
            "location": location,
            "client": client_record,
            **fields,
        }
        message = services.enqueue(**fields)
        assert message is not None
        return message

    return write

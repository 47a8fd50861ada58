"""The broker keeps its queue, the mailbox its mail."""

import email
import email.policy
import os
import signal
import smtplib
import socket
import time
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlparse

import pytest
import redis

from clinic.core.embedded import valkey
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.services import Services, temporary
from clinic.core.embedded.supervisor import Supervisor
from clinic.core.embedded.valkey import Valkey

ELSEWHERE = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}


@pytest.fixture
def broker(data: Path) -> Valkey:
    return valkey.embedded(data, logs=data / "logs")


def client(broker: Valkey) -> "redis.Redis":
    return redis.Redis(unix_socket_path=str(broker.socket))


def test_the_queue_survives_a_stop(broker: Valkey, data: Path) -> None:
    for start in range(2):
        broker.prepare()
        with Supervisor(data / "run") as supervisor:
            supervisor.start(broker.command(), broker.ready)
            if start == 0:
                client(broker).lpush("queue", "task")
            else:
                assert client(broker).lrange("queue", 0, -1) == [b"task"]
    assert not broker.ready()


def test_the_queue_survives_a_kill(broker: Valkey, supervisor: Supervisor) -> None:
    broker.prepare()
    child = supervisor.start(broker.command(), broker.ready)
    client(broker).lpush("queue", "task")
    time.sleep(1.5)  # it writes to the disk every second
    first = child.pid
    os.kill(first, signal.SIGKILL)
    supervisor.watch(until=lambda: child.pid != first and broker.ready())
    assert client(broker).lrange("queue", 0, -1) == [b"task"]


def test_a_socket_left_by_a_crash_does_not_stop_the_start(broker: Valkey, supervisor: Supervisor) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(broker.socket))
    broker.prepare()
    supervisor.start(broker.command(), broker.ready)


def test_a_living_server_at_the_socket_is_left_alone(broker: Valkey, supervisor: Supervisor) -> None:
    broker.prepare()
    supervisor.start(broker.command(), broker.ready)
    with pytest.raises(EmbeddedError, match="already answers"):
        broker.prepare()
    assert broker.ready()


def send(url: str, subject: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "clinic@example.org", "ada@example.org", subject
    message.set_content("Your appointment: https://example.org/a/token")
    with smtplib.SMTP("127.0.0.1", urlparse(url).port or 0, timeout=10) as smtp:
        smtp.send_message(message, to_addrs=["ada@example.org", "bo@example.org"])


def test_mail_is_kept_as_files_even_while_the_mailbox_restarts(data: Path, supervisor: Supervisor) -> None:
    url = Services(supervisor, data, ELSEWHERE, "unused").start()["EMAIL_URL"]
    send(url, "First — ünïcode")
    (mailbox,) = supervisor.children
    first = mailbox.pid
    os.kill(first, signal.SIGKILL)
    supervisor.watch(until=lambda: mailbox.pid != first)
    send(url, "Second")
    kept = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted((data / "mailbox/new").iterdir())
    ]
    assert [mail["Subject"] for mail in kept] == ["First — ünïcode", "Second"]
    assert kept[0].get_all("X-Envelope-To") == ["ada@example.org", "bo@example.org"]
    assert "https://example.org/a/token" in kept[0].get_content()
    assert list((data / "mailbox/tmp").iterdir()) == []


def test_servers_that_are_given_are_used_as_they_are(data: Path, supervisor: Supervisor) -> None:
    given = {**ELSEWHERE, "EMAIL_URL": "smtp://elsewhere:25"}
    assert Services(supervisor, data, given, "unused").start() == given
    assert supervisor.children == []


def test_temporary_servers_are_gone_afterwards() -> None:
    with temporary({}) as services:
        broker = redis.Redis(unix_socket_path=services["REDIS_URL"].removeprefix("redis+socket://"))
        assert broker.ping()
        assert services["DATABASE_URL"] == services["DATABASE_OWNER_URL"]
    with pytest.raises(redis.ConnectionError):
        broker.ping()
    assert not Path(services["REDIS_URL"].removeprefix("redis+socket://")).parent.exists()

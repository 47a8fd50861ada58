"""Messages lost and doubled while workers are killed with SIGKILL in the middle of their work.

Run with `bin/bench outbox_kills`, or with `--messages 2000 --kills 5`. Two workers drain the outbox into a real SMTP
server; every few seconds one of them is killed and another takes its place. A message that was claimed by a killed
worker waits for its lease, shortened here to a second. Prints how many arrived, were lost, and arrived twice.
"""

import argparse
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
os.environ.setdefault("PALPATE_DEMO", "1")
django.setup()

import datetime as dt  # noqa: E402

from aiosmtpd.controller import Controller  # noqa: E402
from aiosmtpd.smtp import SMTP  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from clinic.messaging import delivery, letters, services  # noqa: E402
from clinic.messaging.models import OutboundMessage, Purpose  # noqa: E402
from clinic.people.models import Client, Location, Practice  # noqa: E402

LEASE = dt.timedelta(seconds=1)


class Counting:
    """Keeps each Message-ID that was accepted."""

    def __init__(self) -> None:
        self.ids: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        head = envelope.content.decode(errors="replace").partition("\r\n\r\n")[0]
        self.ids[next(line for line in head.splitlines() if line.startswith("Message-ID:"))] += 1
        return "250 OK"


class AnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def fill(count: int) -> None:
    Practice.objects.get_or_create(only=True, defaults={"name": "Bench Clinic"})
    location, _made = Location.objects.get_or_create(
        name="Bench", defaults={"timezone": "UTC", "opens_at": dt.time(8), "closes_at": dt.time(18)}
    )
    client = Client.objects.create(given_name="Bench", family_name="Client", email="bench@example.org")
    for number in range(count):
        services.enqueue(purpose=Purpose.CANCELLED, dedupe_key=f"bench:{number}", location=location, client=client)


def work(port: int) -> None:
    """A worker process: drains until it is killed."""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    delivery.LEASE = LEASE
    while True:
        delivery.drain()
        time.sleep(0.1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=10_000)
    options.add_argument("--kills", type=int, default=20)
    chosen = options.parse_args()
    fill(chosen.messages)
    counting = Counting()
    server = AnyPort(counting, hostname="127.0.0.1", port=0)
    server.start()
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    chance = random.Random(1)  # noqa: S311
    workers = [fork.Process(target=work, args=(server.port,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    killed, started = 0, time.monotonic()
    waiting = OutboundMessage.objects.filter(state__in=["pending", "sending"])
    while waiting.exists():
        time.sleep(chance.uniform(0.2, 0.8))
        gone = OutboundMessage.objects.filter(state="sent").count()
        if killed < chosen.kills and gone > killed * chosen.messages / (chosen.kills + 1):
            victim = chance.randrange(2)
            os.kill(workers[victim].pid or 0, signal.SIGKILL)
            workers[victim].join()
            connections.close_all()
            workers[victim] = fork.Process(target=work, args=(server.port,))
            workers[victim].start()
            killed += 1
    seconds = time.monotonic() - started
    for worker in workers:
        worker.kill()
        worker.join()
    server.stop()
    expected = {letters.message_id_of(message) for message in OutboundMessage.objects.filter(state="sent")}
    doubled = sum(count > 1 for count in counting.ids.values())
    print(f"messages {chosen.messages}, workers killed {killed}, {chosen.messages / seconds:.0f} mails a second")
    print(f"arrived {len(counting.ids)}, lost {chosen.messages - len(counting.ids)}, arrived twice {doubled}")
    print(f"marked as sent {len(expected)}")


if __name__ == "__main__":
    main()

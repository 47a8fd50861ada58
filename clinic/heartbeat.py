"""Signs of life of beat and worker: beat sends a task every few seconds, the worker carries it out.

Each leaves a mark in the broker, which expires. PALPATE_RUN names one start of the whole system: marks of an
earlier start do not count for it.
"""

import os
import sys
from typing import Any

from celery import signals
from django.core.cache import caches

TASK = "clinic.tasks.heartbeat"
EVERY_SECONDS = 5.0
EXPIRES_SECONDS = 15  # what waited longer says nothing about now
LASTS_SECONDS = 30
PARTS = ("worker", "beat")


def mark(part: str) -> None:
    """Note that the part is alive now."""
    caches["broker"].set(_key(part), 1, timeout=LASTS_SECONDS)


def alive() -> set[str]:
    """The parts that gave a sign of life within the last 30 seconds. One query to the broker."""
    found = caches["broker"].get_many([_key(part) for part in PARTS])
    return {part for part in PARTS if _key(part) in found}


def _key(part: str) -> str:
    return f"alive:{os.environ.get('PALPATE_RUN', '')}:{part}"


@signals.after_task_publish.connect(sender=TASK)
def beat_sent(**_: Any) -> None:
    """Only beat sends heartbeats, so a heartbeat sent is beat's sign of life."""
    mark("beat")


@signals.beat_init.connect
def beat_started(sender: Any, **_: Any) -> None:
    """The first heartbeat goes out at once instead of after the first interval."""
    sender.app.send_task(TASK, expires=EXPIRES_SECONDS)


if __name__ == "__main__":  # a container's health check: python -m clinic.heartbeat worker
    sys.exit(not alive().issuperset(sys.argv[1:]))

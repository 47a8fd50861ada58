"""Waking the worker. Only a courtesy: beat sweeps the outbox four times a minute whether it rang or not."""

import logging

from celery import current_app
from kombu.exceptions import KombuError
from kombu.pools import producers
from redis.exceptions import RedisError

DRAIN = "clinic.messaging.tasks.drain_outbox"
# Somebody waits for a page meanwhile: one try, and no longer than this.
BRIEFLY = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
logger = logging.getLogger(__name__)


def ring(task: str = DRAIN) -> bool:
    """Ask a worker to look at the outbox, or after other work, now. False when the broker is out of reach, silent, or
    takes nothing.

    It is then done with the next sweep. Called after commit: a broken broker must not turn a booking that is saved
    into an error page, nor keep it waiting.
    """
    connection = current_app.connection_for_write(transport_options=BRIEFLY)
    try:
        with producers[connection].acquire(block=True, timeout=1) as producer:
            current_app.send_task(task, producer=producer, expires=55, retry=False)
    except (KombuError, RedisError, OSError) as error:
        logger.warning("broker out of reach (%s): work waits for the next sweep", type(error).__name__)
        return False
    return True

"""Waking the worker. Only a courtesy: beat sweeps the outbox every minute whether it rang or not."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

DRAIN = "clinic.messaging.tasks.drain_outbox"
logger = logging.getLogger(__name__)


def ring() -> bool:
    """Ask a worker to look at the outbox now. False when the broker cannot be reached.

    The mail then goes with the next sweep. Called after commit: a broken broker must not turn a booking that is saved
    into an error page.
    """
    try:
        current_app.send_task(DRAIN, expires=55, retry=False)
    except OperationalError:
        logger.warning("broker out of reach: mail waits for the next sweep")
        return False
    return True

"""The outbox, swept four times a minute and whenever the doorbell rings."""

import logging

from celery import shared_task

from clinic.messaging import delivery, doorbell

logger = logging.getLogger(__name__)


@shared_task(name=doorbell.DRAIN, expires=55)
def drain_outbox() -> None:
    """Send what is due. With more to do than one task's time allows, ring for the next."""
    done = delivery.drain()
    if done.is_unreachable:
        logger.warning("mail server out of reach: mail waits")
    elif not done.is_finished:
        doorbell.ring()

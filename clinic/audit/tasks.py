"""Sealing, once a minute."""

import logging

from celery import shared_task

from clinic.audit import seals

logger = logging.getLogger(__name__)


@shared_task(expires=55)
def seal_events() -> None:
    """Seal what has been written. The log keeps the count, so that a silent stop shows."""
    done = seals.seal_pending()
    if done.seals or not done.is_settled:
        logger.info("audit: %d events in %d seals, settled: %s", done.events, done.seals, done.is_settled)

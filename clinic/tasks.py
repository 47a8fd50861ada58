"""Tasks of the house itself."""

from celery import shared_task

from clinic import heartbeat as signs


@shared_task(name=signs.TASK)
def heartbeat() -> None:
    """The worker's sign of life."""
    signs.mark("worker")

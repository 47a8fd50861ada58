"""Tasks of the house itself."""

from celery import shared_task

from clinic import heartbeat as signs
from clinic import retention
from clinic.core import clock
from clinic.people.models import Practice


@shared_task(name=signs.TASK)
def heartbeat() -> None:
    """The worker's sign of life."""
    signs.mark("worker")


@shared_task
def delete_what_may_go() -> None:
    """Removed documents whose time has come; mostly there are none."""
    if Practice.objects.exists():
        retention.delete_expired_documents(clock.now())

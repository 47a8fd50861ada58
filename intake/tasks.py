"""Work behind the pages. Idempotent: each task sweeps the database and finds what is still to do."""

from celery import shared_task

from clinic.core import clock
from intake.services import alarm


@shared_task
def escalate_flags() -> int:
    """Tell more people of emergencies nobody has acknowledged in time. Returns how many flags it was about."""
    return alarm.escalate_flags(now=clock.now())

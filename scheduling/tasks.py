"""Work behind the pages. Idempotent: each task sweeps the database and finds what is still to do."""

import time

from celery import shared_task

from clinic.core import clock
from clinic.core.fetching import Fetcher
from clinic.messaging import doorbell
from scheduling.services import asking, holds, holidays, offers, online_limits, outside_calendars, requests

# One calendar takes 20 s at most to fetch and 8 to work out, so that the task ends within its limit.
READING_SECONDS = 15


@shared_task
def ask_before_visits() -> int:
    """Send returning clients the short questions before they come. Returns how many were asked now."""
    return asking.ask_before_visits(now=clock.now())


@shared_task
def remind_of_forms() -> int:
    """Remind of forms that still wait. Returns how many mails were written now."""
    return asking.remind_of_forms(now=clock.now())


@shared_task
def release_holds() -> int:
    """Let go of times whose hold ran out, and forget where old ones came from. Returns how many ran out."""
    online_limits.forget_addresses()
    return holds.release_run_out()


@shared_task
def expire_offers() -> int:
    """End what nobody answered in time, and offer it to the next on the waitlist. Returns how many ended."""
    return offers.expire_offers()


@shared_task
def forget_answers() -> int:
    """Delete answers to other programs that are two days old. Returns how many."""
    return requests.forget_answers(now=clock.now())


@shared_task(name=outside_calendars.READ, expires=55)
def read_outside_calendars() -> int:
    """Read the therapists' outside calendars that are due. Returns how many; with more to do, rings for the next."""
    until = time.monotonic() + READING_SECONDS
    count = 0
    while calendar := outside_calendars.claim(now=clock.now()):
        outside_calendars.read(calendar, fetcher=Fetcher())
        count += 1
        if time.monotonic() > until:
            doorbell.ring(outside_calendars.READ)
            break
    return count


@shared_task
def keep_holidays_up() -> int:
    """Load the public holidays of the years ahead. Returns how many dates changed."""
    return holidays.keep_holidays_up()

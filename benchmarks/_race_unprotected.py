"""The clinic as gunicorn loads it, with the locks of booking taken out: the negative control of `booking_race` alone.

What is checked before is checked still, only nothing keeps two from checking at the same time. The exclusion and
unique constraints are dropped in a database of the benchmark's own, see there.
"""

from typing import Any

from clinic.wsgi import application
from scheduling.services import booking, checks, holds, offer_rows, offers


def unlocked(**_whom: Any) -> None:
    """Nobody waits for anybody."""


def read_offer(offer: Any, **_visit: Any) -> Any:
    """The offer as it stands, not held."""
    return offer_rows.with_all(type(offer).objects.filter(pk=offer.pk)).get()


for module in (booking, holds, checks, offer_rows, offers):
    if hasattr(module, "lock"):
        module.lock = unlocked  # type: ignore[attr-defined]
offers.lock_offer = read_offer
holds.consume = lambda hold, appointment: None  # nor does the hold's own row keep the second one out

offers.open_offers = lambda hold: []  # and nobody else's offer is ended

__all__ = ["application"]

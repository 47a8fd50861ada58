"""How fast anybody may ask, counted in each process by itself.

Asking must not write to the database, and a flood of addresses must not push the counts of tries to sign in out of
the cache in which those lie. With two processes up to twice as much passes.
"""

from django.core.cache.backends.locmem import LocMemCache
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

counts = LocMemCache("throttles", {"OPTIONS": {"MAX_ENTRIES": 10_000}})


class StaffThrottle(UserRateThrottle):
    """By who is signed in."""

    cache = counts


class PublicThrottle(SimpleRateThrottle):
    """For pages without an account; each says in `get_cache_key` by what it counts."""

    cache = counts

"""In which zone a page about several places tells the time."""

from typing import Any
from zoneinfo import ZoneInfo

from clinic.people.models import Location


def zone_of(user: Any) -> ZoneInfo:
    """One zone for a whole page: that of the first location the person works at. One query."""
    location = Location.objects.visible_to(user).order_by("name").first()
    return location.zone if location else ZoneInfo("UTC")

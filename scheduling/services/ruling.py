"""How the practice takes bookings."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import Practice, User
from clinic.people.permissions import Permission, require
from clinic.people.services.changes import apply
from scheduling.models import BookingRules
from scheduling.rules.origins import origin_of
from scheduling.services.versions import check_version

STEPS = (5, 10, 15, 20, 30, 60)
MOST_SITES = 20
# The least and the most each figure may be.
FIGURES = {
    "online_notice_hours": (0, 30 * 24),
    "online_horizon_days": (1, 730),
    "hold_minutes": (1, 60),
    "open_bookings_per_client": (1, 50),
    "bookings_per_address_per_day": (1, 1000),
    "waitlist_hold_minutes": (5, 2 * 24 * 60),
}


@transaction.atomic
def save_booking_rules(*, by: User, version: int | None = None, **values: Any) -> BookingRules:
    """Change how bookings are taken. Raises NotAllowed, StaleVersion, Refused for a figure or site that cannot be."""
    require(by, Permission.MANAGE_SETTINGS)
    Practice.objects.select_for_update().get()  # two people who save the first row at once
    rules = BookingRules.current()
    check_version(rules, version)
    if "slot_step_minutes" in values and values["slot_step_minutes"] not in STEPS:
        steps = ", ".join(map(str, STEPS))
        raise Refused(_("Times begin every %(steps)s minutes.") % {"steps": steps}, code="bad-step")
    for name, (least, most) in FIGURES.items():
        if not least <= values.get(name, least) <= most:
            words = _("%(name)s: from %(least)s to %(most)s.")
            field = BookingRules._meta.get_field(name)
            raise Refused(
                words % {"name": field.verbose_name, "least": least, "most": most},  # type: ignore[union-attr]
                code="out-of-range",
                details={"fields": [name]},
            )
    if "embedded_at" in values:
        values["embedded_at"] = _origins(values["embedded_at"])
    changed = apply(rules, values)
    if changed:
        audit.record(by, "booking-rules.changed", rules, changes=changed)
    return rules


def _origins(sites: list[str]) -> list[str]:
    """Each once, in the order they were typed."""
    origins = list(dict.fromkeys(origin_of(site) for site in sites))
    if len(origins) > MOST_SITES:
        raise Refused(_("At most %(number)s web sites.") % {"number": MOST_SITES}, code="too-many-sites")
    return origins

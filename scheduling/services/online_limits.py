"""How much one network address, one mailbox and the robots among them may take of what others want, too."""

import datetime as dt
import ipaddress

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from clinic.audit import context
from clinic.core import clock
from clinic.core.errors import Conflict, TooMany
from clinic.people import search_conditions as conditions
from clinic.people.models import Client
from scheduling.availability import Slot, openings
from scheduling.models import Appointment, BookingRules, SlotHold

LIVE_HOLDS_PER_ADDRESS = 4
HOLDS_PER_ADDRESS_PER_HOUR = 30
# Of a therapist's day, so much may stand held for people who have not booked yet.
SHARE_OF_A_DAY = 1 / 3
ADDRESSES_KEPT = dt.timedelta(days=2)


def address_digest() -> str:
    """Who asks, as far as the network tells: keyed, so that no address is kept and none can be guessed from it.

    Of an IPv6 address the network, /64: within it a household or a robot has as many as it likes.
    """
    address = context.get().address or ""
    if ":" in address:
        address = str(ipaddress.ip_network(f"{address}/64", strict=False))
    return salted_hmac("scheduling.online.address", address, algorithm="sha256").hexdigest()


def check_address_may_hold(digest: str) -> None:
    """Raises TooMany. Whoever asks has taken the address's name. 2 queries."""
    now = clock.now()
    own = SlotHold.objects.filter(address_digest=digest)
    if own.live(now).count() >= LIVE_HOLDS_PER_ADDRESS:
        raise TooMany(_("From your network several times are being held already. Try again in some minutes."))
    if own.filter(created_at__gt=now - dt.timedelta(hours=1)).count() >= HOLDS_PER_ADDRESS_PER_HOUR:
        raise TooMany(_("From your network too many times were tried in one hour. Try again later, or call us."))


def check_therapist_has_room(slot: Slot) -> None:
    """Raises Conflict when so much of the therapist's day is held that nothing would be left for others.

    Whoever asks has locked the therapist. 2 queries.
    """
    local = slot.starts_at.astimezone(slot.location.zone).date()
    begin, end = clock.day_bounds(local, slot.location.zone)
    open_ = openings.openings(therapists=[slot.therapist], first_day=local, last_day=local)
    day = sum((each.span[1] - each.span[0] for each in open_), dt.timedelta())
    held = SlotHold.objects.live(clock.now()).filter(
        therapist=slot.therapist, cause=SlotHold.Cause.ONLINE, during__startswith__gte=begin, during__startswith__lt=end
    )
    taken = sum((each.upper - each.lower for each in held.values_list("during", flat=True)), dt.timedelta())
    if taken and taken + (slot.ends_at - slot.starts_at) > day * SHARE_OF_A_DAY:
        raise Conflict(
            _("Others are booking that day with %(therapist)s right now. Choose another day, or try again in a while.")
            % {"therapist": slot.therapist},
            code="held",
        )


def check_address_may_book(digest: str, rules: BookingRules) -> None:
    """Raises TooMany. Whoever asks has taken the address's name. 1 query."""
    since = clock.now() - dt.timedelta(days=1)
    booked = SlotHold.objects.filter(address_digest=digest, created_at__gt=since, appointment__isnull=False)
    if booked.count() >= rules.bookings_per_address_per_day:
        raise TooMany(_("From your network as many visits were booked today as can be online. Please call us."))


def check_mailbox_may_book(email: str, rules: BookingRules) -> None:
    """Raises TooMany when as many online bookings stand ahead as a client may have. 1 query.

    Only what was booked online counts, whoever's record it is on: visits that the desk booked tell a stranger nothing.
    """
    named = Client.objects.filter(conditions.contains(email), email__iexact=email)
    ahead = Appointment.objects.active().filter(
        client__in=named, origin=Appointment.Origin.ONLINE, during__startswith__gt=clock.now()
    )
    if ahead.count() >= rules.open_bookings_per_client:
        raise TooMany(_("With this e-mail address no more visits can be booked online. Please call us."))


def forget_addresses() -> int:
    """Forget where holds came from once it counts for nothing any more. Returns how many."""
    old = SlotHold.objects.filter(expires_at__lt=clock.now() - ADDRESSES_KEPT).exclude(address_digest="")
    return old.update(address_digest="", token_digest="")

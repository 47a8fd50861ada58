"""How many visits a therapist has on a day at most."""

from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from scheduling.models import DailyLimit, Service
from scheduling.services.locks import lock
from scheduling.services.transactions import retried

MOST = 50


@retried
def set_daily_limit(
    *, therapist: User, visits: int, by: User, service: Service | None = None, limit: DailyLimit | None = None
) -> DailyLimit:
    """At most `visits` a day of a service, or of all together; `limit` is the one to change. Raises Refused."""
    require(by, Permission.MANAGE_SETTINGS, limit or therapist)
    lock(therapists=[therapist], rooms=[], client=None)
    if not 1 <= visits <= MOST:
        words = _(
            "From 1 to %(most)s visits a day. For none at all, take the service from the therapist, or the hours."
        )
        raise Refused(words % {"most": MOST}, code="out-of-range")
    if service and not service.therapists.filter(pk=therapist.pk).exists():
        words = _("%(therapist)s does not offer %(service)s.")
        raise Refused(words % {"therapist": therapist, "service": service}, code="not-offered")
    same = DailyLimit.objects.filter(therapist=therapist, service=service)
    if same.exclude(pk=limit.pk if limit else None).exists():
        raise Refused(_("There is a limit of that kind already. Change that one."), code="limit-there")
    is_new = limit is None
    limit = limit or DailyLimit()
    limit.therapist, limit.service, limit.visits = therapist, service, visits
    limit.save()
    audit.record(by, "daily-limit.added" if is_new else "daily-limit.changed", limit, changes={"visits": visits})
    return limit


@retried
def remove_daily_limit(*, limit: DailyLimit, by: User) -> None:
    require(by, Permission.MANAGE_SETTINGS, limit)
    audit.record(by, "daily-limit.removed", limit)
    limit.delete()

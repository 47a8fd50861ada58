"""What the practice offers: services, as the owner describes them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from scheduling.asked_forms import MOST_FORMS, known_forms
from scheduling.models import Service

FIELDS = frozenset(
    {
        "name",
        "duration_minutes",
        "buffer_minutes",
        "price_cents",
        "currency",
        "colour",
        "room_equipment",
        "forms",
        "is_first_visit",
        "is_for_new_clients_only",
        "notice_hours",
        "cancellation_notice_hours",
        "policy",
        "is_bookable_online",
        "is_active",
    }
)


# The least and the most each figure may be; the rest has its shape from the forms.
FIGURES = {
    "duration_minutes": (5, 480),
    "buffer_minutes": (0, 240),
    "price_cents": (0, 10_000_000),
    "notice_hours": (0, 30 * 24),
    "cancellation_notice_hours": (0, 14 * 24),
}


@transaction.atomic
def save_service(*, by: User, service: Service | None = None, **values: Any) -> Service:
    """Add a service or change one; appointments already booked keep their length.

    Raises Refused for a taken name, a figure out of its range, and for a form nobody can be asked. One that was chosen
    before and is retired since may stay: it is asked again once it is brought back.
    """
    require(by, Permission.MANAGE_SETTINGS)
    therapists = values.pop("therapists", None)
    is_new = service is None
    service = Service() if service is None else Service.objects.select_for_update().get(pk=service.pk)
    if Service.objects.filter(name__iexact=values.get("name", service.name)).exclude(pk=service.pk).exists():
        raise Refused(_("There is a service of that name already."), code="name-taken")
    _check_figures(values)
    if "forms" in values:
        _check_forms(values["forms"], before=service.forms)
    changed = [name for name in FIELDS & values.keys() if getattr(service, name) != values[name]]
    for name in changed:
        setattr(service, name, values[name])
    if service.is_for_new_clients_only and not service.is_first_visit:
        raise Refused(
            _("What is for new clients only is for new clients: switch both on, or “only” off."),
            code="new-clients-only",
        )
    service.save()
    if therapists is not None:
        service.therapists.set(therapists)
        changed.append("therapists")
    audit.record(by, "service.added" if is_new else "service.changed", service, changes=changed)
    return service


def _check_figures(values: dict[str, Any]) -> None:
    """Raises Refused naming the figure that is too small or too large."""
    for name, (least, most) in FIGURES.items():
        figure = values.get(name)
        if figure is not None and not least <= figure <= most:
            raise Refused(
                _("%(name)s: from %(least)s to %(most)s.")
                % {"name": Service._meta.get_field(name).verbose_name, "least": least, "most": most},  # type: ignore[union-attr]
                code="out-of-range",
                details={"fields": [name]},
            )


def _check_forms(slugs: Sequence[str], *, before: Sequence[str]) -> None:
    if len(slugs) > MOST_FORMS or len(set(slugs)) < len(slugs):
        words = _("Choose at most %(number)s forms, each once.") % {"number": MOST_FORMS}
        raise Refused(words, code="form-not-asked")
    known = known_forms(slugs)
    wrong = next((known[slug] for slug in slugs if known[slug].trouble and slug not in before), None)
    if wrong:
        words = _("“%(form)s” cannot be chosen: %(trouble)s. Take it out, or see Settings → Forms.")
        raise Refused(words % {"form": wrong.title, "trouble": wrong.trouble}, code="form-not-asked")

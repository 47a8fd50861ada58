"""Two records of one person become one, and both histories stay.

Everything that points at the merged record is pointed at the kept one, whichever app it belongs to, except what the
database has sealed, signed notes for one: a seal covers the client it was signed for, so such rows stay where they are
and are read with the kept record through `OfClientQuerySet.of_client`. The merged record stays, forwards to the kept
one, and takes no more changes.
"""

import uuid
from typing import Any

from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils.translation import gettext as _
from psycopg.errors import RaiseException

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Refused
from clinic.people.models import Alert, Client, ContactPreference, User
from clinic.people.permissions import Permission, require

FILLED = (
    "given_name",
    "family_name",
    "preferred_name",
    "pronouns",
    "born_on",
    "email",
    "phone",
    "address",
    "emergency_contact_name",
    "emergency_contact_phone",
    "referrer",
)


@transaction.atomic
def merge_clients(*, keep: Client, merge: Client, by: User) -> Client:
    """Merge one record into another of the same person. Raises Refused or Conflict, and then nothing has changed.

    Queries grow with the number of tables that point at a client, not with their rows, save for sealed ones.
    """
    require(by, Permission.MERGE_CLIENTS, keep)
    require(by, Permission.MERGE_CLIENTS, merge)
    keep, merge = _locked(keep, merge)
    check_mergeable(keep=keep, merge=merge)
    _settle_preferences(keep, merge)
    _settle_alerts(keep, merge)
    filled = _fill_gaps(keep, merge)
    moved, sealed = _move_rows(keep, merge)
    _share_locations(keep, merge)
    merge.merged_into = keep
    merge.save(update_fields=["merged_into", "updated_at"])
    _share_locations(merge, keep)
    what = {"moved": moved, "sealed": sealed, "fields": filled}
    audit.record(by, "client.merged", keep, client=keep, changes={"from": str(merge.pk), **what})
    audit.record(by, "client.merged-away", merge, client=merge, changes={"into": str(keep.pk), **what})
    return keep


def check_mergeable(*, keep: Client, merge: Client) -> None:
    """Raises Refused for one and the same record, Conflict for one that was merged or is archived."""
    if keep.pk == merge.pk:
        raise Refused(_("These are one and the same record. Choose two."), code="same-client")
    for client in (keep, merge):
        if client.merged_into_id:
            raise Conflict(
                _("%(name)s was merged into another record already.") % {"name": client.full_name},
                code="client-merged",
            )
        if client.is_archived:
            raise Conflict(
                _("%(name)s is archived. Bring the record back first, then merge.") % {"name": client.full_name},
                code="client-archived",
            )


def _locked(keep: Client, merge: Client) -> tuple[Client, Client]:
    rows = Client.objects.select_for_update().filter(pk__in=[keep.pk, merge.pk]).order_by("pk")
    found = {client.pk: client for client in rows}
    return found[keep.pk], found[merge.pk]


def _settle_preferences(keep: Client, merge: Client) -> None:
    """Whoever said no to a message once has said no."""
    said = {(each.channel, each.purpose): each for each in keep.contact_preferences.all()}
    for theirs in merge.contact_preferences.all():
        ours = said.get((theirs.channel, theirs.purpose))
        if ours is None:
            continue
        if ours.is_allowed and not theirs.is_allowed:
            ours.is_allowed, ours.changed_at = False, theirs.changed_at
            ours.save()
        ContactPreference.objects.filter(pk=theirs.pk).delete()


def _settle_alerts(keep: Client, merge: Client) -> None:
    """The same coded alert stays open once."""
    codes = Alert.objects.open().filter(client=keep).exclude(code="").values("code")
    Alert.objects.open().filter(client=merge, code__in=codes).update(ended_at=clock.now())


def _fill_gaps(keep: Client, merge: Client) -> list[str]:
    """What the kept record does not know it learns from the other one. Returns the names of the fields."""
    gaps = [name for name in FILLED if not getattr(keep, name) and getattr(merge, name)]
    for name in gaps:
        setattr(keep, name, getattr(merge, name))
    if gaps:
        keep.save()
    return gaps


def _share_locations(one: Client, other: Client) -> None:
    one.locations.add(*other.locations.all())


def _move_rows(keep: Client, merge: Client) -> tuple[dict[str, int], dict[str, int]]:
    """Point rows of every app at the kept record. Returns how many moved and how many are sealed, by model."""
    moved: dict[str, int] = {}
    sealed: dict[str, int] = {}
    for relation in Client._meta.related_objects:
        if relation.many_to_many:
            continue
        model: Any = relation.related_model
        name = relation.field.name
        keys = list(model._base_manager.filter(**{name: merge.pk}).values_list("pk", flat=True))
        done = _point_at(keep.pk, model, name, keys) if keys else 0
        for counts, number in ((moved, done), (sealed, len(keys) - done)):
            if number:
                counts[model._meta.label_lower] = counts.get(model._meta.label_lower, 0) + number
    return moved, sealed


def _point_at(client_id: uuid.UUID, model: Any, field: str, keys: list[Any]) -> int:
    """Move all rows at once or, when a trigger guards some of them, one by one. Returns how many moved."""
    every = model._base_manager.all()
    if _is_moved(every.filter(pk__in=keys), field, client_id):
        return len(keys)
    return sum(_is_moved(every.filter(pk=key), field, client_id) for key in keys)


def _is_moved(rows: models.QuerySet[Any], field: str, client_id: uuid.UUID) -> bool:
    """False when a trigger of the database says that a row is sealed. Raises Conflict when both cannot be one."""
    try:
        with transaction.atomic():
            rows.update(**{field: client_id})
    except IntegrityError as error:
        raise Conflict(
            _("One person cannot have both: %(thing)s, once in each record. Cancel or close one of them first.")
            % {"thing": rows.model._meta.verbose_name},
            code="merge-clash",
        ) from error
    except DatabaseError as error:
        if isinstance(error.__cause__, RaiseException):
            return False
        raise
    return True

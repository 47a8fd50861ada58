"""What limits or changes treatment."""

from django.db import transaction

from clinic.audit import services as audit
from clinic.core import clock
from clinic.people.models import Alert, Client, User
from clinic.people.permissions import Permission, require
from clinic.people.services.clients import locked


@transaction.atomic
def add_alert(*, client: Client, kind: str, effect: str, label: str, advice: str = "", by: User) -> Alert:
    """Put an alert on a client; everybody who sees the client sees it."""
    client = locked(client, by)
    alert = Alert.objects.create(client=client, kind=kind, effect=effect, label=label, advice=advice, added_by=by)
    audit.record(by, "alert.added", alert, client=client)
    return alert


@transaction.atomic
def confirm_alert(*, alert: Alert, by: User) -> Alert:
    """Somebody asked: the alert goes on holding, whatever a form said before now."""
    require(by, Permission.EDIT_CLIENTS, alert)
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.ended_at is None:
        alert.save(update_fields=["updated_at"])
        audit.record(by, "alert.confirmed", alert, client=alert.client)
    return alert


@transaction.atomic
def end_alert(*, alert: Alert, by: User) -> Alert:
    """The alert no longer holds. It stays in the record."""
    require(by, Permission.EDIT_CLIENTS, alert)
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.ended_at is None:
        alert.ended_at = clock.now()
        alert.save(update_fields=["ended_at", "updated_at"])
        audit.record(by, "alert.ended", alert, client=alert.client)
    return alert


@transaction.atomic
def reopen_alert(*, alert: Alert, by: User) -> Alert:
    """The alert holds after all."""
    require(by, Permission.EDIT_CLIENTS, alert)
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    if alert.ended_at is not None:
        alert.ended_at = None
        alert.save(update_fields=["ended_at", "updated_at"])
        audit.record(by, "alert.reopened", alert, client=alert.client)
    return alert

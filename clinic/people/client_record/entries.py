"""Documents and alerts as entries of the record's timeline."""

import uuid
from collections.abc import Collection, Mapping

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.people.models import Alert, Document
from clinic.people.permissions import Permission
from clinic.people.record import timeline
from clinic.people.record.reading import Reading
from clinic.people.record.timeline import Entry, Kind
from clinic.people.record.words import joined, time_or_day


class Documents(timeline.Source):
    name = "documents"
    kind = Kind.DOCUMENTS
    permission = Permission.VIEW_DOCUMENTS

    def rows(self, reading: Reading) -> QuerySet[Document]:
        rows: QuerySet[Document] = Document.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.annotate(at=F("created_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = Document.objects.filter(pk__in=keys).select_related("added_by")
        return {row.pk: self._entry(row) for row in rows}

    def _entry(self, row: Document) -> Entry:
        return Entry(
            icon="note",
            title=row.title,
            detail=joined(row.get_kind_display(), _("added by %(name)s") % {"name": row.added_by.name}),
            url=reverse("people:client-document", args=[row.client_id, row.pk]),
            state=row.suffix,
            state_icon="download",
        )


class Alerts(timeline.Source):
    name = "alerts"
    kind = Kind.ALERTS
    permission = Permission.VIEW_CLIENTS

    def rows(self, reading: Reading) -> QuerySet[Alert]:
        rows: QuerySet[Alert] = Alert.objects.visible_to(reading.user).filter(client__in=reading.ids)
        return rows.annotate(at=F("created_at"), key=F("pk"))

    def entries(self, keys: Collection[uuid.UUID], reading: Reading) -> Mapping[uuid.UUID, Entry]:
        """One query."""
        rows = Alert.objects.filter(pk__in=keys).select_related("added_by")
        return {row.pk: self._entry(row, reading) for row in rows}

    def _entry(self, row: Alert, reading: Reading) -> Entry:
        effect = "" if row.effect == Alert.Effect.NONE else row.get_effect_display()
        who = _("added by %(name)s") % {"name": row.added_by.name} if row.added_by else _("from a form")
        ended = row.ended_at and time_or_day(row.ended_at, row.created_at, reading.zone)
        return Entry(
            icon="alert",
            title=row.label,
            detail=joined(row.get_kind_display(), effect, who),
            state=_("Ended %(when)s") % {"when": ended} if ended else _("Holds"),
            state_icon="minus" if ended else "alert",
            tone="" if ended else row.tone,
        )


timeline.register(Documents())
timeline.register(Alerts())

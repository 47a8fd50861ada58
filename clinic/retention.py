"""When what was taken out of a record is deleted for good: not before the record itself might be."""

import datetime as dt

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clinic.people.models import Document, Practice
from clinic.people.services.documents import delete_document
from scheduling.models import Appointment

LONGEST_YEAR = dt.timedelta(days=366)  # never a day too early
SECOND_THOUGHTS = dt.timedelta(days=30)


def expired_documents(now: dt.datetime) -> QuerySet[Document]:
    """Removed documents of clients whose last visit is longer ago than the practice keeps records."""
    practice = Practice.objects.get()
    visits = Appointment.objects.filter(client=OuterRef("client"), status=Appointment.Status.COMPLETED)
    last_visit = Subquery(visits.order_by("-during").values("during__startswith")[:1])
    removed = Document.objects.removed().filter(removed_at__lt=now - SECOND_THOUGHTS)
    known = removed.annotate(last_at=Coalesce(last_visit, F("created_at")))
    rows: QuerySet[Document] = known.filter(last_at__lt=now - practice.retention_years * LONGEST_YEAR)
    return rows


def delete_expired_documents(now: dt.datetime) -> int:
    """Delete them, each in a transaction of its own. Returns how many."""
    documents = list(expired_documents(now))
    for document in documents:
        delete_document(document=document)
    return len(documents)

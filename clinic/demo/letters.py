"""Referral letters of the demo: PDF files of one page, and when everything about a client was written down."""

import datetime as dt
import hashlib
import random

from django.core.files.base import ContentFile
from django.db.models import F, Min, OuterRef, Subquery
from django.db.models.functions import Coalesce

from clinic.demo.diary import draw_uuid
from clinic.demo.ground import Ground
from clinic.people.models import Alert, Client, Document

REFERRED_BY = "Dr Anil Mehta"
SHARE = 0.5
LATER = dt.timedelta(days=2)


def write(*, clients: list[Client], ground: Ground, chance: random.Random) -> int:
    """A letter for every other client whom the doctor sent. Call after `date_people`. Returns how many."""
    sent = [client for client in clients if client.referrer == REFERRED_BY and chance.random() < SHARE]
    since = dict(Client.objects.filter(pk__in=[client.pk for client in sent]).values_list("pk", "created_at"))
    letters = [_letter(client, since[client.pk] + LATER, ground, chance) for client in sent]
    Document.objects.bulk_create(letters)
    return len(letters)


def date_people() -> None:
    """A client and what limits their treatment are known since the first visit was booked. Two queries."""
    booked = Client.objects.filter(pk=OuterRef("pk")).annotate(first=Min("appointments__created_at"))
    Client.objects.update(created_at=Coalesce(Subquery(booked.values("first")), F("created_at")))
    known = Client.objects.filter(pk=OuterRef("client")).values("created_at")
    Alert.objects.update(created_at=Subquery(known))


def _letter(client: Client, at: dt.datetime, ground: Ground, chance: random.Random) -> Document:
    content = pdf([f"Dear colleague, thank you for seeing {client.full_name}.", f"{REFERRED_BY} (invented)"])
    letter = Document(
        id=draw_uuid(chance),
        client=client,
        title="Referral letter",
        kind=Document.Kind.REFERRAL,
        media_type="application/pdf",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=ground.therapists[0],
        created_at=at,
    )
    letter.file.save("letter", ContentFile(content), save=False)
    return letter


def pdf(lines: list[str]) -> bytes:
    """The lines on a page of A4, in a font that every reader has."""
    text = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 72 770 Td 18 TL {text} ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return f"{body}{end}startxref\n{len(body)}\n%%EOF\n".encode("cp1252", "replace")


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

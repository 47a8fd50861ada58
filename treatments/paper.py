"""A note handed out as a file, by the page and the API alike."""

from django.http import HttpResponse

from clinic.audit import services as audit
from clinic.people.models import User
from treatments.models import SessionNote
from treatments.note_pdf import FILE_NAME, note_pdf


def handed_out(note: SessionNote, by: User) -> HttpResponse:
    """To print or hand out. Its file name says nothing of the person."""
    audit.record(by, "note.printed", note, client=note.client)
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
    }
    return HttpResponse(note_pdf(note), content_type="application/pdf", headers=headers)

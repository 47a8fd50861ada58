"""Pictures and papers of exercises as answers: never by path, never run."""

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from clinic.people.models import Client
from treatments.models import ExercisePicture
from treatments.programme_pdf import handout
from treatments.reads.programme import DayPage


def shown(picture: ExercisePicture) -> FileResponse:
    """A picture that was drawn anew when it came in, to be looked at and nothing else."""
    response = FileResponse(picture.file.open("rb"), content_type=picture.media_type)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def handed_out(client: Client) -> HttpResponse:
    """The client's exercises as a PDF to be saved."""
    response = HttpResponse(handout(DayPage(client)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_("exercises")}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

"""Files with answers: taken from the client's page, given to staff."""

import uuid

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people import uploads
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from intake.answers import answers_of
from intake.asked import asked_in, is_file, is_given
from intake.fhir import Item
from intake.models import Response, Upload
from intake.services.uploads import add_upload, remove_upload


def take_files(request: HttpRequest, response: Response, section: Item) -> dict[str, str]:
    """Keep what files came with a page; what was refused, by address, in words for people."""
    refused = {}
    for asked in asked_in(section, answers_of(response)) if request.FILES else ():
        if is_file(asked.item) and not is_given(asked.item):
            for file in request.FILES.getlist(asked.address):
                try:
                    add_upload(response=response, section=section, address=asked.address, upload=file)
                except Refused as refusal:
                    refused[asked.address] = refusal.message
    return refused


def drop_file(request: HttpRequest, response: Response) -> str:
    """Take out the file whose button was pressed; the address of its question, empty when none was."""
    name, _at, address = request.POST.get("_drop", "").partition("@")
    if name:
        remove_upload(response=response, name=name)
    return address


@access(Permission.VIEW_INTAKE)
@require_safe
def upload_download(request: StaffRequest, pk: uuid.UUID) -> FileResponse:
    """The file, to be saved and not to be shown."""
    upload = get_object_or_404(Upload.objects.visible_to(request.user).select_related("client"), pk=pk)
    audit.read(request.user, upload, client=upload.client)
    return uploads.to_be_saved(upload.file, media_type=upload.media_type, title=upload.title)

"""The demo's mailbox, so that a visitor can follow the links that clients get."""

from io import BytesIO

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.core.errors import Missing
from clinic.messaging import mailbox
from clinic.people.access import access
from clinic.people.permissions import Permission
from clinic.people.zones import zone_of

PAGE_SIZE = 20


@access(Permission.VIEW_MESSAGES)
@require_safe
def mailbox_list(request: HttpRequest, name: str = "") -> HttpResponse:
    """Mails that have arrived, newest first, one of them open."""
    _only_in_the_demo()
    page = Paginator(mailbox.names(), PAGE_SIZE).get_page(request.GET.get("page"))
    mails = [mailbox.read(each) for each in page.object_list]
    opened = mailbox.read(name) if name else next(iter(mails), None)
    context = {"mails": mails, "page": page, "opened": opened, "is_chosen": bool(name), "zone": zone_of(request.user)}
    return render(request, "messaging/mailbox.html", context)


@access(Permission.VIEW_MESSAGES)
@require_safe
def mailbox_attachment(request: HttpRequest, name: str, number: int) -> FileResponse:
    """One attached file, always as a download."""
    _only_in_the_demo()
    attachments = mailbox.read(name).attachments
    if number >= len(attachments):
        raise Missing(_("This file is not here any more."))
    found = attachments[number]
    return FileResponse(
        BytesIO(found.content), as_attachment=True, filename=found.name, content_type=found.content_type
    )


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Missing(_("There is no such page."))

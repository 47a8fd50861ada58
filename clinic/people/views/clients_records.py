"""What is kept with a client: alerts, documents, what they want to hear of; and the archive."""

import uuid

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused
from clinic.people import uploads
from clinic.people.access import access
from clinic.people.forms.clients import AlertForm, DocumentForm, PreferencesForm, RemovalForm
from clinic.people.models import Alert, Client, Document
from clinic.people.permissions import Permission
from clinic.people.services import alerts, clients, documents
from clinic.people.views.clients import StaffRequest

UNDO = "undo:"  # a toast with a button, see clinic/ui/flash.py, which stands on a higher floor


def _client(request: StaffRequest, pk: uuid.UUID) -> Client:
    client: Client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    return client


@access(Permission.EDIT_CLIENTS)
@require_POST
def client_archive(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    client = clients.archive_client(client=_client(request, pk), by=request.user)
    undo = reverse("people:client-restore", args=[client.pk])
    messages.success(request, _("%(name)s was archived.") % {"name": client.full_name}, extra_tags=f"{UNDO}{undo}")
    return redirect("people:client-detail", client.pk)


@access(Permission.EDIT_CLIENTS)
@require_POST
def client_restore(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    client = clients.restore_client(client=_client(request, pk), by=request.user)
    messages.success(request, _("%(name)s is back in the lists.") % {"name": client.full_name})
    return redirect("people:client-detail", client.pk)


@access(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def client_preferences(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What the client agreed to be written about."""
    client = _client(request, pk)
    form = PreferencesForm(request.POST if request.method == "POST" else None, client=client)
    if request.method == "POST" and form.is_valid():
        clients.set_contact_preferences(client=client, allowed=form.allowed(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("people:client-detail", client.pk)
    return render(request, "people/client_preferences.html", {"form": form, "client": client})


@access(Permission.EDIT_CLIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def alert_create(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A new alert."""
    client = _client(request, pk)
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alerts.add_alert(client=client, by=request.user, **form.cleaned_data)
        messages.success(request, _("The alert shows wherever the client does."))
        return redirect("people:client-detail", client.pk)
    context = {"form": form, "client": client}
    return render(request, "people/client_alert.html", context, status=422 if form.errors else 200)


@access(Permission.EDIT_CLIENTS)
@require_POST
def alert_end(request: StaffRequest, pk: uuid.UUID, alert_pk: uuid.UUID) -> HttpResponse:
    alert = get_object_or_404(Alert.objects.visible_to(request.user), pk=alert_pk, client_id=pk)
    alerts.end_alert(alert=alert, by=request.user)
    undo = reverse("people:client-alert-reopen", args=[pk, alert.pk])
    messages.success(request, _("The alert has ended."), extra_tags=f"{UNDO}{undo}")
    return redirect("people:client-detail", pk)


@access(Permission.EDIT_CLIENTS)
@require_POST
def alert_reopen(request: StaffRequest, pk: uuid.UUID, alert_pk: uuid.UUID) -> HttpResponse:
    alert = get_object_or_404(Alert.objects.visible_to(request.user), pk=alert_pk, client_id=pk)
    alerts.reopen_alert(alert=alert, by=request.user)
    messages.success(request, _("The alert is back."))
    return redirect("people:client-detail", pk)


@access(Permission.VIEW_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def document_create(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Upload a file."""
    client = _client(request, pk)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            documents.add_document(
                client=client, kind=data["kind"], title=data["title"], upload=data["file"], by=request.user
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("The document was added."))
            return redirect("people:client-detail", client.pk)
    context = {"form": form, "client": client}
    return render(request, "people/client_document.html", context, status=422 if form.errors else 200)


@access(Permission.REMOVE_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request: StaffRequest, pk: uuid.UUID, document_pk: uuid.UUID) -> HttpResponse:
    """Asks why, then takes a document out of sight."""
    rows = Document.objects.visible_to(request.user).select_related("client")
    document = get_object_or_404(rows, pk=document_pk, client_id=pk)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.remove_document(document=document, by=request.user, **form.cleaned_data)
        except Conflict as refusal:
            form.add_error("cause", refusal.message)
        else:
            messages.success(request, _("The document was removed."))
            return redirect("people:client-detail", pk)
    context = {"form": form, "document": document, "client": document.client}
    return render(request, "people/client_document_remove.html", context, status=422 if form.errors else 200)


@access(Permission.VIEW_DOCUMENTS)
@require_safe
def document_download(request: StaffRequest, pk: uuid.UUID, document_pk: uuid.UUID) -> FileResponse:
    """The file, to be saved and not to be shown: no browser runs what is in it."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=document_pk, client_id=pk)
    audit.read(request.user, document, client=document.client)
    return uploads.to_be_saved(document.file, media_type=document.media_type, title=document.title)

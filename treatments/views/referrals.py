"""Letters of referral: written from a template, looked at, kept, printed."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.forms.letters import ReferralForm
from treatments.models import Episode, LetterTemplate, Referral, SessionNote
from treatments.reads.letter import FILE_NAME, filled, letter_pdf
from treatments.services.referrals import write_referral
from treatments.views.episodes import episode_for

LEVELS = {"emergency": "emergency", "same-day": "same_day", "same_day": "same_day", "soon": "soon"}


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "POST"])
def referral_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """`template` chooses what it begins with, `note` the note it belongs to. Looking at it keeps nothing."""
    episode = episode_for(request, pk)
    note = _note_of(request, episode)
    if request.method == "POST":
        form = ReferralForm(request.POST)
        try:
            if form.is_valid() and request.POST.get("action") == "keep":
                referral = write_referral(episode=episode, note=note, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                messages.success(request, _("The letter is kept. Print it or save it as a PDF."))
                return redirect("treatments:referral-detail", referral.pk)
        except Refused as refusal:
            form.add_error("body", refusal.message)
        return _page(request, episode, note, form, status=200 if form.is_valid() else 422)
    return _page(request, episode, note, _begun(request, episode))


def _begun(request: HttpRequest, episode: Episode) -> ReferralForm:
    """A letter filled in from the template that was chosen, or the first one."""
    templates = LetterTemplate.objects.filter(retired_at=None)
    chosen = templates.filter(pk=_uuid(request.GET["template"])).first() if request.GET.get("template") else None
    template = chosen or templates.first()
    to = episode.client.referrer
    urgency = LEVELS.get((episode.condition.data.get("referral") or {}).get("level", ""), "routine")
    body = ""
    if template:
        body = filled(template, episode=episode, by=request.user, to=to, urgency=urgency)  # type: ignore[arg-type]
    return ReferralForm(initial={"to_name": to, "urgency": urgency, "body": body})


def _page(
    request: HttpRequest, episode: Episode, note: SessionNote | None, form: ReferralForm, status: int = 200
) -> HttpResponse:
    audit.read(request.user, episode, client=episode.client)  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "episode": episode,
        "client": episode.client,
        "note": note,
        "form": form,
        "templates": list(LetterTemplate.objects.filter(retired_at=None)),
        "letter": form.cleaned_data if form.is_bound and form.is_valid() else None,
        "referral_knowledge": episode.condition.data.get("referral") or {},
    }
    return render(request, "treatments/referral_form.html", context, status=status)


@access(Permission.VIEW_NOTES)
@require_GET
def referral_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The letter as it was written."""
    referral = _referral(request, pk)
    audit.read(request.user, referral, client=referral.episode.client)  # type: ignore[arg-type]
    episode = referral.episode
    context = {"referral": referral, "episode": episode, "client": episode.client, "zone": episode.location.zone}
    return render(request, "treatments/referral.html", context)


@access(Permission.VIEW_NOTES)
@require_GET
def referral_pdf(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same to print or send. Its file name says nothing of the person."""
    referral = _referral(request, pk)
    audit.record(request.user, "referral.printed", referral, client=referral.episode.client)  # type: ignore[arg-type]
    headers = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
    }
    return HttpResponse(letter_pdf(referral), content_type="application/pdf", headers=headers)


def _referral(request: HttpRequest, pk: uuid.UUID) -> Referral:
    rows = Referral.objects.visible_to(request.user).select_related(
        "episode__client", "episode__condition", "episode__location", "written_by"
    )
    referral: Referral = get_object_or_404(rows, pk=pk)
    return referral


def _note_of(request: HttpRequest, episode: Episode) -> SessionNote | None:
    """The note that the letter was asked for in; 404 for one of another episode."""
    asked = request.POST.get("note") or request.GET.get("note")
    if not asked:
        return None
    notes = SessionNote.objects.visible_to(request.user).of_episode(episode)
    note: SessionNote = get_object_or_404(notes, pk=_uuid(asked))
    return note


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None

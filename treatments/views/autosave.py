"""The editor's script saves what was typed: the parts that changed, and what each of them was typed over."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.core.errors import Conflict, DomainError, StaleVersion
from clinic.core.numbers import whole
from clinic.people.access import access
from clinic.people.permissions import Permission
from treatments.forms import DraftForms
from treatments.forms.draft import part_of
from treatments.models import SessionNote, SetAside
from treatments.reads.merge import PARTS, content_of, titles_of
from treatments.services import missing_for, save_draft, set_aside, settle
from treatments.services.notes import changed_in


@access(Permission.WRITE_NOTE)
@require_POST
def note_draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Autosave, with the version it was typed over in If-Match. What cannot be saved is set aside, never dropped."""
    version = whole(request.headers.get("If-Match", "").strip('"W/ '))
    if version is None:
        body = {"code": "version-missing", "message": _("Say which version was changed: If-Match is missing.")}
        return JsonResponse(body, status=428)
    note = get_object_or_404(SessionNote.objects.visible_to(request.user), pk=pk)
    forms = DraftForms(note, request.POST, parts=_parts(request.POST))
    try:
        saved = save_draft(note=note, by=request.user, version=version, changes=forms.changes(), base=_base(forms))  # type: ignore[arg-type]
    except (StaleVersion, Conflict) as refusal:
        return _kept_aside(request, note, forms, version, refusal)
    except DomainError as refusal:
        return _refused(refusal, {})
    if request.POST.get("settles"):
        settle(note=saved, by=request.user, device=forms.device)  # type: ignore[arg-type]
    return _saved(saved, forms, is_merged=saved.version != version + saved.was_written)


def _parts(sent: QueryDict) -> frozenset[str] | None:
    """The parts that were sent; None is all of them."""
    return frozenset(str(sent[PARTS]).split(",")) if PARTS in sent else None


def _base(forms: DraftForms) -> Any:
    """What the parts were typed over, asked for only when the version is old."""
    sent = forms.data.get("base")
    if sent is None:
        return None
    return lambda: DraftForms(forms.note, QueryDict(sent), parts=forms.parts).changes()


def _kept_aside(
    request: HttpRequest, note: SessionNote, forms: DraftForms, version: int, refusal: DomainError
) -> HttpResponse:
    """Somebody saved other text there, or signed the note: this text is kept beside it."""
    note = SessionNote.objects.select_related("appointment__location").get(pk=note.pk)
    row = keep_aside(note, forms, by=request.user, over_version=version)
    at = timezone.localtime(note.signed_at or note.updated_at, note.appointment.zone)
    return _refused(
        refusal,
        {
            "is_set_aside": row is not None,
            "at": date_format(at, _("H:i")),
            "by": str(note.therapist),
            "parts": titles_of(refusal.details.get("changed", ())),
            "url": reverse("treatments:note-merge", args=[note.pk]),
        },
    )


def keep_aside(note: SessionNote, forms: DraftForms, *, by: Any, over_version: int) -> SetAside | None:
    """Keep a text that could not be saved, unless all of it stands in the note already."""
    changed = changed_in(note, forms.changes())
    if not changed and not forms.errors:
        return None
    content = content_of(note, forms, changed)
    return set_aside(note=note, by=by, over_version=over_version, device=forms.device, content=content)


def _refused(refusal: DomainError, more: Mapping[str, Any]) -> JsonResponse:
    said = {"code": refusal.code, "message": refusal.message, "details": {**refusal.details, **more}}
    return JsonResponse(said, status=refusal.status)


def unsaved_parts(forms: DraftForms) -> set[str]:
    """Parts that an autosave did not take, or not whole: the page keeps them until a save takes them.

    A box that cannot be read, a row begun without its first field, and what only a button saves.
    """
    unread = {part_of(name) for name in forms.errors}
    if forms.parts is None:
        return unread
    main = {part_of(name) for name in forms.main.fields}
    mine = {part for part in forms.parts if part in main or part == "rom" or hasattr(type(forms), part)}
    begun = {part for part in mine - main - {"rom"} if any(_is_begun(row) for row in _rows_of(getattr(forms, part)))}
    new_episode = {"episode"} if forms.data.get("episode-condition") else set()
    return unread | begun | (set(forms.parts) - mine - {""}) | new_episode


def _rows_of(form: Any) -> list[Any]:
    return [row for row in form if hasattr(row, "is_given")] if isinstance(form, BaseFormSet) else []


def _is_begun(row: Any) -> bool:
    said = {name: value for name, value in row.cleaned_data.items() if name not in ("side", "DELETE")}
    return not row.is_given and any(value not in (None, "", False) for value in said.values())


def _saved(note: SessionNote, forms: DraftForms, *, is_merged: bool) -> JsonResponse:
    saved_at = timezone.localtime(note.updated_at, note.appointment.zone)
    has_text = any(getattr(note, name).strip() for name in ("subjective", "objective", "assessment", "plan"))
    row_count = 1 if has_text else note.findings.count() + note.techniques.count()
    body = {
        "version": note.version,
        "saved_at": saved_at.isoformat(),
        "saved": date_format(saved_at, _("H:i")),
        "copied": sorted(note.copied_sections),
        "errors": forms.errors,
        "missing": [lack.code for lack in missing_for(note, row_count=row_count)],
        "is_merged": is_merged,
        "unsaved": sorted(unsaved_parts(forms)),
    }
    return JsonResponse(body, headers={"ETag": f'"{note.version}"'})

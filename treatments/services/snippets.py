"""Snippets: one's own, and those that are everybody's."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from treatments.models import NoteTemplate, Snippet
from treatments.ready_snippets import READY


@transaction.atomic
def save_snippet(
    *, by: User, shortcut: str, title: str, text: str, shared: bool, snippet: Snippet | None = None
) -> Snippet:
    """A new one, or changes to one. Raises Conflict when the short word is taken."""
    require(by, Permission.VIEW_NOTES, snippet)
    owner = None if shared else by
    same = Snippet.objects.filter(owner=owner, shortcut__iexact=shortcut)
    if same.exclude(pk=snippet.pk if snippet else None).exists():
        raise Conflict(_("This short word is taken. Choose another one."), code="shortcut-taken")
    made = snippet or Snippet()
    made.owner, made.shortcut, made.title, made.text = owner, shortcut, title, text
    made.save()
    audit.record(by, "snippet.saved", made)
    return made


@transaction.atomic
def remove(*, by: User, row: Snippet | NoteTemplate) -> dict[str, Any]:
    """Take a snippet or a template away. Returns what `restore` brings it back from."""
    require(by, Permission.VIEW_NOTES, row)
    audit.record(by, f"{row._meta.model_name}.removed", row)
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    row.delete()
    return {name: value if isinstance(value, dict) or value is None else str(value) for name, value in kept.items()}


@transaction.atomic
def restore(*, by: User, model: type[Snippet] | type[NoteTemplate], kept: dict[str, Any]) -> None:
    """Bring back what was removed. Raises Conflict when its name was taken meanwhile."""
    require(by, Permission.VIEW_NOTES)
    row = model(**kept)
    name = "shortcut" if model is Snippet else "name"
    if model.objects.filter(owner=row.owner_id, **{f"{name}__iexact": getattr(row, name)}).exists():
        raise Conflict(_("Its name was taken meanwhile: it stays removed."), code="name-taken")
    row.save(force_insert=True)
    audit.record(by, f"{row._meta.model_name}.restored", row)


def snippets_of(user: User) -> list[dict[str, Any]]:
    """For the editor: one's own, then everybody's, then the ready ones that no other stands for (one query)."""
    rows = sorted(Snippet.objects.visible_to(user), key=lambda row: (row.owner_id is None, row.shortcut))
    found = [_plain(row, own=row.owner_id is not None) for row in rows]
    taken = {row["shortcut"].casefold() for row in found}
    return found + [_plain(row, own=False) for row in READY if row.shortcut not in taken]


def _plain(row: Any, *, own: bool) -> dict[str, Any]:
    return {"shortcut": row.shortcut, "title": str(row.title), "text": str(row.text), "own": own}

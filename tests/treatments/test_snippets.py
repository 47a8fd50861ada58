"""Snippets and templates: one's own, everybody's, removed and brought back; what a template fills is marked."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.core.errors import Conflict, Refused
from clinic.people.models import User
from intake.models import Structure, Technique
from tests.treatments.browsing import as_user, typed, url
from treatments.models import NoteTemplate, SessionNote, Snippet
from treatments.ready_snippets import READY
from treatments.rows import TechniqueRow
from treatments.services import keep_as_template, save_draft, use_template
from treatments.services.snippets import save_snippet, snippets_of

NEW = {"shortcut": "hip", "title": "Mine", "text": "My hip: |"}


def test_ready_snippets_have_words_of_their_own() -> None:
    words = [row.shortcut for row in READY]
    assert len(words) == len(set(words)) >= 20


def test_ones_own_snippet_stands_before_everybodys_and_is_hidden_from_others(
    therapist: User, other_therapist: User
) -> None:
    save_snippet(by=therapist, shared=False, **NEW)
    save_snippet(by=therapist, shared=True, **{**NEW, "shortcut": "Walk", "title": "Ours"})
    mine, theirs = snippets_of(therapist), snippets_of(other_therapist)
    assert (mine[0]["title"], mine[0]["own"]) == ("Mine", True)
    assert [row["title"] for row in theirs if row["shortcut"] == "hip"] == ["Hip pain, in numbers"]
    assert [row["title"] for row in theirs if row["shortcut"].casefold() == "walk"] == ["Ours"]
    with pytest.raises(Conflict):
        save_snippet(by=therapist, shared=False, **{**NEW, "shortcut": "HIP"})


def test_a_snippet_is_written_changed_removed_and_brought_back(signed_in: Browser, therapist: User) -> None:
    assert signed_in.post(url("snippet-create"), {**NEW, "shortcut": "no spaces"}).status_code == 422
    assert signed_in.post(url("snippet-create"), {**NEW, "text": "a\x00"}).status_code == 422
    assert signed_in.post(url("snippet-create"), NEW).status_code == 302
    assert signed_in.post(url("snippet-create"), NEW).status_code == 422  # taken
    snippet = Snippet.objects.get(owner=therapist)
    signed_in.post(url("snippet-edit", snippet.pk), {**NEW, "text": "<b>Changed</b>"})
    assert "&lt;b&gt;Changed" in signed_in.get(url("snippet-list")).content.decode()
    signed_in.post(url("snippet-remove", snippet.pk))
    assert not Snippet.objects.exists()
    signed_in.post(url("snippet-restore", snippet.pk))
    assert Snippet.objects.get().text == "<b>Changed</b>"
    signed_in.post(url("snippet-restore", snippet.pk))  # once
    assert Snippet.objects.count() == 1


def test_a_snippet_of_somebody_else_is_not_there(therapist: User, other_therapist: User) -> None:
    snippet = save_snippet(by=therapist, shared=False, **NEW)
    browser = as_user(other_therapist)
    assert browser.get(url("snippet-edit", snippet.pk)).status_code == 404
    assert browser.post(url("snippet-remove", snippet.pk)).status_code == 404


def test_a_template_fills_what_is_empty_and_its_text_is_marked_until_touched(
    signed_in: Browser, draft: SessionNote, therapist: User, technique: Technique, structure: Structure
) -> None:
    rows = [TechniqueRow(technique.pk, structure.pk, "left", 6, 4, "eased")]
    draft = save_draft(note=draft, by=therapist, version=draft.version, changes={"techniques": rows})
    signed_in.post(url("note-save", draft.pk), typed(draft, action="template:keep", **{"template-name": "First"}) | {
        "techniques-0-technique": str(technique.pk), "techniques-0-structure": str(structure.pk),
        "techniques-0-minutes": "6",
    })  # fmt: skip
    template = NoteTemplate.objects.get()
    assert template.owner == therapist
    draft.refresh_from_db()
    draft = save_draft(
        note=draft, by=therapist, version=draft.version, changes={"plan": "", "techniques": [], "assessment": "Mine."}
    )
    note = use_template(note=draft, by=therapist, version=draft.version, template=template)
    assert (note.assessment, note.plan) == ("Mine.", "Side-lying abduction daily.")
    assert set(note.copied_sections) == {"plan", "techniques"}
    row = note.techniques.get()
    assert (row.side, row.duration_minutes, row.pressure_grade, row.response) == ("right", 6, None, "")
    assert "From “First”, not touched yet" in signed_in.get(url("note-edit", note.pk)).content.decode()
    note = save_draft(note=note, by=therapist, version=note.version, changes={"plan": "Swim."})
    assert set(note.copied_sections) == {"techniques"}
    with pytest.raises(Refused):
        use_template(note=note, by=therapist, version=note.version, template=template)
    template.delete()
    assert signed_in.get(url("note-edit", note.pk)).status_code == 200


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b"])
def test_a_template_has_a_name(draft: SessionNote, therapist: User, name: str) -> None:
    with pytest.raises(Refused):
        keep_as_template(note=draft, by=therapist, name=name)


def test_a_template_of_somebody_else_is_a_404(signed_in: Browser, draft: SessionNote, other_therapist: User) -> None:
    foreign = NoteTemplate.objects.create(owner=other_therapist, name="Theirs", content={"texts": {"plan": "x"}})
    assert signed_in.post(url("note-save", draft.pk), typed(draft, action=f"template:{foreign.pk}")).status_code == 404
    assert signed_in.post(reverse("treatments:template-remove", args=[foreign.pk])).status_code == 404

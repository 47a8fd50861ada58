"""Snippets and templates that addresses and bodies name."""

import pytest

from clinic.people.models import User
from intake.models import Technique
from treatments.models import NoteTemplate, Snippet


@pytest.fixture
def snippet(db: None) -> Snippet:
    """Everybody's."""
    return Snippet.objects.create(shortcut="ours", title="Ours", text="Ours.")


@pytest.fixture
def note_template(db: None) -> NoteTemplate:
    """Everybody's; it fills what the draft has not."""
    return NoteTemplate.objects.create(name="Ours", content={"texts": {"objective": "As usual."}})


@pytest.fixture
def foreign_template(other_therapist: User) -> NoteTemplate:
    return NoteTemplate.objects.create(owner=other_therapist, name="Theirs", content={"texts": {"objective": "X."}})


@pytest.fixture
def technique_at_home(db: None) -> Technique:
    """Nothing that is done in a session."""
    found = Technique.objects.current().exclude(data__performed_in_session=True).first()
    assert found is not None
    return found

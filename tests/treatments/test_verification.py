"""Whatever is done to signed notes behind the application's back is found, and the note is named."""

import random
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from benchmarks._tamperings import draw, missed, of_notes, run
from clinic.audit.models import Event
from clinic.people.models import User
from tests.treatments.browsing import as_user
from tests.treatments.sealed import sign_with_everything, world
from treatments.models import SessionNote
from treatments.tasks import verify_notes
from treatments.verification import verify


def test_forty_tamperings_and_every_kind_between_notes_are_found_and_named(db: None) -> None:
    notes = world()
    assert verify().altered == []
    chance = random.Random(5)  # noqa: S311
    tried = [*of_notes(notes, chance), *draw(notes, 40, chance)]
    assert [name for name, act in tried if missed(act)] == []


def test_what_nobody_touched_passes_and_says_how_many(signed: SessionNote) -> None:
    said = StringIO()
    call_command("verify_notes", stdout=said)
    assert "1 signed notes are as they were signed" in said.getvalue()


def test_the_command_names_the_note_its_client_and_what_differs(signed: SessionNote) -> None:
    run("SET LOCAL session_replication_role = replica")
    run("UPDATE treatments_sessionnote SET plan = 'Forged', pain_worst = 1")
    for options in ([], [f"--client={signed.client.number}"], ["--since=2020-01-01"]):
        said = StringIO()
        with pytest.raises(CommandError, match="1 notes are not what was signed"):
            call_command("verify_notes", *options, stdout=said)
        assert f"note {signed.pk} of client {signed.client.number}: plan, pain\n" in said.getvalue()
    for wrong in ("--client=987654", "--client=x", "--since=soon"):
        with pytest.raises(CommandError):
            call_command("verify_notes", wrong)


def test_a_file_that_differs_on_the_disk_is_found(draft: SessionNote, therapist: User, other_therapist: User) -> None:
    note = sign_with_everything(draft, therapist, other_therapist)
    file = note.files.get().document.file
    file.storage.delete(file.name)
    assert [altered.what for altered in verify().altered] == [("a file",)]
    file.storage.save(file.name, ContentFile(b"another picture"))
    assert [altered.what for altered in verify().altered] == [("a file",)]


def test_the_nightly_check_goes_on_by_itself_and_the_owner_sees_how_it_ended(signed: SessionNote, owner: User) -> None:
    def page() -> str:
        return as_user(owner).get(reverse("audit-list")).content.decode()

    with patch("treatments.tasks.CHECK_SECONDS", -1), patch("treatments.tasks.verify_notes.delay") as go_on:
        verify_notes()
    verify_notes(*go_on.call_args.args)
    assert Event.objects.get(action="notes.checked").changes == {"notes": 1, "altered": 0}
    assert "1 signed note is as it was signed" in page()
    run("SET LOCAL session_replication_role = replica")
    run("UPDATE treatments_sessionnote SET plan = 'Forged'")
    verify_notes()
    assert Event.objects.get(action="note.altered").changes == {"note": str(signed.pk), "what": ["plan"]}
    assert "1 signed note is not what was signed" in page()


def test_a_check_that_was_cut_short_goes_on_where_it_stopped(signed: SessionNote) -> None:
    first = verify(goes_on=lambda _verdict: False)
    assert (first.is_complete, first.notes) == (False, 1)
    rest = verify(after=first.last_client)
    assert (rest.is_complete, rest.notes, rest.altered) == (True, 0, [])

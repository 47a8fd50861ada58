"""A signed note that has one of everything a note may have, for whoever tries to change it."""

import datetime as dt
import hashlib
from decimal import Decimal

from django.core.files.base import ContentFile

from clinic.core import clock
from clinic.people.models import Document, TherapistProfile, User
from intake.models import Condition, Exercise, PainDrawing, PainMark, Structure, Technique
from tests import factories
from tests.treatments.conftest import WRITTEN, book
from treatments.models import Goal, GoalRating, Hypothesis, NoteFile, Referral, SessionNote
from treatments.rows import FindingRow, TechniqueRow
from treatments.services import (
    add_addendum,
    co_sign_note,
    open_episode,
    open_note,
    prescribe,
    save_draft,
    sign_note,
)

PICTURE = b"\x89PNG of a hip"


def sign_with_everything(draft: SessionNote, by: User, supervisor: User) -> SessionNote:
    """With rows of every kind, a file, a pain drawing, an addendum, a co-signature and a letter."""
    now = clock.now()
    TherapistProfile.objects.update_or_create(user=by, defaults={"supervisor": supervisor})
    drawing = PainDrawing.objects.create(client=draft.client, drawn_at=now)
    PainMark.objects.create(drawing=drawing, region="lateral-hip", side="right", qualities=["burning"], intensity=4)
    SessionNote.objects.filter(pk=draft.pk).update(pain_drawing=drawing)
    episode = draft.episode
    assert episode is not None
    said = {"stated_at": now, "stated_by": by, "reason": "Side-lying hurts"}
    Hypothesis.objects.create(episode=episode, note=draft, condition=episode.condition, confidence_percent=70, **said)
    goal, _is_new = Goal.objects.get_or_create(episode=episode, activity="Climb stairs", target_rating=9)
    GoalRating.objects.create(goal=goal, note=draft, rating=4, rated_at=now)
    prescribe(episode=episode, exercise=Exercise.objects.get(code="walking"), by=by, note=draft, reps=10)
    document = Document(client=draft.client, title="Photo", media_type="image/png", added_by=by)
    document.size_bytes, document.sha256 = len(PICTURE), hashlib.sha256(PICTURE).hexdigest()
    document.file.save("photo", ContentFile(PICTURE), save=False)
    document.save()
    NoteFile.objects.create(note=draft, document=document, caption="From behind")
    technique = Technique.objects.get(code="deep-tissue-massage")
    structure = Structure.objects.get(code="gluteus-medius")
    spot = {"view": "back", "x": 120.5, "y": 300.25}
    point = FindingRow(kind="trigger_point", code="gluteus-medius", side="right", tenderness_grade=2, spot=spot)
    strength = FindingRow(kind="strength", code="hip-abduction", side="right", strength_grade=Decimal("4.5"))
    treated = TechniqueRow(technique.pk, structure.pk, "right", 6, 2, "eased")
    rows = {"findings": [point, strength], "techniques": [treated]}
    note = save_draft(note=draft, by=by, version=draft.version, changes=rows)  # type: ignore[arg-type]
    note = sign_note(note=note, by=by, version=note.version)
    add_addendum(note=note, by=by, text="She rang: slept well.")
    co_sign_note(note=note, by=supervisor, remark="Agreed.")
    letter = {"to_name": "Dr Ash", "body": "Please see.", "written_by": by, "written_at": now}
    Referral.objects.create(episode=episode, note=note, **letter)
    return note


def world(clients: int = 2, notes_each: int = 3) -> list[SessionNote]:
    """Some clients with signed notes that have everything."""
    location = factories.LocationFactory()
    therapist, supervisor = (factories.member(name, location) for name in ("therapist", "other_therapist"))
    room = factories.RoomFactory(location=location)
    condition = Condition.objects.get(code="greater-trochanteric-pain-syndrome")
    signed = []
    for _client in range(clients):
        client = factories.ClientFactory(locations=[location])
        episode = open_episode(client=client, condition=condition, side="right", location=location, by=therapist)
        for number in range(notes_each):
            starts_at = clock.now() - dt.timedelta(days=30 + len(signed) * 7)
            appointment = book(client=client, therapist=therapist, room=room, starts_at=starts_at)
            note = open_note(appointment=appointment, by=therapist)
            texts = {**WRITTEN, "plan": f"{number} of {client.pk}", "subjective": str(starts_at), "episode": episode}
            note = save_draft(note=note, by=therapist, version=note.version, changes=texts)  # type: ignore[arg-type]
            signed.append(sign_with_everything(note, therapist, supervisor))
    return signed

"""Lives of clients, straight into the tables."""

import datetime as dt
from collections.abc import Iterable

from django.core.files.base import ContentFile

from clinic.core import clock
from clinic.messaging.models import OutboundMessage
from clinic.people.models import Alert, Client, Document, Room, User
from intake.models import Condition, Invitation, Measure, Questionnaire, RedFlag, RedFlagRule, Response
from tests.treatments.conftest import book
from treatments.models import Episode, SessionNote, TechniqueApplied
from treatments.outcomes.models import Score

PDF = b"%PDF-1.4 letter"


def live(client: Client, *, therapist: User, room: Room, days: Iterable[int]) -> None:
    """Something of every kind on each of these days before today: nine entries a day."""
    for day in days:
        at = clock.now().replace(hour=9, minute=0) - dt.timedelta(days=day)
        response = answer(client, at + dt.timedelta(minutes=1))
        note = treat(client, therapist, room, at)
        measure = Measure.objects.get(code="nprs")
        Score.objects.create(episode=note.episode, measure=measure, value=4, recorded_at=at, response=response)
        write_to(client, at, key=str(day))
        keep(client, therapist, at)
        Alert.objects.create(client=client, kind="precaution", label=f"Alert of day {day}", created_at=at)
        rule = RedFlagRule.objects.all()[0]
        RedFlag.objects.create(
            client=client, response=response, rule=rule, answer="yes", urgency="urgent", raised_at=at
        )


def answer(client: Client, at: dt.datetime) -> Response:
    """A form that was asked for and answered."""
    form = Questionnaire.objects.get(slug="follow-up", status="published")
    request = Invitation.objects.create(
        client=client,
        location=client.locations.all()[0],
        state=Invitation.State.DONE,
        created_at=at,
        completed_at=at,
    )
    request.questionnaires.add(form)
    return Response.objects.create(
        questionnaire=form, client=client, invitation=request, status="completed", completed_at=at
    )


def treat(client: Client, therapist: User, room: Room, at: dt.datetime) -> SessionNote:
    """A visit with its draft note, in an episode that was opened and closed for it."""
    visit = book(client=client, therapist=therapist, room=room, starts_at=at)
    episode = Episode.objects.create(
        client=client,
        location=room.location,
        therapist=therapist,
        condition=Condition.objects.all()[0],
        opened_at=at,
        closed_at=at,
        close_reason="discharged",
    )
    note = SessionNote.objects.create(
        appointment=visit, client=client, episode=episode, therapist=therapist, pain_average=5, plan="Heel raises."
    )
    technique = TechniqueApplied._meta.get_field("technique").related_model
    TechniqueApplied.objects.create(note=note, technique=technique._default_manager.all()[0])  # type: ignore[union-attr]
    return note


def write_to(client: Client, at: dt.datetime, *, key: str) -> OutboundMessage:
    return OutboundMessage.objects.create(
        client=client,
        location=client.locations.all()[0],
        purpose="reminder",
        address=client.email,
        subject="Your visit",
        body="See you.\n{link}",
        due_at=at,
        sent_at=at,
        state="sent",
        dedupe_key=f"life:{client.pk}:{key}",
    )


def keep(client: Client, by: User, at: dt.datetime, title: str = "Scan of the hip") -> Document:
    document = Document(
        client=client,
        title=title,
        kind="letter",
        media_type="application/pdf",
        size_bytes=len(PDF),
        sha256="0" * 64,
        added_by=by,
        created_at=at,
    )
    document.file.save("letter", ContentFile(PDF), save=False)
    document.save()
    return document

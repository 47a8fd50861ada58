"""Exercises at home: what clients ticked of the last four weeks, one exercise of the practice's own, and the mail."""

import datetime as dt
import io
import random
from typing import Any

from PIL import Image, ImageDraw

from clinic.core import tokens
from clinic.demo.bulk import copy_in
from clinic.demo.diary import draw_uuid
from clinic.demo.ground import Ground
from clinic.messaging import links, wordings
from clinic.messaging.models import ClientLink, OutboundMessage, Purpose
from clinic.people.models import Client
from intake.models import Exercise
from treatments.models import Adherence, Prescription
from treatments.services.library import OwnExercise, add_exercise

LETTERS = 4
WEEKS = dt.timedelta(days=28)
TOLD = dt.timedelta(days=18)  # who has their exercises for so long has something to show
OWN: OwnExercise = {
    "label": "Towel squeeze",
    "goal": "strength",
    "targets": ["adductors"],
    "dose": {"sets": 2, "reps": 10, "hold_seconds": 5, "per_week": 5, "side": "as needed"},
    "cue": "Lie on the back, knees bent, a rolled towel between them. Squeeze gently, breathe, let go.",
    "cautions": ["Stop if the groin pinches."],
    "progression": "a firmer ball",
    "source_note": "Taught here for years; no study of it was looked for.",
}


def dose_of(exercise: Exercise) -> dict[str, Any]:
    """As the library has it."""
    dose = exercise.data.get("dose") or {}
    given = {name: dose.get(name) for name in ("sets", "reps", "hold_seconds", "minutes")}
    side = Prescription.Side.EACH if dose.get("side") == "each" else Prescription.Side.NONE
    return {**given, "times_per_week": dose.get("per_week"), "side": side}


def write(*, ground: Ground, now: dt.datetime, chance: random.Random) -> None:
    """Ticks and pain after, by who still has an episode open; a few of them find today's link in the mailbox."""
    rows = list(
        Prescription.objects.current()
        .filter(prescribed_at__gt=now - dt.timedelta(days=120))
        .select_related("exercise", "episode__client", "episode__location", "episode__therapist")
        .order_by("-prescribed_at", "pk")
    )
    rows.sort(key=lambda row: (now - row.prescribed_at < TOLD, row.prescribed_by_id != ground.therapists[0].pk))
    own = add_exercise(given=OWN, picture=_picture(), shows="A rolled towel between two knees", by=_therapist(ground))
    first = list({row.episode_id: row for row in rows}.values())[:2]
    extra = [_given_too(row, own, chance) for row in first]
    copy_in(extra)
    rows = [*extra, *rows]
    copy_in(entry for at, row in enumerate(rows) for entry in _ticked(row, now, chance, is_worse=at % 17 == 3))
    clients = {row.episode.client_id: row for row in rows if row.episode.client.email}
    _mail(list(clients.values())[:LETTERS], now, chance)


def _therapist(ground: Ground) -> Any:
    return ground.therapists[0]


def _given_too(row: Prescription, own: Exercise, chance: random.Random) -> Prescription:
    return Prescription(
        id=draw_uuid(chance),
        episode=row.episode,
        exercise=own,
        **dose_of(own),
        instructions="The blue towel will do.",
        position=9,
        prescribed_by=row.prescribed_by,
        prescribed_at=row.prescribed_at,
    )


def _ticked(row: Prescription, now: dt.datetime, chance: random.Random, *, is_worse: bool) -> list[Adherence]:
    """Some keep to it, some forget; pain after falls with the weeks, of a few it rises."""
    zone = row.episode.location.zone
    today, since = now.astimezone(zone).date(), max(row.prescribed_at, now - WEEKS).astimezone(zone).date()
    diligence = min((row.times_per_week or 7) / 7, 1) * chance.choice((0.4, 0.7, 0.85, 0.95))
    at_first, entries = chance.randint(2, 4), []
    days = (today - since).days
    for number in range(days):  # not today: that is theirs to tick
        if chance.random() >= diligence:
            continue
        drift = round(3 * number / WEEKS.days)
        pain = min(8, max(0, at_first + (drift if is_worse else -drift) + chance.choice((-1, 0, 0, 1))))
        entries.append(
            Adherence(
                id=draw_uuid(chance),
                prescription=row,
                done_on=since + dt.timedelta(days=number),
                pain_after=pain if chance.random() < 0.8 else None,
            )
        )
    return entries


def _mail(rows: list[Prescription], now: dt.datetime, chance: random.Random) -> None:
    """Letters that the worker sends as soon as it starts."""
    made = [_link(row.episode.client, now, chance) for row in rows]
    copy_in(made)
    copy_in(_message(row, link, now, chance) for row, link in zip(rows, made, strict=True))


def _link(client: Client, now: dt.datetime, chance: random.Random) -> ClientLink:
    expires_at = now + dt.timedelta(days=365)
    link = ClientLink(
        id=draw_uuid(chance), client=client, purpose="exercises", object_id=client.pk, expires_at=expires_at
    )
    link.token_digest = tokens.digest(links.token_of(link))
    return link


def _message(row: Prescription, link: ClientLink, now: dt.datetime, chance: random.Random) -> OutboundMessage:
    client, location = row.episode.client, row.episode.location
    wording = wordings.default_of(Purpose.EXERCISES, "en")
    subject, body = wordings.render(wording=wording, location=location, person=client, about_at=None)
    return OutboundMessage(
        id=draw_uuid(chance),
        client=client,
        location=location,
        purpose=Purpose.EXERCISES,
        address=client.email,
        subject=subject,
        body=body,
        link=link,
        due_at=now,
        created_at=now,
        dedupe_key=f"exercises:{client.pk}:{now.astimezone(location.zone).date()}",
    )


def _picture() -> io.BytesIO:
    """Two knees and a towel, as plain as can be: no photograph of anybody."""
    image = Image.new("RGB", (960, 660), "#efece4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 560, 960, 660), fill="#d9d4c8")
    for left, right in ((150, 400), (560, 810)):
        draw.rounded_rectangle((left, 210, right, 560), radius=110, fill="#5f7f78")
        draw.ellipse((left - 10, 150, right + 10, 400), fill="#6f9189")
    draw.rounded_rectangle((385, 190, 575, 360), radius=80, fill="#c9803f")
    for inset in (22, 44, 66):
        draw.ellipse((395 + inset, 195 + inset, 565 - inset, 355 - inset), outline="#8f5727", width=6)
    for tip, tail in (((360, 450), (230, 450)), ((600, 450), (730, 450))):
        draw.line((tail, tip), fill="#0c5a4e", width=14)
        side = 26 if tip[0] > tail[0] else -26
        draw.polygon((tip, (tip[0] - side, tip[1] - 24), (tip[0] - side, tip[1] + 24)), fill="#0c5a4e")
    made = io.BytesIO()
    image.save(made, format="PNG")
    made.seek(0)
    return made

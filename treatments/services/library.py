"""The practice's own exercises beside those that are shipped. None is ever deleted: plans and notes name them."""

import hashlib
import io
import uuid
from typing import IO, TypedDict

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import NotAllowed, Refused
from clinic.people import uploads
from clinic.people.models import User
from clinic.people.permissions import Permission, may, require
from intake.knowledge.load import renew
from intake.models import Exercise, Structure
from treatments.models import ExercisePicture
from treatments.vocabulary import EXERCISE_GOALS

LONGEST_SIDE = 1200  # pixels: sharp on a telephone and on paper, light in the client's network
DOSE = ("sets", "reps", "hold_seconds", "minutes", "per_week", "side")


class OwnExercise(TypedDict):
    """What is said of an exercise; `dose` has the knowledge's own names."""

    label: str
    goal: str
    targets: list[str]
    dose: dict[str, object]
    cue: str
    cautions: list[str]
    progression: str
    source_note: str


@transaction.atomic
def add_exercise(*, given: OwnExercise, by: User, picture: IO[bytes] | None = None, shows: str = "") -> Exercise:
    """An exercise of the practice's own. Raises Refused for what cannot be kept."""
    require(by, Permission.WRITE_NOTE)
    _check(given)
    exercise = Exercise(code=f"own-{uuid.uuid4().hex}", evidence="general", position=1000)
    _say(exercise, given, by)
    exercise.save(force_insert=True)
    if picture is not None:
        _picture(exercise, picture, shows, by)
    renew()
    audit.record(by, "exercise.added", exercise)
    return exercise


@transaction.atomic
def change_exercise(
    *, exercise: Exercise, given: OwnExercise, by: User, picture: IO[bytes] | None = None, shows: str = ""
) -> Exercise:
    """Say it better. What was prescribed keeps its dose. Raises NotAllowed for one that is shipped."""
    require(by, Permission.WRITE_NOTE)
    exercise = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if exercise.is_built_in:
        raise NotAllowed(_("A shipped exercise is not changed. Add one of your own beside it."))
    _check(given)
    _say(exercise, given, by)
    exercise.save()
    if picture is not None:
        _picture(exercise, picture, shows, by)
    elif shows:
        ExercisePicture.objects.filter(exercise=exercise).update(description=shows)
    renew()
    audit.record(by, "exercise.changed", exercise)
    return exercise


@transaction.atomic
def retire_exercise(*, exercise: Exercise, by: User) -> Exercise:
    """Nobody is given it any more; who does it now goes on. A shipped one is retired by the owner alone."""
    exercise = _for_retiring(exercise, by)
    if exercise.retired_at is None:
        exercise.retired_at = clock.now()
        exercise.save(update_fields=["retired_at"])
        renew()
        audit.record(by, "exercise.retired", exercise)
    return exercise


@transaction.atomic
def bring_back_exercise(*, exercise: Exercise, by: User) -> Exercise:
    """Undo of retiring."""
    exercise = _for_retiring(exercise, by)
    if exercise.retired_at is not None:
        exercise.retired_at = None
        exercise.save(update_fields=["retired_at"])
        renew()
        audit.record(by, "exercise.brought-back", exercise)
    return exercise


def may_retire(user: User, exercise: Exercise) -> bool:
    if exercise.is_built_in:
        return may(user, Permission.MANAGE_SETTINGS)
    return may(user, Permission.WRITE_NOTE) or may(user, Permission.MANAGE_SETTINGS)


def _for_retiring(exercise: Exercise, by: User) -> Exercise:
    if not may_retire(by, exercise):
        raise NotAllowed(_("Only the owner retires an exercise that was shipped."))
    found: Exercise = Exercise.objects.select_for_update().get(pk=exercise.pk)
    return found


def _check(given: OwnExercise) -> None:
    if not given["label"].strip():
        raise Refused(_("Give the exercise a name."), code="name-missing", details={"field": "label"})
    if given["goal"] not in EXERCISE_GOALS:
        raise Refused(_("Choose a goal from the list."), code="unknown-goal", details={"field": "goal"})
    if Structure.objects.filter(code__in=given["targets"]).count() != len(set(given["targets"])):
        raise Refused(_("Choose structures from the list."), code="unknown-structure", details={"field": "targets"})


def _say(exercise: Exercise, given: OwnExercise, by: User) -> None:
    exercise.label = given["label"].strip()
    exercise.data = {
        "code": exercise.code,
        "label": exercise.label,
        "targets": given["targets"],
        "goal": given["goal"],
        "dose": {name: given["dose"].get(name) for name in DOSE},
        "cue": given["cue"].strip(),
        "cautions": given["cautions"],
        "progression": given["progression"].strip(),
        "source_note": given["source_note"].strip(),
        "evidence": {"entry": "general"},
        "sources": [],
        "said_by": by.name,
    }


def _picture(exercise: Exercise, upload: IO[bytes], shows: str, by: User) -> None:
    """Drawn anew and no larger than it is looked at. The old file goes once the new one is told of."""
    if not shows.strip():
        raise Refused(
            _("Say what the picture shows, for those who cannot see it."),
            code="picture-unsaid",
            details={"field": "description"},
        )
    file = uploads.clean(upload.read(uploads.MAX_BYTES + 1))
    if not file.media_type.startswith("image/"):
        raise Refused(_("Choose a picture: PNG, JPEG or WebP."), code="file-kind", details={"field": "picture"})
    content = _smaller(file.content)
    row = ExercisePicture.objects.filter(exercise=exercise).first() or ExercisePicture(exercise=exercise)
    old = str(row.file.name or "")
    row.description, row.media_type, row.added_by = shows.strip(), file.media_type, by
    row.size_bytes, row.sha256 = len(content), hashlib.sha256(content).hexdigest()
    row.file.save("picture", ContentFile(content), save=False)
    row.save()
    if old:
        storage = row.file.storage
        transaction.on_commit(lambda: storage.delete(old))


def _smaller(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        if max(image.size) <= LONGEST_SIDE:
            return content
        kind = image.format
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        made = io.BytesIO()
        image.save(made, format=kind, quality=85)
    return made.getvalue()

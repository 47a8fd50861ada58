"""What is held of treatment: episodes, session notes with all their rows, exercises, what was asked afterwards."""

import uuid
from collections.abc import Collection, Iterable
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.people import uploads
from clinic.people.record import held
from clinic.people.record.held import Area, File, Lines, Table
from treatments.models import (
    Addendum,
    Adherence,
    CoSignature,
    Episode,
    ExercisePicture,
    Finding,
    FollowUp,
    Goal,
    GoalRating,
    Hypothesis,
    NoteFile,
    Prescription,
    Referral,
    SessionNote,
    SetAside,
    TechniqueApplied,
)
from treatments.templatetags.knowledge_words import finding_name


def _what(row: Finding) -> Lines:
    return [(_("What"), finding_name(row))]


def _pictures(ids: Collection[uuid.UUID]) -> Iterable[File]:
    """The practice's own pictures of what the client was given to do; drawings that are shipped are nobody's data."""
    given = Prescription.objects.filter(episode__client__in=ids).values("exercise")
    for picture in ExercisePicture.objects.filter(exercise__in=given).select_related("exercise"):
        name = f"exercises/{picture.exercise.code}{uploads.SUFFIXES[picture.media_type]}"
        yield File(name, partial(picture.file.open, "rb"))


held.register(
    Area(
        "treatments",
        gettext_lazy("Treatment"),
        (
            Table(Episode, "client", title=("condition", "side"), at="opened_at"),
            Table(
                Hypothesis,
                "episode__client",
                under="episode",
                technical=("created_at",),
                is_list=True,
                label=gettext_lazy("Working hypotheses"),
            ),
            Table(Goal, "episode__client", under="episode", technical=("position",), label=gettext_lazy("Goals")),
            Table(
                GoalRating,
                "goal__episode__client",
                under="goal",
                at="rated_at",
                technical=("created_at",),
                is_list=True,
                label=gettext_lazy("Rated"),
            ),
            Table(Prescription, "episode__client", under="episode", title=("exercise",), at="prescribed_at"),
            Table(
                Adherence,
                "prescription__episode__client",
                under="prescription",
                technical=("created_at",),
                is_list=True,
                label=gettext_lazy("Done on"),
            ),
            Table(
                SessionNote,
                "client",
                at="appointment.starts_at",
                fetch=("appointment",),
                technical=(
                    "version",
                    "seal",
                    "seal_form",
                    "proof",
                    "chain_number",
                    "previous_seal",
                    "copied_sections",
                ),
            ),
            Table(
                Finding, "note__client", under="note", technical=("code", "position", "spot"), more=_what, is_list=True
            ),
            Table(
                TechniqueApplied,
                "note__client",
                under="note",
                technical=("position",),
                is_list=True,
                label=gettext_lazy("What was done"),
            ),
            Table(
                NoteFile,
                "note__client",
                under="note",
                technical=("position",),
                is_list=True,
                label=gettext_lazy("Photos and documents"),
            ),
            Table(
                Addendum,
                "note__client",
                under="note",
                at="created_at",
                technical=("number", "seal", "proof"),
                label=gettext_lazy("Addenda"),
            ),
            Table(
                CoSignature,
                "note__client",
                under="note",
                at="signed_at",
                technical=("seal", "proof"),
                label=gettext_lazy("Co-signed"),
            ),
            Table(Referral, "episode__client", title=("to_name",), at="written_at"),
            Table(FollowUp, "note__client", at="asked_at"),
        ),
        files=_pictures,
    ),
    leaves_out={SetAside: "An older text of a draft, kept until its author has merged it into the note."},
)

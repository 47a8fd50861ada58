"""The open episodes of a client, their curve and the pain maps, as a panel of the client's page."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count

from clinic.people.permissions import Permission, may
from clinic.people.record import panels
from clinic.people.record.panels import Panel, Place
from clinic.people.record.reading import Reading
from treatments.models import Episode
from treatments.reads.course import Course, courses_of
from treatments.reads.episode import Thought, thoughts_of
from treatments.reads.maps import maps_of

MOST_MAPS = 5


def open_episodes(reading: Reading) -> Mapping[str, Any]:
    """With scores, thoughts and maps: six queries, three without an open episode."""
    mine = Episode.objects.visible_to(reading.user).filter(client__in=reading.ids)
    rows = mine.open().with_names().defer("condition__data", "condition__sources")
    visits = Count("notes", distinct=True) + Count("other_notes", distinct=True)
    opened = list(rows.annotate(sessions=visits))
    courses = courses_of(opened, reading.zone) if opened else {}
    thoughts = thoughts_of(opened) if opened else {}
    return {
        "cards": [_card(one, courses[one.pk], thoughts.get(one.pk, [])) for one in opened],
        "earlier": mine.exclude(closed_at=None).count(),
        "maps": maps_of(reading.client, most=MOST_MAPS),
        "may_write": may(reading.user, Permission.WRITE_NOTE),
    }


def _card(episode: Episode, courses: list[Course], thoughts: list[Thought]) -> dict[str, Any]:
    """An episode with its first curve, which is pain's, and the likeliest thought."""
    return {
        "episode": episode,
        "course": courses[0] if courses else None,
        "thought": thoughts[0] if thoughts else None,
    }


panels.register(
    Panel(
        "episodes",
        Place.STORY,
        10,
        Permission.VIEW_NOTES,
        "treatments/_record_episodes.html",
        open_episodes,
        styles=("treatments/css/notes.css",),
    )
)

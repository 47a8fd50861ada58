"""An episode's page, and the episodes on a client's page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic.people.models import Client
from intake.models import Condition
from treatments.models import Episode, FollowUp, Hypothesis, Prescription, SessionNote
from treatments.reads.adherence import adherence_of
from treatments.reads.course import Course, courses_of
from treatments.reads.goals import goal_rows
from treatments.reads.maps import maps_of
from treatments.reads.responding import reassessment_of, responses_of
from treatments.services.thinking import newest_activities
from treatments.vocabulary import vocabulary

MOST_MAPS = 5
NOTES_SHOWN = 12
NOTES_OF_EPISODE = 30
NOTES_READ = 60  # of a client, however many there are
UNSHOWN = ("subjective", "objective", "assessment", "client_answers", "copied_sections")  # in a list


@dataclass(frozen=True, slots=True)
class EpisodeCard:
    """One episode as the client's page shows it."""

    episode: Episode
    course: Course | None
    notes: list[SessionNote]
    hypotheses: list["Thought"]


@dataclass(frozen=True, slots=True)
class Thought:
    """One working hypothesis: how sure at each time it was stated, newest last."""

    condition: Condition
    statements: list[Hypothesis]

    @property
    def now(self) -> Hypothesis:
        return self.statements[-1]

    @property
    def numbers(self) -> list[float]:
        return [float(one.confidence_percent) for one in self.statements]


def client_page(client: Client) -> dict[str, Any]:
    """Episodes, the open ones first, with their course, notes and maps: eight queries."""
    episodes = sorted(
        Episode.objects.filter(client=client).with_names(),
        key=lambda one: (not one.is_open, -one.opened_at.timestamp()),
    )
    zone = episodes[0].location.zone if episodes else ZoneInfo("UTC")
    courses = courses_of(episodes, zone)
    notes: dict[Any, list[SessionNote]] = defaultdict(list)
    rows = SessionNote.objects.of_client(client).select_related("appointment", "therapist").defer(*UNSHOWN)
    for note in rows[:NOTES_READ]:
        notes[note.episode_id].append(note)
        if note.other_episode_id:
            notes[note.other_episode_id].append(note)
    thoughts = thoughts_of(episodes)
    cards = [
        EpisodeCard(one, next(iter(courses[one.pk]), None), notes[one.pk][:NOTES_SHOWN], thoughts.get(one.pk, []))
        for one in episodes
    ]
    return {
        "episodes": episodes,
        "open_cards": [card for card in cards if card.episode.is_open],
        "earlier_cards": [card for card in cards if not card.episode.is_open],
        "loose_notes": notes[None][:NOTES_SHOWN],
        "maps": maps_of(client, most=MOST_MAPS),
        "zone": zone,
    }


def thoughts_of(episodes: Iterable[Episode]) -> dict[Any, list[Thought]]:
    """The hypotheses of each episode, the surest now first (one query)."""
    rows: dict[Any, dict[Any, list[Hypothesis]]] = defaultdict(lambda: defaultdict(list))
    found = Hypothesis.objects.filter(episode__in=[one.pk for one in episodes])
    found = found.select_related("condition", "stated_by").defer("condition__data", "condition__sources")
    for row in found.order_by("stated_at"):
        rows[row.episode_id][row.condition_id].append(row)
    return {
        episode: sorted(
            (Thought(statements[0].condition, statements) for statements in by_condition.values()),
            key=lambda thought: -thought.now.confidence_percent,
        )
        for episode, by_condition in rows.items()
    }


def episode_page(episode: Episode) -> dict[str, Any]:
    """Scores, thoughts, goals, newest notes, exercises, letters and answers of one episode: thirteen queries."""
    zone = episode.location.zone
    goals = list(episode.goal_rows.filter(dropped_at=None))
    psfs = next((row for row in vocabulary().measures.values() if row.code == "psfs"), None)
    prescriptions = list(Prescription.objects.filter(episode=episode).select_related("exercise", "prescribed_by"))
    notes = SessionNote.objects.of_episode(episode).select_related("appointment", "therapist")
    courses = courses_of([episode], zone)[episode.pk]
    responses, visits = responses_of(courses), notes.count()
    return {
        "episode": episode,
        "client": episode.client,
        "zone": zone,
        "courses": courses,
        "responses": responses,
        "reassessment": reassessment_of(episode, responses, visits + 1),
        "goal_rows": goal_rows(goals),
        "named_activities": newest_activities(episode) if episode.is_open else None,
        "psfs": psfs,
        "referrals": list(episode.referrals.select_related("written_by")),
        "visits": visits,
        "thoughts": thoughts_of([episode]).get(episode.pk, []),
        "notes": list(notes.defer(*UNSHOWN)[:NOTES_OF_EPISODE]),
        "adherence": adherence_of([row for row in prescriptions if row.stopped_at is None], zone),
        "stopped": [row for row in prescriptions if row.stopped_at is not None],
        "answers": list(
            FollowUp.objects.answered()
            .filter(Q(note__episode=episode) | Q(note__other_episode=episode))
            .select_related("note__appointment")
            .exclude(comment="")
        ),
    }

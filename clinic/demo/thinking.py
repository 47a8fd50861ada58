"""What therapists of the demo think: goals with ratings, hypotheses with reasons, a second episode, letters."""

import datetime as dt
import random
from collections import defaultdict

from clinic.demo.bulk import copy_in
from clinic.demo.diary import draw_uuid
from clinic.demo.notes import Written
from intake.models import Condition
from treatments.models import Episode, Goal, GoalRating, Hypothesis, Referral, SessionNote
from treatments.rules.choosing import code_for

ACTIVITIES = (
    "Stairs without the rail",
    "Sleeping on that side",
    "An hour's walk",
    "Driving to work",
    "Putting on socks",
    "Playing with the children",
)
REASONS = (
    "Stance test positive, groin quiet",
    "Less tender, stairs easier: load explains it",
    "No change with rest, slump negative",
    "Rotation back to normal",
)
SECOND = "lumbar-referred-leg-pain"
LETTER = """Dear colleague,

{client} has been treated here for {condition}; {visits} sessions since {day}.

Why I write: no score is better beyond its error of measurement, and the hip stays painful at night.

I would be glad of your opinion, and of a word on what you find.

{therapist}"""


def write(written: list[Written], *, seed: int) -> None:
    """Rows of every episode that has notes, the same each time."""
    chance = random.Random(seed)  # noqa: S311  # the same demo every time
    visits: dict[Episode, list[Written]] = defaultdict(list)
    for each in written:
        visits[each.episode].append(each)
    for episode, notes in visits.items():
        _think(episode, notes, chance)
    _rate([episode for episode in visits if episode.is_open], visits, chance)
    _refer(visits, chance)
    _serve_two(written, chance)


def _think(episode: Episode, notes: list[Written], chance: random.Random) -> None:
    """Half of them changed their mind once, and said why."""
    first = Hypothesis.objects.filter(episode=episode).first() if len(notes) > 2 and chance.random() < 0.5 else None
    if first is not None:
        Hypothesis.objects.create(
            episode=episode,
            condition=first.condition,
            confidence_percent=min(95, first.confidence_percent + chance.choice((-20, 10, 20))),
            reason=chance.choice(REASONS),
            stated_at=notes[2].note.appointment.during.upper,
            stated_by=episode.therapist,
        )


def _rate(episodes: list[Episode], visits: dict[Episode, list[Written]], chance: random.Random) -> None:
    goals, ratings = [], []
    for episode in episodes:
        for position, activity in enumerate(chance.sample(ACTIVITIES, 3)):
            goal = Goal(
                id=draw_uuid(chance),
                episode=episode,
                activity=activity,
                target_rating=chance.choice((8, 9, 10)),
                position=position,
            )
            goals.append(goal)
            at = [episode.opened_at, visits[episode][-1].note.appointment.during.lower]
            first = chance.randint(2, 5)
            for instant, rating in zip(at, (first, min(10, first + chance.randint(0, 3))), strict=True):
                ratings.append(GoalRating(id=draw_uuid(chance), goal=goal, rating=rating, rated_at=instant))
    copy_in(goals)
    copy_in(ratings)


def _refer(visits: dict[Episode, list[Written]], chance: random.Random) -> None:
    """A letter with every third episode that was referred on."""
    letters = []
    for episode, notes in visits.items():
        if episode.close_reason != Episode.CloseReason.REFERRED or chance.random() > 0.34:
            continue
        last = notes[-1].note.appointment.during.upper
        body = LETTER.format(
            client=episode.client.full_name,
            condition=episode,
            visits=len(notes),
            day=f"{episode.opened_at:%d %B %Y}",
            therapist=episode.therapist.name,
        )
        to = episode.client.referrer or "Dr Anil Mehta"
        letters.append(
            Referral(
                id=draw_uuid(chance),
                episode=episode,
                to_name=to,
                urgency=Referral.Urgency.ROUTINE,
                body=body,
                written_by=episode.therapist,
                written_at=last + dt.timedelta(minutes=10),
            )
        )
    copy_in(letters)


def _serve_two(written: list[Written], chance: random.Random) -> None:
    """The newest notes that nobody has signed yet: two of them serve a second episode as well."""
    drafts = [each for each in written if each.note.status == SessionNote.Status.DRAFT and each.episode.is_open]
    back = Condition.objects.get(code=SECOND)
    for each in drafts[-2:]:
        note = each.note
        if each.episode.condition_id == back.pk:
            continue
        second = Episode.objects.create(
            client=note.client,
            location=each.episode.location,
            therapist=note.therapist,
            condition=back,
            side=Episode.Side.NONE,
            opened_at=note.appointment.during.lower,
            planned_sessions=4,
            icd10cm_code=code_for(back.data.get("icd10cm"), "none"),
        )
        note.other_episode, note.other_pain_average = second, chance.randint(3, 6)
        note.save(update_fields=["other_episode", "other_pain_average", "updated_at"])

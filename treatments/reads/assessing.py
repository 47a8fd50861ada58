"""The assessment and the plan of a note's page, from what its editor has read already."""

from collections.abc import Iterable
from typing import Any

from intake.models import Response
from treatments.forms import DraftForms, ThoughtForm
from treatments.models import Episode, SessionNote
from treatments.reads.course import Course
from treatments.reads.episode import thoughts_of
from treatments.reads.goals import goal_rows
from treatments.reads.planning import advice_chips, booking_url, technique_chips
from treatments.reads.responding import reassessment_of, responses_of
from treatments.services.thinking import newest_activities


def assessing(note: SessionNote, forms: DraftForms, *, courses: Iterable[Course], session: int) -> dict[str, Any]:
    """At most six queries: open episodes, hypotheses, ratings before, the newest answers twice, tests done."""
    episode = note.episode
    responses = responses_of(courses)
    response = newest_response(note)
    at_once, others = technique_chips(note, _chosen(forms, "next_techniques"))
    said, unsaid = advice_chips(response, _chosen(forms, "advice"))
    return {
        "responses": responses,
        "reassessment": reassessment_of(episode, responses, session),
        "thoughts": thoughts_of([episode]).get(episode.pk, []) if episode else [],
        "thought_form": ThoughtForm(lists=forms.lists),
        "goal_rows": goal_rows(forms.goals, forms.main, but=note),
        "named_activities": newest_activities(episode) if episode and not forms.goals else None,
        "may_serve_two": note.other_episode_id is not None or _open_episodes(note) > 1,
        "next_chips": at_once,
        "other_next": others,
        "advice_chips": said,
        "other_advice": unsaid,
        "booking_url": booking_url(note),
    }


def newest_response(note: SessionNote) -> Response | None:
    """The client's newest answers on contributors, whichever form they came with."""
    rows = Response.objects.completed().filter(client=note.client_id).exclude(questionnaire__slug="follow-up")
    found: Response | None = rows.select_related("questionnaire").order_by("-completed_at").first()
    return found


def _chosen(forms: DraftForms, name: str) -> list[str]:
    value = forms.main[name].value()
    return list(value) if isinstance(value, list | tuple) else []


def _open_episodes(note: SessionNote) -> int:
    return Episode.objects.open().filter(client=note.client_id).count()

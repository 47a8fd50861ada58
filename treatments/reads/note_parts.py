"""What a note says besides its texts and rows: hypotheses, ratings of goals, the plan in codes, letters."""

from typing import Any

from treatments.models import SessionNote
from treatments.reads.planning import talked_about, techniques_next


def thinking_in(note: SessionNote) -> dict[str, Any]:
    """Three queries, and one for the knowledge in memory."""
    thoughts = note.hypotheses.select_related("condition", "stated_by").defer("condition__data", "condition__sources")
    return {
        "note_thoughts": list(thoughts.order_by("stated_at")),
        "note_ratings": list(note.goal_ratings.select_related("goal").order_by("goal__position")),
        "note_next": techniques_next(note),
        "note_advice": talked_about(note),
        "note_letters": list(note.referrals.all()),
    }

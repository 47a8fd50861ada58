"""What the buttons of the assessment do once the draft is saved: hypotheses, goals, thinking again later."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from clinic.core.errors import Refused
from clinic.core.numbers import whole
from intake.models import Condition
from treatments.forms import ThoughtForm
from treatments.models import Episode, SessionNote
from treatments.services import adopt_goals, change_episode, save_draft, state_hypothesis

CHANGED, BECAUSE = "sure-", "why-"
LONGEST_REASON = 200


def state_hypotheses(request: HttpRequest, note: SessionNote) -> str:
    """A hypothesis that was filled in, and each whose confidence was changed."""
    changed = [name for name in request.POST if name.startswith(CHANGED) and request.POST[name].strip()]
    form = ThoughtForm(request.POST)
    if not changed and not form.is_filled:
        return ""
    episode = _episode(note)
    if form.is_filled:
        if not form.is_valid():
            told = " ".join(str(error) for errors in form.errors.values() for error in errors)
            raise Refused(told, code="hypothesis-unclear")
        given = form.cleaned_data
        _state(request, note, episode, given["condition"], given["confidence_percent"], given["reason"])
    for name in changed:
        pk = _uuid(name.removeprefix(CHANGED))
        condition = get_object_or_404(Condition.objects.filter(pk__in=episode.hypotheses.values("condition")), pk=pk)
        percent = whole(request.POST[name])
        if percent is None:
            raise Refused(_("Confidence is between 0 and 100 percent."), code="confidence-range")
        reason = request.POST.get(f"{BECAUSE}{pk}", "")
        if len(reason) > LONGEST_REASON:
            raise Refused(_("Give the reason in at most 200 characters."), code="reason-long")
        _state(request, note, episode, condition, percent, reason)
    return "#assessment"


def _state(
    request: HttpRequest, note: SessionNote, episode: Episode, condition: Condition, percent: int, reason: str
) -> None:
    by: Any = request.user
    state_hypothesis(episode=episode, condition=condition, confidence_percent=percent, reason=reason, by=by, note=note)


def take_goals(request: HttpRequest, note: SessionNote, _argument: str) -> str:
    """The activities the client named in a form become the goals of the episode."""
    adopt_goals(episode=_episode(note), by=request.user)  # type: ignore[arg-type]
    return "#goals"


def look_again_later(request: HttpRequest, note: SessionNote, _argument: str) -> str:
    """Put the re-assessment off: its reason stands in the assessment, and the episode looks again at that session."""
    episode, by = _episode(note), request.user
    session = whole(request.POST.get("again-session", ""))
    reason = " ".join(request.POST.get("again-reason", "").split())[:LONGEST_REASON]
    if not reason or session is None:
        raise Refused(_("Say why you go on as before, and at which session you look again."), code="reason-missing")
    change_episode(
        episode=episode,
        condition=episode.condition,
        side=episode.side,
        by=by,  # type: ignore[arg-type]
        reassess_at_session=session,
    )
    words = _("Looked again; going on as before until session %(session)s: %(reason)s") % {
        "session": session,
        "reason": reason,
    }
    text = f"{note.assessment.rstrip()}\n{words}".strip()
    save_draft(note=note, by=by, version=note.version, changes={"assessment": text})  # type: ignore[arg-type]
    return "#assessment"


def _episode(note: SessionNote) -> Episode:
    if note.episode is None:
        raise Refused(_("Choose an episode first: goals and hypotheses belong to it."), code="no-episode")
    return note.episode


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None

"""Pages of an episode of care."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import services as audit
from clinic.people.access import access
from clinic.people.permissions import Permission, may
from clinic.ui.flash import undoable
from treatments.forms import CloseForm, GoalForm, HypothesisForm
from treatments.models import Episode
from treatments.reads.episode import episode_page
from treatments.services import close_episode, reopen_episode, state_hypothesis


def episode_for(request: HttpRequest, pk: uuid.UUID) -> Episode:
    episode: Episode = get_object_or_404(Episode.objects.visible_to(request.user).with_names(), pk=pk)
    return episode


@access(Permission.VIEW_NOTES)
@require_GET
def episode_detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Course, hypotheses, notes, exercises."""
    episode = episode_for(request, pk)
    audit.read(request.user, episode, client=episode.client)  # type: ignore[arg-type]
    return _page(request, episode, CloseForm(), None)


@access(Permission.WRITE_NOTE)
@require_POST
def episode_close(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    episode = episode_for(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, episode, form, None, status=422)
    close_episode(episode=episode, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
    undoable(request, _("Episode closed."), reverse("treatments:episode-reopen", args=[pk]))
    return redirect("treatments:episode-detail", pk)


@access(Permission.WRITE_NOTE)
@require_POST
def episode_reopen(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Undo of closing. Exercises that were stopped with it stay stopped."""
    reopen_episode(episode=episode_for(request, pk), by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Episode open again."))
    return redirect("treatments:episode-detail", pk)


@access(Permission.WRITE_NOTE)
@require_POST
def hypothesis_state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    episode = episode_for(request, pk)
    form = HypothesisForm(request.POST)
    if not form.is_valid():
        return _page(request, episode, CloseForm(), form, status=422)
    state_hypothesis(episode=episode, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    return redirect("treatments:episode-detail", pk)


def _page(
    request: HttpRequest,
    episode: Episode,
    close_form: CloseForm,
    hypothesis_form: HypothesisForm | None,
    status: int = 200,
) -> HttpResponse:
    may_write = may(request.user, Permission.WRITE_NOTE)
    context = episode_page(episode) | {
        "may_write": may_write,
        "close_form": close_form,
        "goal_form": GoalForm(),
        "hypothesis_form": hypothesis_form or (HypothesisForm() if may_write else None),
        "is_stating": hypothesis_form is not None,
        "is_closing": close_form.is_bound,
    }
    return render(request, "treatments/episode.html", context, status=status)

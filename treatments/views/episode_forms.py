"""An episode opened from the client's page, changed, and its goals."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.core.errors import DomainError, Refused
from clinic.people.access import access
from clinic.people.models import Client, Location
from clinic.people.permissions import Permission
from treatments.forms import EpisodeEditForm, EpisodeForm, GoalForm
from treatments.models import Episode, Goal
from treatments.reads.maps import maps_of
from treatments.services import add_goal, adopt_goals, change_episode, drop_goal, open_episode
from treatments.views.episodes import episode_for


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "POST"])
def episode_create(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Conditions in the order of the client's newest map, the side of its marks."""
    client = get_object_or_404(Client.objects.visible_to(request.user).current(), pk=pk)
    maps = maps_of(client, most=1)
    form = EpisodeForm(request.POST or None, marks=maps.now.marks if maps.now else (), in_note=False)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                return redirect("treatments:episode-detail", _opened(request, client, form).pk)
            status = 422
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    context = {"client": client, "form": form, "maps": maps}
    return render(request, "treatments/episode_create.html", context, status=status)


def _opened(request: HttpRequest, client: Client, form: EpisodeForm) -> Episode:
    return open_episode(
        client=client,
        condition=form.cleaned_data["condition"],
        side=form.cleaned_data["side"] or "none",
        location=_place(request, client),
        by=request.user,  # type: ignore[arg-type]
        **form.details(),
    )


def _place(request: HttpRequest, client: Client) -> Location:
    """Where the client comes to, of the places the therapist works at."""
    places = Location.objects.visible_to(request.user).filter(clients=client)
    place: Location = places.order_by("name").first() or Location.objects.visible_to(request.user).order_by("name")[0]
    return place


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "POST"])
def episode_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Everything that is known of an open episode."""
    episode = episode_for(request, pk)
    maps = maps_of(episode.client, most=1)
    form = EpisodeEditForm(request.POST or None, episode=episode, marks=maps.now.marks if maps.now else ())
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                change_episode(episode=episode, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
                messages.success(request, _("Saved."))
                return redirect("treatments:episode-detail", pk)
            status = 422
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = refusal.status
    context = {"episode": episode, "client": episode.client, "form": form}
    return render(request, "treatments/episode_edit.html", context, status=status)


@access(Permission.WRITE_NOTE)
@require_POST
def goal_add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An activity the client wants back."""
    episode, form = episode_for(request, pk), GoalForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors), code="no-activity")
    add_goal(episode=episode, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    return redirect("treatments:episode-detail", pk)


@access(Permission.WRITE_NOTE)
@require_POST
def goals_take(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The activities of the client's own answers, with their ratings."""
    adopt_goals(episode=episode_for(request, pk), by=request.user)  # type: ignore[arg-type]
    return redirect("treatments:episode-detail", pk)


@access(Permission.WRITE_NOTE)
@require_POST
def goal_drop(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """No goal any more; what was rated stays."""
    goal = get_object_or_404(Goal.objects.visible_to(request.user).select_related("episode"), pk=pk)
    drop_goal(goal=goal, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("%(goal)s is no goal any more.") % {"goal": goal})
    return redirect("treatments:episode-detail", goal.episode_id)

"""A client's exercises for the therapist: given, changed, put in order, stopped, sent."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.audit import services as audit
from clinic.people.access import StaffRequest, access
from clinic.people.models import Client
from clinic.people.permissions import Permission, may, require
from clinic.ui.flash import undoable
from treatments.forms.exercises import PrescribeForm
from treatments.models import Prescription
from treatments.reads.plan import open_episodes_of, plan_page
from treatments.reads.programme import DayPage
from treatments.services import (
    move_prescription,
    prescribe,
    resume_prescription,
    send_programme,
    stop_prescription,
)
from treatments.views.exercise_files import handed_out


def client_for(request: HttpRequest, pk: uuid.UUID) -> Client:
    client: Client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk, merged_into=None)
    return client


def prescription_for(request: HttpRequest, pk: uuid.UUID) -> Prescription:
    rows = Prescription.objects.visible_to(request.user).select_related("exercise", "episode__client")
    found: Prescription = get_object_or_404(rows, pk=pk)
    return found


@access(Permission.VIEW_NOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def client_exercises(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What the client does at home and how it goes; a POST gives an exercise, or a new dose of one."""
    client = client_for(request, pk)
    episodes = open_episodes_of(client)
    if request.method == "POST":
        require(request.user, Permission.WRITE_NOTE)
        form = PrescribeForm(request.POST, episodes=episodes)
        if form.is_valid():
            said = form.cleaned_data
            given = prescribe(episode=said["episode"], exercise=said["exercise"], by=request.user, **form.dose())
            undo = reverse("treatments:exercise-stop", args=[given.pk])
            undoable(request, _("%(exercise)s is on the plan.") % {"exercise": given}, undo)
            return redirect("treatments:client-exercises", pk)
    else:
        form = PrescribeForm(episodes=episodes, changes=_changed(request, client))
        audit.record(request.user, "exercises.viewed", client, client=client)
    may_write = may(request.user, Permission.WRITE_NOTE)
    context = plan_page(client) | {"form": form, "may_write": may_write, "episodes": episodes}
    return render(request, "treatments/client_exercises.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, client: Client) -> Prescription | None:
    """The exercise whose dose is to change, out of the address; nonsense is none."""
    try:
        key = uuid.UUID(request.GET.get("change", ""))
    except ValueError:
        return None
    return Prescription.objects.current().filter(pk=key, episode__client=client).first()


@access(Permission.WRITE_NOTE)
@require_POST
def exercises_send(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Mail the client the link to the plan."""
    client = client_for(request, pk)
    location = DayPage(client).location
    if location is None:
        raise Http404
    if send_programme(client=client, location=location, by=request.user):
        messages.success(request, _("The exercises are on their way to %(name)s.") % {"name": client.called})
    elif not client.email:
        messages.warning(request, _("There is no e-mail address. Add one to the client first."))
    else:
        messages.info(request, _("Not sent: today's mail has gone out already, or the client wants no such mail."))
    return redirect("treatments:client-exercises", pk)


@access(Permission.VIEW_NOTES)
@require_safe
def exercises_paper(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The handout as a PDF."""
    client = client_for(request, pk)
    audit.record(request.user, "exercises.exported", client, client=client)
    return handed_out(client)


@access(Permission.WRITE_NOTE)
@require_POST
def exercise_stop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop one home exercise; it can be taken back."""
    prescription = prescription_for(request, pk)
    stop_prescription(prescription=prescription, by=request.user)
    undo = reverse("treatments:exercise-resume", args=[pk])
    undoable(request, _("%(exercise)s is stopped.") % {"exercise": prescription.exercise}, undo)
    return redirect("treatments:client-exercises", prescription.episode.client_id)


@access(Permission.WRITE_NOTE)
@require_POST
def exercise_resume(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Undo of stopping."""
    prescription = prescription_for(request, pk)
    resume_prescription(prescription=prescription, by=request.user)
    messages.success(request, _("%(exercise)s goes on.") % {"exercise": prescription.exercise})
    return redirect("treatments:client-exercises", prescription.episode.client_id)


@access(Permission.WRITE_NOTE)
@require_POST
def exercise_move(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One place up or down."""
    prescription = prescription_for(request, pk)
    move_prescription(prescription=prescription, up=request.POST.get("to") == "up", by=request.user)
    return redirect("treatments:client-exercises", prescription.episode.client_id)

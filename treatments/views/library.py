"""The library of exercises, and the practice's own in it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.core.errors import NotAllowed, Refused
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission, may
from clinic.ui.flash import undoable
from intake.models import Exercise
from treatments.forms.exercises import ExerciseForm
from treatments.models import ExercisePicture
from treatments.reads.library import Shown, library
from treatments.services.library import add_exercise, bring_back_exercise, change_exercise, retire_exercise
from treatments.views.exercise_files import shown


@access(Permission.VIEW_NOTES)
@require_safe
def exercise_list(request: StaffRequest) -> HttpResponse:
    """Shipped and own, with figure, dose, cautions and sources."""
    may_write = may(request.user, Permission.WRITE_NOTE)
    context = library(request.user, request.GET, may_write=may_write)
    return render(request, "treatments/exercise_list.html", context | {"may_write": may_write})


@access(Permission.VIEW_NOTES)
@require_safe
def exercise_facts(request: HttpRequest) -> HttpResponse:
    """What there is to know of the exercise that is being chosen; nothing for none."""
    try:
        key = uuid.UUID(request.GET.get("dose-exercise", ""))
    except ValueError:
        return HttpResponse("")
    found = get_object_or_404(Exercise.objects.select_related("picture"), pk=key)
    return render(
        request, "treatments/_exercise_facts.html", {"entry": Shown(found, may_retire=False, may_change=False)}
    )


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def exercise_create(request: StaffRequest) -> HttpResponse:
    """An exercise of the practice's own."""
    form = ExerciseForm(request.POST, request.FILES) if request.method == "POST" else ExerciseForm()
    if request.method == "POST" and _keeps(form, request):
        return redirect("treatments:exercise-list")
    return _form(request, form, None)


@access(Permission.WRITE_NOTE)
@require_http_methods(["GET", "HEAD", "POST"])
def exercise_edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Say one of the practice's own better."""
    exercise = get_object_or_404(Exercise, pk=pk)
    if exercise.is_built_in:
        raise NotAllowed(_("A shipped exercise is not changed. Add one of your own beside it."))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ExerciseForm(*sent, exercise=exercise)
    if request.method == "POST" and _keeps(form, request, exercise):
        return redirect("treatments:exercise-list")
    return _form(request, form, exercise)


def _keeps(form: ExerciseForm, request: StaffRequest, exercise: Exercise | None = None) -> bool:
    """Whether it was kept; else the form says why not."""
    if not form.is_valid():
        return False
    said: dict[str, Any] = {
        "given": form.given(),
        "picture": form.cleaned_data["picture"],
        "shows": form.cleaned_data["description"],
        "by": request.user,
    }
    try:
        kept = change_exercise(exercise=exercise, **said) if exercise else add_exercise(**said)
    except Refused as refusal:
        field = refusal.details.get("field", "picture")
        form.add_error(field if field in form.fields else None, refusal.message)
        return False
    messages.success(request, _("%(exercise)s is in the library.") % {"exercise": kept})
    return True


def _form(request: HttpRequest, form: ExerciseForm, exercise: Exercise | None) -> HttpResponse:
    context = {"form": form, "exercise": exercise}
    return render(request, "treatments/exercise_form.html", context, status=422 if form.errors else 200)


@access(Permission.VIEW_NOTES)
@require_POST
def exercise_retire(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    exercise = retire_exercise(exercise=get_object_or_404(Exercise, pk=pk), by=request.user)
    undo = reverse("treatments:exercise-bring-back", args=[pk])
    undoable(request, _("%(exercise)s is retired.") % {"exercise": exercise}, undo)
    return redirect("treatments:exercise-list")


@access(Permission.VIEW_NOTES)
@require_POST
def exercise_bring_back(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    exercise = bring_back_exercise(exercise=get_object_or_404(Exercise, pk=pk), by=request.user)
    messages.success(request, _("%(exercise)s is back in the library.") % {"exercise": exercise})
    return redirect("treatments:exercise-list")


@access(Permission.VIEW_NOTES)
@require_safe
def exercise_picture(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    """The practice's own picture of an exercise."""
    return shown(get_object_or_404(ExercisePicture, exercise=pk))

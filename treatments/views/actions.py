"""What the buttons of the editor do once the draft is saved."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from clinic.core.errors import Refused
from intake.models import Technique
from treatments.forms import DoseForm, EpisodeForm
from treatments.models import NoteTemplate, Prescription, SessionNote
from treatments.rows import FindingRow, TechniqueRow
from treatments.rules.sections import PARTS
from treatments.services import (
    copy_forward,
    import_answers,
    keep_as_template,
    keep_copied,
    open_episode,
    prescribe,
    remove_answers,
    save_draft,
    stop_prescription,
    use_template,
)
from treatments.services.notes import SECTIONS
from treatments.views.thinking_actions import look_again_later, state_hypotheses, take_goals

Action = Callable[[HttpRequest, SessionNote, str], str]


def after_saving(request: HttpRequest, note: SessionNote) -> str:
    """A new episode or exercise that was filled in, then the button's own work. Returns where to go on the page."""
    opened = _new_episode(request, note)
    stated = state_hypotheses(request, note)
    anchor = opened or _new_exercise(request, note) or stated
    name, _colon, argument = request.POST.get("action", "").partition(":")
    act = ACTIONS.get(name)
    return act(request, note, argument) if act else anchor


def _new_episode(request: HttpRequest, note: SessionNote) -> str:
    form = EpisodeForm(request.POST)
    if not form.is_filled:
        return ""
    if not form.is_valid():
        told = " ".join(str(error) for errors in form.errors.values() for error in errors)
        raise Refused(told or _("Choose a condition and a side from the list."), code="unknown-condition")
    given = form.cleaned_data
    episode = open_episode(
        client=note.client,
        condition=given["condition"],
        side=given["side"] or "none",
        location=note.appointment.location,
        by=request.user,  # type: ignore[arg-type]
        **form.details(),
    )
    part = "other_episode" if given["is_second"] and note.episode_id else "episode"
    saved = save_draft(note=note, by=request.user, version=note.version, changes={part: episode})  # type: ignore[arg-type,misc]
    note.version, note.episode, note.other_episode = saved.version, saved.episode, saved.other_episode
    return "#episode"


def _new_exercise(request: HttpRequest, note: SessionNote) -> str:
    if not request.POST.get("dose-exercise"):
        return ""
    form = DoseForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose an exercise from the list, with a dose in whole numbers."), code="unknown-exercise")
    if note.episode is None:
        raise Refused(_("Choose an episode first: exercises belong to it."), code="no-episode")
    prescribe(
        episode=note.episode,
        exercise=form.cleaned_data["exercise"],
        by=request.user,  # type: ignore[arg-type]
        note=note,
        **form.dose(),
    )
    return "#plan"


def _copy(request: HttpRequest, note: SessionNote, section: str) -> str:
    copy_forward(note=note, by=request.user, version=note.version, section=section)  # type: ignore[arg-type]
    return f"#{section}"


def _keep(request: HttpRequest, note: SessionNote, section: str) -> str:
    keep_copied(note=note, by=request.user, version=note.version, section=section)  # type: ignore[arg-type]
    return f"#{section}"


def _clear(request: HttpRequest, note: SessionNote, section: str) -> str:
    if section in PARTS:
        kept = [FindingRow.of(row) for row in note.findings.exclude(kind=PARTS[section])]
        save_draft(note=note, by=request.user, version=note.version, changes={"findings": kept})  # type: ignore[arg-type]
    elif section in SECTIONS:
        blank = [] if section == "techniques" else ""
        save_draft(note=note, by=request.user, version=note.version, changes={section: blank})  # type: ignore[arg-type,misc]
    return f"#{section}"


def _files(request: HttpRequest, note: SessionNote, argument: str) -> str:
    """On to the page of photos and documents, which lies beneath the note's."""
    return "files/"


def _stop(request: HttpRequest, note: SessionNote, pk: str) -> str:
    prescription = get_object_or_404(Prescription.objects.filter(episode__client=note.client_id), pk=_uuid(pk))
    stop_prescription(prescription=prescription, by=request.user)  # type: ignore[arg-type]
    return "#plan"


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


def _answers(request: HttpRequest, note: SessionNote, what: str) -> str:
    act = import_answers if what == "import" else remove_answers
    act(note=note, by=request.user, version=note.version)  # type: ignore[arg-type]
    return "#subjective"


def _technique(request: HttpRequest, note: SessionNote, pk: str) -> str:
    """A chip pressed on a page without a script: one more row, on the side of the episode."""
    technique = get_object_or_404(Technique.objects.current().filter(data__performed_in_session=True), pk=_uuid(pk))
    side = note.episode.side if note.episode and note.episode.side in ("left", "right") else "none"
    rows = [*map(TechniqueRow.of, note.techniques.all()), TechniqueRow(technique.pk, side=side)]
    save_draft(note=note, by=request.user, version=note.version, changes={"techniques": rows})  # type: ignore[arg-type]
    return "#techniques"


def _template(request: HttpRequest, note: SessionNote, pk: str) -> str:
    """Fill what is empty from a template, or keep this note as one."""
    if pk == "keep":
        name, shared = request.POST.get("template-name", ""), "template-shared" in request.POST
        made = keep_as_template(note=note, by=request.user, name=name, shared=shared)  # type: ignore[arg-type]
        messages.success(request, _("“%(name)s” is kept as a template.") % {"name": made.name})
        return ""
    chosen = request.POST.get("template", "") if pk == "use" else pk
    template = get_object_or_404(NoteTemplate.objects.visible_to(request.user), pk=_uuid(chosen))
    use_template(note=note, by=request.user, version=note.version, template=template)  # type: ignore[arg-type]
    return "#subjective"


ACTIONS: dict[str, Action] = {
    "copy": _copy,
    "keep": _keep,
    "clear": _clear,
    "stop": _stop,
    "files": _files,
    "answers": _answers,
    "technique": _technique,
    "template": _template,
    "take-goals": take_goals,
    "look-again-later": look_again_later,
}

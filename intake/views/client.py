"""The client's path through a form: `/i/<token>/`."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.core.errors import Refused
from clinic.core.numbers import whole
from intake.answers import answers_of, in_words
from intake.asked import asked_in, is_file, is_given, shown_in
from intake.fhir import Answers
from intake.fhir.addresses import html_id
from intake.forms import BirthDateForm
from intake.merging import Drawn, with_parts
from intake.models import Response
from intake.page_state import Clash, as_text, clashes_of, drawn_in, new_page, prints_now
from intake.parsing import Given, parse_section
from intake.required import missing_in
from intake.services import (
    CheckResult,
    Saved,
    add_row,
    check_birth_date,
    complete_request,
    note_doctor_has_seen,
    open_drafts,
    remove_row,
    save_answers,
    show_new_wordings,
)
from intake.steps import (
    Step,
    asks_something,
    blocks_of,
    enabled_of,
    first_unfinished,
    lead_item,
    lead_of,
    logic_of_step,
)
from intake.views.access import Visit, today_of
from intake.views.advice import advice_context, emergencies, needs_advice
from intake.views.door import by_link, is_too_much, too_much_words
from intake.views.files import drop_file, take_files

STAYING = frozenset({"_stay", "_add", "_remove", "_file", "_drop"})


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def gate(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask for the date of birth; once it is known, lead on to where the form was left."""
    if visit.has_passed(request) and request.method != "POST":
        return HttpResponseRedirect(_where_to_go_on(visit))
    form = BirthDateForm(request.POST or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = check_birth_date(invitation=visit.invitation, born_on=form.cleaned_data["born_on"])
        if result is CheckResult.PASSED:
            visit.begin()
            response = HttpResponseRedirect(_where_to_go_on(visit))
            visit.remember(response)
            return response
        form.refuse(result)
    locked = result is CheckResult.LOCKED
    context = {"visit": visit, "form": form, "is_locked": locked}
    return render(request, "intake/gate.html", context, status=403 if locked else 422 if form.errors else 200)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One screen: shown, or taken in and left for the next; some buttons take it in and show it again."""
    if visit.is_done:
        return HttpResponseRedirect(f"{visit.path}done/")
    step = visit.step(number)
    if request.method != "POST":
        return _show(request, visit, step, answers_of(step.response), {})
    given, drawn = parse_section(step.section, request.POST), drawn_in(request.POST)
    is_staying = bool(STAYING & request.POST.keys())
    saved = _save(visit, step, given, drawn, is_settled=not is_staying)
    given.errors |= take_files(request, saved.response, step.section)
    errors = {address: words for address, words in given.errors.items() if address in saved.asked}
    answers = answers_of(visit.step(number).response)
    if saved.clashes:
        return _ask_which(request, visit, visit.step(number), saved, errors, given)
    if is_staying and not errors:
        return HttpResponseRedirect(_stay(request, visit, step, saved.response))
    errors = errors if is_staying else _missing(step, answers, visit) | errors
    if errors:
        return _show(request, visit, visit.step(number), answers, errors, given, status=422)
    if needs_advice(saved.response, step.section):
        return HttpResponseRedirect(f"{visit.path}advice/?after={number}")
    is_last = step.is_last or not any(asks_something(s, today_of(visit)) for s in visit.steps[number:])
    return HttpResponseRedirect(_finish(visit, step) if is_last else visit.step_path(_after(visit, step)))


@by_link
@require_POST
def save(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """Autosave: keeps what is there, tells when, and where to go at once after an emergency answer."""
    step = visit.step(number)
    given, drawn = parse_section(step.section, request.POST), drawn_in(request.POST)
    saved = _save(visit, step, given, drawn, is_settled=False)
    urgent = emergencies(saved.raised)
    advice = f"{visit.path}advice/?after={number}&at-once=1" if urgent else ""
    answer = {"saved_at": clock_time(saved.at), "advice": advice, "unread": sorted(given.errors.keys() & saved.asked)}
    answer |= _decided(step, saved) | _merged(step, saved, given, drawn)
    return JsonResponse(answer, status=409 if saved.clashes else 200)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def advice(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What to do now. The client goes on when a doctor has seen it, or back to the answer when it was a mistake."""
    number = whole(request.GET.get("after", "")) or 0
    here = visit.step(number) if 1 <= number <= len(visit.steps) else visit.steps[-1]
    if request.method == "POST":
        for response in visit.responses:
            if not response._state.adding:
                note_doctor_has_seen(response=response)
        return HttpResponseRedirect(visit.step_path(here.number if "at-once" in request.GET else _after(visit, here)))
    context = advice_context(visit.responses)
    if not context["flags"]:
        return HttpResponseRedirect(_where_to_go_on(visit))
    context |= {"visit": visit, "step": here, "back": visit.step_path(here.number), "next": _after(visit, here)}
    return render(request, "intake/advice.html", context)


@by_link
@require_safe
def done(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form was sent."""
    if not visit.is_done:
        return HttpResponseRedirect(_where_to_go_on(visit))
    context = advice_context(visit.responses) | {"visit": visit}
    return render(request, "intake/done.html", context)


def clock_time(instant: dt.datetime) -> str:
    """The time of day at the location."""
    # Translators: a time of day, in Django's date format.
    return date_format(timezone.localtime(instant), _("H:i"))


def _decided(step: Step, saved: Saved) -> dict[str, Any]:
    """What the screen asks now, and what was reckoned on it."""
    lead = lead_item(step.section)
    nodes = [address for item, address in shown_in(step.section, saved.answers) if item is not lead]
    given = [asked for asked in asked_in(step.section, saved.answers) if is_given(asked.item)]
    words = {asked.address: in_words(asked.item, saved.answers, asked.address) for asked in given}
    return {"asked": [address for address in nodes if address in saved.asked], "calculated": words}


def _stay(request: HttpRequest, visit: Visit, step: Step, response: Response) -> str:
    """Add or take out a row where that was asked, and say where to show the screen again."""
    add, remove, file = (request.POST.get(name, "") for name in ("_add", "_remove", "_file"))
    if add:
        add_row(response=response, section=step.section, address=add)
    if remove:
        remove_row(response=response, section=step.section, row=remove)
    group = add or remove.rpartition(":")[0] or file or drop_file(request, response)
    return visit.step_path(step.number) + (f"#{html_id(group)}" if group else "")


def _after(visit: Visit, step: Step) -> int:
    """The next screen that asks something; the last one otherwise."""
    later = (each.number for each in visit.steps[step.number :] if asks_something(each, today_of(visit)))
    return next(later, len(visit.steps))


def _before(visit: Visit, step: Step) -> int:
    """The screen before that asks something; 0 at the first."""
    earlier = (each.number for each in reversed(visit.steps[: step.number - 1]))
    return next((n for n in earlier if asks_something(visit.steps[n - 1], today_of(visit))), 0)


def _where_to_go_on(visit: Visit) -> str:
    if visit.is_done:
        return f"{visit.path}done/"
    return visit.step_path(first_unfinished(visit.steps, today_of(visit)).number)


def _save(visit: Visit, step: Step, given: Given, drawn: Drawn | None, *, is_settled: bool) -> Saved:
    response = step.response
    if response._state.adding:
        drafts = open_drafts(invitation=visit.invitation)
        response = next(draft for draft in drafts if draft.questionnaire_id == response.questionnaire_id)
    kept = given.answers
    if given.errors:  # what could not be read leaves what was saved before as it was
        before = answers_of(response)
        for link_id in given.errors:
            kept.put(link_id, before.all(link_id))
            if link_id in before.marks:
                kept.put_marks(link_id, before.marks[link_id])
    saved = save_answers(
        response=response,
        section=step.section,
        given=kept,
        is_settled=is_settled,
        step=step.number if is_settled else None,
        drawn=drawn,
        unread=given.errors.keys(),
    )
    del visit.responses, visit.steps
    return saved


def _merged(step: Step, saved: Saved, given: Given, drawn: Drawn | None) -> dict[str, Any]:
    """What the open page is drawn with from now on, what of it was answered elsewhere, what has to be asked."""
    prints = prints_now(step.section, saved.answers, saved.asked, drawn, given.errors)
    clashes = clashes_of(step.section, given.answers, saved.answers, saved.clashes)
    asks = {part: render_to_string("intake/questions/_clash.html", {"clash": each}) for part, each in clashes.items()}
    return {"prints": prints, "elsewhere": sorted(saved.elsewhere), "clashes": asks}


def _ask_which(
    request: HttpRequest, visit: Visit, step: Step, saved: Saved, errors: Mapping[str, str], given: Given
) -> HttpResponse:
    """The page with what was typed here in it, and beside it what was answered elsewhere; nothing of either is lost."""
    here = with_parts(step.section, saved.answers, given.answers, saved.clashes)
    clashes = clashes_of(step.section, given.answers, saved.answers, saved.clashes)
    return _show(request, visit, step, here, errors, given, 409, stored=saved.answers, clashes=clashes)


def _missing(step: Step, answers: Answers, visit: Visit) -> dict[str, str]:
    missing = missing_in(step.section, answers, enabled_of(step, answers, today_of(visit)))
    return {link_id: BirthDateForm.needed() for link_id in missing}


def _finish(visit: Visit, step: Step) -> str:
    """Send every form of the request; back to the first screen where something is missing."""
    try:
        complete_request(responses=visit.responses)
    except Refused as refusal:
        if refusal.code == "consent-changed":
            for response in visit.responses:
                show_new_wordings(response=response)
        section = refusal.details["section"]
        return visit.step_path(next(s.number for s in visit.steps if s.section.link_id == section))
    return f"{visit.path}done/"


def _holds_an_answer(response: Response) -> bool:
    """Whether the client has said anything yet: what the record has stands there from the start."""
    return bool(response.answers) and bool(response.writers or not response.shown_details)


def _show(
    request: HttpRequest,
    visit: Visit,
    step: Step,
    answers: Answers,
    errors: Mapping[str, str],
    given: Given | None = None,
    status: int = 200,
    *,
    stored: Answers | None = None,
    clashes: Mapping[str, Clash] | None = None,
) -> HttpResponse:
    """`stored` where the draft says something else than the page, for which there are `clashes`."""
    before, today = _before(visit, step), today_of(visit)
    is_saved = _holds_an_answer(step.response)
    drawn = drawn_in(request.POST)
    kept = answers if stored is None else stored
    prints = prints_now(step.section, kept, enabled_of(step, kept, today), drawn, given.errors if given else ())
    context = {
        "visit": visit,
        "step": step,
        "blocks": blocks_of(
            step, answers, today, errors, given.unread if given else {}, is_shared=bool(visit.turn), clashes=clashes
        ),
        "logic": logic_of_step(step, answers, today),
        "lead": lead_of(step.section),
        "lead_language": getattr(lead_item(step.section), "language", ""),
        "back": visit.step_path(before) if before else "",
        "save_path": f"{visit.step_path(step.number)}save/",
        "saved_at": clock_time(step.response.updated_at) if is_saved else "",
        "has_errors": bool(errors),
        "unread": bool(given and given.errors),
        "problem": too_much_words() if is_too_much(request) else "",
        "drawn": as_text(drawn.page if drawn else new_page(), prints),
        "clashes": clashes,
        "takes_files": any(is_file(item) for item in step.section.walk()),
    }
    if status != 200 and needs_advice(step.response, step.section):  # it does not wait until the screen is right
        context |= advice_context(visit.responses)
    return render(request, "intake/step.html", context, status=status)

"""The editor of a draft: the outline, the open item's fields, and every step as a form of its own."""

import re
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.core.errors import Refused, StaleVersion
from clinic.core.numbers import whole
from clinic.people.access import StaffRequest, access
from clinic.people.permissions import Permission
from intake.editing.forms import AddForm, TitleForm
from intake.editing.outline_view import entries
from intake.editing.palette import ADDITIONS, NotTwice, with_contained
from intake.editing.sheet import Sheet
from intake.form_cache import form_of
from intake.models import Measure, Questionnaire
from intake.reads.languages import languages_to_write_in
from intake.rules import outline
from intake.services.editing import Change, edit, new_draft_of, new_form
from intake.views.forms.common import form_at, sent

OUT_OF_DATE = -1
ROW = re.compile(r"when-\d{1,3}")


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_create(request: StaffRequest) -> HttpResponse:
    """A new form: its title, then the editor."""
    form = TitleForm(sent(request)[0])
    if request.method == "POST" and form.is_valid():
        try:
            made = new_form(title=form.cleaned_data["title"], by=request.user)
        except Refused as refusal:
            form.add_error("title", refusal.message)
        else:
            return redirect("intake:questionnaire-edit", made.pk)
    return render(request, "intake/forms/create.html", {"form": form}, status=422 if form.errors else 200)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def questionnaire_draft(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A new draft of a published form, or the one there is."""
    draft = new_draft_of(form=form_at(request, pk), by=request.user)
    return redirect("intake:questionnaire-edit", draft.pk)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire_edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The outline and the open item; a POST saves that item."""
    form = form_at(request, pk)
    if form.status != Questionnaire.Status.DRAFT:
        return redirect("intake:questionnaire-detail", form.pk)
    link_id = request.GET.get("item", "")
    if link_id and link_id not in form_of(form).by_link_id:
        status = 409 if request.method == "POST" else 404
        return page(
            request,
            form,
            typed=request.POST.dict(),
            error=_("This question is not in the form any more."),
            status=status,
        )
    if request.method != "POST":
        return page(request, form, link_id)
    return _save_item(request, form, link_id) if link_id else _save_title(request, form)


def _save_item(request: StaffRequest, form: Questionnaire, link_id: str) -> HttpResponse:
    sheet = sheet_of(form, link_id, request.POST)
    try:
        changes = sheet.changes() if sheet.is_valid() else None
    except ValueError:  # said beside its field
        changes = None
    if changes is None:
        return page(request, form, link_id, sheet=sheet, status=422)
    focus = "answers" if "option-up" in request.POST else ""
    return step(
        request, form, lambda d: outline.change(d, link_id, changes), "item", open_=link_id, focus=focus, sheet=sheet
    )


def _save_title(request: StaffRequest, form: Questionnaire) -> HttpResponse:
    titled = TitleForm(request.POST)
    if not titled.is_valid():
        return page(request, form, titled=titled, status=422)
    return step(
        request, form, lambda d: outline.change_form(d, {"title": titled.cleaned_data["title"]}), "title", titled=titled
    )


@access(Permission.MANAGE_SETTINGS)
@require_POST
def item_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a part after the open item, inside the open group, or at the end."""
    form, at = form_at(request, pk), request.GET.get("item", "")
    chosen = AddForm(request.POST)
    if not chosen.is_valid():
        return page(request, form, at, error=_("Choose what to add."), status=422)
    addition, added = ADDITIONS[chosen.cleaned_data["kind"]], list[str]()

    def change(document: dict[str, Any]) -> dict[str, Any]:
        new = addition.make(document)
        added.append(new[0]["linkId"])
        place = outline.place_for(document, at, is_page=addition.is_page)
        return with_contained(outline.add(document, new, **place), addition.contained())

    try:
        return step(request, form, change, "add", open_=at, opens=added)
    except NotTwice as error:
        return page(request, form, at, error=str(error), status=422)


@access(Permission.MANAGE_SETTINGS)
@require_POST
def item_move(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One step up, down, into the group before, or out of its group. The button keeps the focus."""
    form, link_id, way = form_at(request, pk), request.GET.get("item", ""), request.POST.get("way", "")
    return step(request, form, lambda d: outline.move(d, link_id, way), "move", open_=link_id, focus=way)


@access(Permission.MANAGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def item_remove(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an item out, once it is said what goes with it."""
    form, link_id = form_at(request, pk), request.GET.get("item", "")
    if request.method == "POST":
        return step(request, form, lambda d: outline.remove(d, link_id), "remove")
    if link_id not in form_of(form).by_link_id or form.status != Questionnaire.Status.DRAFT:
        return redirect("intake:questionnaire-edit", form.pk)
    inside = outline.with_all_inside(form.definition, link_id)
    context = {"form": form, "item": form_of(form).by_link_id[link_id], "inside": len(inside) - 1}
    context["depending"] = outline.depending_on(form.definition, inside)
    return render(request, "intake/forms/remove.html", context)


def step(
    request: StaffRequest,
    form: Questionnaire,
    change: Change,
    what: str,
    *,
    open_: str = "",
    opens: list[str] | None = None,
    focus: str = "",
    **kept: Any,
) -> HttpResponse:
    """One change of the draft, then the editor again; when it is refused, with all that was typed."""
    sent = whole(request.POST.get("version", ""))
    version = OUT_OF_DATE if sent is None else sent
    try:
        edit(form=form, change=change, version=version, by=request.user, what=what)
    except StaleVersion as stale:
        form.refresh_from_db()
        gone = bool(open_) and open_ not in form_of(form).by_link_id
        shown = {} if gone else kept
        words = f"{stale.message} " + _("What you typed is still here: look at it and save again.")
        typed = request.POST.dict() if gone or not kept else {}
        return page(request, form, "" if gone else open_, error=words, typed=typed, status=409, **shown)
    except Refused as refusal:
        form.refresh_from_db()
        return page(request, form, open_, error=refusal.message, status=422, **kept)
    return HttpResponseRedirect(address(form, opens[-1] if opens else open_, focus=focus))


def address(form: Questionnaire, link_id: str = "", *, focus: str = "") -> str:
    """The editor with an item open."""
    query = {"item": link_id, "focus": focus} if focus else {"item": link_id}
    at = reverse("intake:questionnaire-edit", args=[form.pk])
    return f"{at}?{urlencode(query)}#{'answers' if focus == 'answers' else 'item'}" if link_id else at


def sheet_of(form: Questionnaire, link_id: str, data: QueryDict | None = None) -> Sheet:
    """The open item's fields."""
    ask = f"{reverse('intake:form-answer', args=[form.pk])}?{urlencode({'item': link_id})}"
    return Sheet(form_of(form), link_id, measures(), data, ask=ask, languages=languages_to_write_in(form.language))


@access(Permission.MANAGE_SETTINGS)
@require_safe
def when_answer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The control for the answer to a question just chosen in a condition."""
    form, link_id, row = form_at(request, pk), request.GET.get("item", ""), request.GET.get("row", "")
    if link_id not in form_of(form).by_link_id or not ROW.fullmatch(row):
        raise Http404
    when = sheet_of(form, link_id).when(row, request.GET.get(f"{row}-question", ""))
    return render(request, "intake/forms/_answer.html", {"when": when})


def measures() -> list[tuple[str, str]]:
    return list(Measure.objects.current().values_list("code", "label"))


def page(
    request: StaffRequest,
    form: Questionnaire,
    link_id: str = "",
    *,
    sheet: Sheet | None = None,
    titled: TitleForm | None = None,
    typed: dict[str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The editor."""
    if form.status != Questionnaire.Status.DRAFT:
        messages.error(request, _("This version is not a draft any more."))
        return redirect("intake:questionnaire-detail", form.pk)
    read = form_of(form)
    known = link_id in read.by_link_id
    sheet = sheet or (sheet_of(form, link_id) if known else None)
    context = {
        "form": form,
        "entries": entries(read, form.report, link_id),
        "sheet": sheet,
        "ways": outline.ways(form.definition, link_id) if known else [],
        "titled": titled or TitleForm(initial={"title": form.title}),
        "adding": AddForm(),
        "inside": known and outline.takes_items(read.by_link_id[link_id].source),
        "error": error,
        "typed": _words_typed(typed),
        "focus": request.GET.get("focus", ""),
        "found": [row for row in form.report if row.get("link_id") == link_id] if known else [],
    }
    return render(request, "intake/forms/editor.html", context, status=status)


def _words_typed(typed: dict[str, str] | None) -> list[str]:
    """What somebody wrote for an item that is gone: to be copied from the page."""
    ours = {"csrfmiddlewaretoken", "version", "kind", "way", "behavior"}
    return [v for k, v in (typed or {}).items() if k not in ours and not k.endswith("_FORMS") and v.strip()]

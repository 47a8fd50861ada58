"""Forms written here: begun, changed one step at a time, thrown away. Only drafts change."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Conflict, Refused, StaleVersion
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.fhir import exact
from intake.fhir.checking import check
from intake.fhir.report import MOST_BYTES
from intake.form_cache import value_sets_for
from intake.models import Measure, Questionnaire
from intake.services.documents import locked, one_at_a_time, slug_of

Change = Callable[[dict[str, Any]], dict[str, Any]]


@transaction.atomic
def new_form(*, title: str, by: User, measure: Measure | None = None) -> Questionnaire:
    """Begin a form: a draft with one empty screen. Raises Refused for a title FHIR cannot hold."""
    require(by, Permission.MANAGE_SETTINGS)
    one_at_a_time()
    definition = {
        "resourceType": "Questionnaire",
        "url": f"urn:uuid:{uuid.uuid4()}",
        "version": "1",
        "title": title,
        "status": "draft",
        "language": "en",
        "subjectType": ["Patient"],
    }
    form = Questionnaire(
        slug=slug_of({**definition, "name": title}),
        version=1,
        title=title[:120],
        definition=definition,
        origin=Questionnaire.Origin.EDITOR,
        measure=measure,
        added_by=by,
    )
    _check(form)
    form.save(force_insert=True)
    audit.record(by, "questionnaire.begun", form, changes={"version": form.version})
    return form


@transaction.atomic
def new_draft_of(*, form: Questionnaire, by: User) -> Questionnaire:
    """The next version of a form, as a draft that begins with the words of this one; the draft there is, if any."""
    form = locked(form, by)
    one_at_a_time()
    versions: list[Questionnaire] = list(Questionnaire.objects.filter(slug=form.slug).order_by("-version"))
    there = next((each for each in versions if each.status == Questionnaire.Status.DRAFT), None)
    if there is not None:
        return there
    number = versions[0].version + 1
    named = {str(each.definition.get("version", "")) for each in versions}
    name = str(number) if str(number) not in named else f"{number}-{uuid.uuid4().hex[:6]}"
    draft: Questionnaire = Questionnaire.objects.create(
        slug=form.slug,
        version=number,
        title=form.title,
        language=form.language,
        definition={**form.definition, "version": name},
        origin=Questionnaire.Origin.EDITOR,
        report=form.report,
        measure=form.measure,
        licence_holder=form.licence_holder,
        licence_reference=form.licence_reference,
        licence_on=form.licence_on,
        licence_scope=form.licence_scope,
        added_by=by,
    )
    audit.record(by, "questionnaire.begun", draft, changes={"version": number, "from": form.version})
    return draft


@transaction.atomic
def edit(*, form: Questionnaire, change: Change, version: int, by: User, what: str) -> Questionnaire:
    """Change a draft by one step. `version` is the `edit_version` the change was made for.

    Raises StaleVersion when somebody else changed the draft in between, Conflict when it is no draft any more, Refused
    with the report when the document would not be one any more. `what` names the step in the audit.
    """
    form = locked(form, by)
    if form.status != Questionnaire.Status.DRAFT:
        raise Conflict(_("This version is not a draft any more."), code="not-a-draft")
    if form.edit_version != version:
        raise StaleVersion(_("Somebody else changed this form in between."))
    try:
        form.definition = change(form.definition)
    except LookupError as error:
        raise StaleVersion(_("This question is not in the form any more.")) from error
    form.title = str(form.definition.get("title") or form.title)[:120]
    _check(form)
    form.source_text = ""
    form.edit_version += 1
    form.save()
    audit.record(by, "questionnaire.edited", form, changes={"what": what, "edit": form.edit_version})
    return form


def _check(form: Questionnaire) -> None:
    """Keeps the report beside the draft. Raises Refused for what could not be read again."""
    report = check(form.definition, value_sets=value_sets_for(None))
    if report.is_fatal:
        rows = report.as_json()
        raise Refused(rows[0]["message"], code="not-a-form", details={"report": rows})
    if len(exact.dumps(form.definition).encode()) > MOST_BYTES:
        raise Refused(_("The form would be larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000})
    form.report = report.as_json()


@transaction.atomic
def discard_draft(*, form: Questionnaire, by: User) -> None:
    """Throw a draft away. Raises Conflict for a version that was published."""
    form = locked(form, by)
    if form.status != Questionnaire.Status.DRAFT:
        raise Conflict(_("Only a draft can be thrown away."), code="not-a-draft")
    audit.record(by, "questionnaire.discarded", form, changes={"version": form.version})
    form.delete()

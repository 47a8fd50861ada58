"""Outcome measures as forms: the clinic brings the questions, and says who allowed it to. No item text is shipped."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core.errors import Refused
from clinic.people.models import User
from intake.models import Measure, Questionnaire
from intake.services.documents import Imported, import_questionnaire, locked
from intake.services.editing import new_form

LICENCE = ("licence_holder", "licence_reference", "licence_on", "licence_scope")


@transaction.atomic
def upload_instrument(*, measure: Measure, text: bytes, by: User) -> Imported:
    """Take in the questions of a measure as a draft. A permission recorded for an earlier version is carried over.

    Raises Refused when the file is here already as a published form of something else.
    """
    imported = import_questionnaire(text=text, by=by)
    form = imported.questionnaire
    if form is None or form.measure_id == measure.pk:
        return imported
    if form.status != Questionnaire.Status.DRAFT:
        raise Refused(
            _("This file is here already, as a form that was published: “%(title)s”.") % {"title": form.title}
        )
    _belongs(form, measure, by)
    return imported


@transaction.atomic
def begin_instrument(*, measure: Measure, by: User) -> Questionnaire:
    """An empty draft for the questions of a measure, to be written in the editor."""
    form = new_form(title=measure.label[:120], by=by)
    _belongs(form, measure, by)
    return form


def _belongs(form: Questionnaire, measure: Measure, by: User) -> None:
    earlier = measure.forms.exclude(licence_holder="").order_by("-created_at").first()
    form.measure = measure
    for name in LICENCE if earlier else ():
        setattr(form, name, getattr(earlier, name))
    form.save(update_fields=["measure", *LICENCE, "updated_at"])
    audit.record(by, "questionnaire.is-instrument", form, changes={"measure": measure.code})


@transaction.atomic
def record_licence(
    *, form: Questionnaire, holder: str, reference: str, on: dt.date | None, scope: str, by: User
) -> Questionnaire:
    """Who allowed the practice to use these questions, when, under which number, for what."""
    form = locked(form, by)
    form.licence_holder, form.licence_reference, form.licence_on, form.licence_scope = holder, reference, on, scope
    form.save(update_fields=[*LICENCE, "updated_at"])
    audit.record(by, "questionnaire.licence-recorded", form, changes=LICENCE)
    return form

"""Forms as FHIR documents: taken in whole or not at all, published, retired, given out as they came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clinic.audit import services as audit
from clinic.core import clock
from clinic.core.errors import Conflict, Missing, Refused
from clinic.people.models import User
from clinic.people.permissions import Permission, require
from intake.fhir import exact
from intake.fhir.checking import check
from intake.fhir.report import Problem, Report, Severity, against_schema, fatal, read_document
from intake.fhir.value_sets import Find
from intake.fhir.values import Json
from intake.form_cache import value_sets_for
from intake.models import Measure, Questionnaire, ValueSet

FREE = frozenset({"no_item_text_needed", "may_ship_item_text"})
"""Licence facts that ask for nobody's permission."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The form, with what was found in its document; without one nothing was taken in."""

    questionnaire: Questionnaire | None
    report: Report
    is_new: bool = True


@transaction.atomic
def import_questionnaire(*, text: bytes, by: User | None, publish: bool = False) -> Imported:
    """Take in a Questionnaire, or a Bundle of one with its value sets, as a new draft version of its form.

    The same document twice is taken in once. `publish` publishes it where the report allows.
    """
    if by is not None:
        require(by, Permission.MANAGE_SETTINGS)
    document, report = read_document(text)
    if document is None:
        return Imported(None, report)
    definition, value_sets, report = _unpacked(document)
    if not report.is_fatal:
        report = Report((*report.problems, *check(definition, value_sets=_known(value_sets)).problems))
    if report.is_fatal:
        return Imported(None, report)
    for value_set in value_sets:
        ValueSet.objects.get_or_create(
            url=value_set["url"], version=value_set.get("version", ""), defaults={"definition": value_set}
        )
    source = "" if definition is not document else text.decode()
    form, is_new = _stored(definition, source, report, by)
    if publish and report.may_be_published and form.status == Questionnaire.Status.DRAFT:
        form = publish_form(form=form, by=by)
    return Imported(form, report, is_new)


def _unpacked(document: Any) -> tuple[Any, list[dict[str, Any]], Report]:
    """The Questionnaire in a document, and the value sets beside it."""
    if not isinstance(document, dict) or document.get("resourceType") != "Bundle":
        return document, [], Report()
    entries = document.get("entry", ())
    held = [e.get("resource") for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    forms = [row for row in held if isinstance(row, dict) and row.get("resourceType") == "Questionnaire"]
    value_sets = [row for row in held if isinstance(row, dict) and row.get("resourceType") == "ValueSet"]
    if len(forms) != 1:
        words = _("The bundle holds %(number)s questionnaires; it should hold one.") % {"number": len(forms)}
        return None, [], Report((fatal("not-a-questionnaire", words),))
    return forms[0], value_sets, Report(tuple(p for row in value_sets for p in _problems_of(row)))


def _problems_of(value_set: dict[str, Any]) -> Sequence[Problem]:
    """What keeps a value set out: not R4, no address, or a version that is here with other words."""
    wrong = [*against_schema(value_set, "ValueSet")]
    if not wrong and not value_set.get("url"):
        wrong = [fatal("value-set", _("A value set in the bundle has no address (url)."))]
    if not wrong:
        address = {"url": value_set["url"], "version": value_set.get("version", "")}
        known = ValueSet.objects.filter(**address).first()
        if known is not None and known.definition != value_set:
            words = _("The value set %(url)s is here in this version with other content.") % {"url": address["url"]}
            wrong = [fatal("value-set", words)]
    return wrong


def _known(value_sets: Sequence[Json]) -> Find:
    """Finds in the bundle first, then among what was imported before."""
    stored = value_sets_for(None)

    def find(address: str) -> Json | None:
        url, _bar, version = address.partition("|")
        fits = (v for v in value_sets if v.get("url") == url and version in {"", v.get("version", "")})
        return next(fits, None) or stored(address)

    return find


def _stored(definition: Any, source: str, report: Report, by: User | None) -> tuple[Questionnaire, bool]:
    one_at_a_time()
    slug = slug_of(definition)
    language = str(definition.get("language", "en"))[:10]
    versions = Questionnaire.objects.filter(slug=slug).order_by("-version")
    newest = versions.first()
    if newest is not None and newest.definition == definition and newest.source_text == source:
        return newest, False
    form = Questionnaire.objects.create(
        slug=slug,
        version=(newest.version if newest else 0) + 1,
        title=str(definition.get("title") or definition.get("name") or slug)[:120],
        language=language,
        definition=definition,
        source_text=source,
        origin=Questionnaire.Origin.IMPORT,
        report=report.as_json(),
        added_by=by,
    )
    audit.record(by, "questionnaire.imported", form, changes={"version": form.version})
    return form, True


def one_at_a_time() -> None:
    """Held until the end of the transaction: two new versions of a form would take the same number."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('intake_questionnaire'))")


def slug_of(definition: Json) -> str:
    """The slug of the form with the same address; a new one from its name otherwise."""
    url = str(definition.get("url", ""))
    known = Questionnaire.objects.filter(definition__url=url).order_by("-version").first() if url else None
    if known is not None:
        return str(known.slug)
    words = (
        definition.get("name"),
        url.rstrip("/").rpartition("/")[2] if "/" in url else "",
        definition.get("title"),
        "form",
    )
    base = next(slug for slug in (slugify(str(word or ""))[:50].strip("-") for word in words) if slug)
    taken = set(Questionnaire.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    nameless = Questionnaire.objects.filter(slug=base).exclude(definition__has_key="url").exists() and not url
    if base not in taken or nameless:
        return base
    return next(slug for slug in (f"{base}-{n}" for n in range(2, len(taken) + 3)) if slug not in taken)


@transaction.atomic
def publish_form(*, form: Questionnaire, by: User | None) -> Questionnaire:
    """Publish a draft. Raises Refused with the report while something keeps it from being asked, Conflict when out."""
    form = locked(form, by)
    if form.status != Questionnaire.Status.DRAFT:
        raise Conflict(_("This version is not a draft any more."), code="not-a-draft")
    report = hindrances(form)
    if not report.may_be_published:
        details = {"report": report.as_json()}
        raise Refused(_("This form cannot be published yet."), code="not-publishable", details=details)
    form.version = _number_of(form)
    form.status, form.published_at, form.report = Questionnaire.Status.PUBLISHED, clock.now(), report.as_json()
    form.save()
    audit.record(by, "questionnaire.published", form, changes={"version": form.version})
    return form


def _number_of(form: Questionnaire) -> int:
    """The draft's own number; the next one where another version was published meanwhile, as the newest is asked."""
    one_at_a_time()
    others = Questionnaire.objects.filter(slug=form.slug).exclude(pk=form.pk)
    if not others.filter(version__gt=form.version).exclude(status=Questionnaire.Status.DRAFT).exists():
        return form.version
    newest: int = others.aggregate(newest=Max("version"))["newest"]
    return newest + 1


@transaction.atomic
def retire_form(*, form: Questionnaire, by: User | None) -> Questionnaire:
    """Ask a form no more, in any version; what was begun can be finished. Raises Conflict for what is not published."""
    form = locked(form, by)
    if form.status != Questionnaire.Status.PUBLISHED:
        raise Conflict(_("Only a published form can be retired."), code="not-published")
    out = Questionnaire.objects.filter(slug=form.slug, status=Questionnaire.Status.PUBLISHED)
    out.update(status=Questionnaire.Status.RETIRED, retired_at=clock.now())
    audit.record(by, "questionnaire.retired", form, changes={"version": form.version})
    form.refresh_from_db()
    return form


@transaction.atomic
def bring_back(*, form: Questionnaire, by: User | None) -> Questionnaire:
    """Ask a retired version again. Raises Conflict when it is not retired."""
    form = locked(form, by)
    if form.status != Questionnaire.Status.RETIRED:
        raise Conflict(_("This form is not retired."), code="not-retired")
    form.status, form.retired_at = Questionnaire.Status.PUBLISHED, None
    form.save(update_fields=["status", "retired_at", "updated_at"])
    audit.record(by, "questionnaire.brought-back", form, changes={"version": form.version})
    return form


def hindrances(form: Questionnaire) -> Report:
    """What stands between a draft and being asked; notes besides."""
    report = check(form.definition, value_sets=value_sets_for(None))
    if form.measure is None or is_free(form.measure) or has_licence(form):
        return report
    words = _("These are the questions of %(measure)s: record first who allowed the practice to use them.")
    problem = Problem(Severity.BLOCKS, "no-licence", words % {"measure": form.measure.label})
    return Report((problem, *report.problems))


def has_licence(form: Questionnaire) -> bool:
    """Whether holder, reference and day are recorded."""
    return bool(form.licence_holder and form.licence_reference and form.licence_on)


def is_free(measure: Measure) -> bool:
    """Whether the licence facts say that nobody has to be asked for permission."""
    return measure.data.get("licence", {}).get("status") in FREE


def locked(form: Questionnaire, by: User | None) -> Questionnaire:
    """The form's row, held until the end of the transaction. Raises NotAllowed, Missing when it is gone."""
    if by is not None:
        require(by, Permission.MANAGE_SETTINGS, form)
    found: Questionnaire | None = Questionnaire.objects.select_for_update().filter(pk=form.pk).first()
    if found is None:
        raise Missing(_("This draft was thrown away."))
    return found


def export_questionnaire(form: Questionnaire) -> bytes:
    """The document: byte for byte as it came in, or as we keep it."""
    return (form.source_text or exact.dumps(form.definition, indent=2)).encode()

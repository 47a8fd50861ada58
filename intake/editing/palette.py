"""What can be added to a form: each kind with the items it begins as, in FHIR that other tools read too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.fhir import extensions as ext
from intake.ready_forms import parts
from intake.ready_forms.change import activities_named
from intake.ready_forms.consents import consent_section
from intake.ready_forms.details import details_section
from intake.ready_forms.safety import contraindications, safety_section
from intake.rules import outline

Row = dict[str, Any]
SUM = "%resource.repeat(item).answer.value.ordinal().sum()"
Make = Callable[[outline.Document], list[Row]]


class NotTwice(ValueError):
    """A part that a form holds once."""


@dataclass(frozen=True)
class Addition:
    """One entry of the list of what can be added."""

    code: str
    label: str | Promise
    make: Make
    is_page: bool = False
    """Stands at the top of the form."""
    contained: Callable[[], Sequence[Row]] = tuple
    """Value sets its items point at."""


def plain(type_: str, **rest: Any) -> Make:
    """A question with the type's own control. It begins with words, as FHIR knows no empty text."""

    def make(document: outline.Document) -> list[Row]:
        words = _("New text") if type_ == "display" else _("New group") if type_ == "group" else _("New question")
        return [parts.item(outline.fresh_link_id(document), type_, words, **rest)]

    return make


def _choice(document: outline.Document) -> list[Row]:
    return plain("choice", answerOption=parts.options({"yes": _("Yes"), "no": _("No")}))(document)


def _page(document: outline.Document) -> list[Row]:
    return [parts.item(outline.fresh_link_id(document), "group", _("New screen"))]


def _scale(document: outline.Document) -> list[Row]:
    link_id = outline.fresh_link_id(document)
    return [parts.scale(link_id, _("New question"), low=_("Not at all"), high=_("Very much"), required=False)]


def _map(document: outline.Document) -> list[Row]:
    _once(document, "pain-map", _("A form holds one pain map."))
    return [parts.pain_map(required=False)]


def _contraindications(document: outline.Document) -> list[Row]:
    _once(document, "contraindications", _("This form asks for contraindications already."))
    return [contraindications()]


def _red_flags(document: outline.Document) -> list[Row]:
    """The safety questions of the knowledge. Those that wait for what this form does not ask are asked of everyone."""
    _once(document, "red-flag", _("This form asks the safety questions already."))
    block = safety_section()
    asked = {row["linkId"] for row in outline.rows(document)} | {
        row["linkId"] for row in outline.rows({"item": [block]})
    }
    for row in outline.rows({"item": [block]}):
        kept = [when for when in row.pop("enableWhen", ()) if when["question"] in asked]
        any_of_them = row.pop("enableBehavior", "") == "any"
        row.update({k: v for k, v in outline.conditions(kept, any_of_them=any_of_them).items() if v is not None})
    return [block]


def _part_of_consents(name: str) -> Row:
    return next(row for row in consent_section()["item"] if row["linkId"] == name)


def _consent(document: outline.Document) -> list[Row]:
    return [_part_of_consents("consent.treatment") | {"linkId": outline.fresh_link_id(document)}]


def _signature(document: outline.Document) -> list[Row]:
    return [_part_of_consents("signature") | {"linkId": outline.fresh_link_id(document)}]


def _score(document: outline.Document) -> list[Row]:
    expression = {"language": ext.FHIRPATH, "expression": SUM}
    reckoned = [{"url": ext.CALCULATED, "valueExpression": expression}]
    return [parts.item(outline.fresh_link_id(document), "decimal", _("Score"), readOnly=True, extension=reckoned)]


def _goals(document: outline.Document) -> list[Row]:
    """Up to three activities, each rated: scored as PSFS, and rated again by the forms that carry them over."""
    block = [activities_named()]
    _not_there(document, block, _("This form asks for goals already."))
    return block


def _details(document: outline.Document) -> list[Row]:
    """What the record has, to be confirmed; what differs is proposed to staff."""
    block = [details_section()]
    _not_there(document, block, _("This form asks for details of the record already."))
    return block


def _not_there(document: outline.Document, block: Sequence[Row], words: str) -> None:
    """These keep their linkIds, by which their answers are found again."""
    taken = {row["linkId"] for row in outline.rows(document)}
    if any(row["linkId"] in taken for row in outline.rows({"item": block})):
        raise NotTwice(words)


def _once(document: outline.Document, kind: str, words: str) -> None:
    if any(kind_of(row) == kind for row in outline.rows(document)):
        raise NotTwice(words)


def kind_of(row: Mapping[str, Any]) -> str:
    """Our kind of an item; empty for one that is what its type says."""
    kinds = (e.get("valueString") for e in row.get("extension", ()) if e.get("url") == ext.OURS + "item-kind")
    return str(next(kinds, "") or "")


GROUPS: tuple[tuple[str | Promise, tuple[Addition, ...]], ...] = (
    (
        gettext_lazy("Questions"),
        (
            Addition("choice", gettext_lazy("One of several answers"), _choice),
            Addition("open-choice", gettext_lazy("One of several, or own words"), plain("open-choice")),
            Addition("boolean", gettext_lazy("Yes or no"), plain("boolean")),
            Addition("string", gettext_lazy("A line of text"), plain("string", maxLength=200)),
            Addition("text", gettext_lazy("Several lines of text"), plain("text", maxLength=1000)),
            Addition("integer", gettext_lazy("A whole number"), plain("integer")),
            Addition("decimal", gettext_lazy("A number with decimals"), plain("decimal")),
            Addition("quantity", gettext_lazy("A number with a unit"), plain("quantity")),
            Addition("scale", gettext_lazy("A scale from 0 to 10"), _scale),
            Addition("date", gettext_lazy("A date"), plain("date")),
            Addition("time", gettext_lazy("A time of day"), plain("time")),
            Addition("dateTime", gettext_lazy("A date and a time"), plain("dateTime")),
            Addition("url", gettext_lazy("A web address"), plain("url")),
            Addition("attachment", gettext_lazy("A file or a photo"), plain("attachment")),
        ),
    ),
    (
        gettext_lazy("Of a clinic"),
        (
            Addition("pain-map", gettext_lazy("Pain map"), _map, contained=parts.contained),
            Addition("red-flags", gettext_lazy("Red flags: every safety question"), _red_flags, is_page=True),
            Addition("contraindications", gettext_lazy("Contraindications"), _contraindications),
            Addition("goals", gettext_lazy("Goals: activities of the client’s own (PSFS)"), _goals),
            Addition("details", gettext_lazy("Details of the record: are these still right?"), _details, is_page=True),
            Addition("consent", gettext_lazy("Consent"), _consent),
            Addition("signature", gettext_lazy("Signature"), _signature),
            Addition("score", gettext_lazy("Score, reckoned from answers"), _score),
        ),
    ),
    (
        gettext_lazy("Order"),
        (
            Addition("page", gettext_lazy("A new screen"), _page, is_page=True),
            Addition("group", gettext_lazy("A group of questions"), plain("group")),
            Addition("display", gettext_lazy("A text between questions"), plain("display")),
        ),
    ),
)
ADDITIONS = {addition.code: addition for _title, additions in GROUPS for addition in additions}


def with_contained(document: outline.Document, needed: Sequence[Row]) -> Row:
    """The document with the value sets its new items point at."""
    held = list(document.get("contained", ()))
    missing = [row for row in needed if row["id"] not in {each.get("id") for each in held}]
    return {**document, "contained": [*held, *missing]} if missing else dict(document)

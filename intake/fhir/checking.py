"""Whether a Questionnaire can be taken in, and published. First FHIR R4 by the book, then what the book leaves open."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from intake.fhir import extensions as ext
from intake.fhir.comparing import OPERATORS
from intake.fhir.expressions import NotAllowed, compiled, names_in, questions_in
from intake.fhir.forms import Form, read_form
from intake.fhir.items import CLIENT_FIELDS, KINDS, TYPES, Item
from intake.fhir.order import scope_of
from intake.fhir.report import Problem, Report, Severity, against_schema, fatal
from intake.fhir.value_sets import MOST_OPTIONS, Find, nothing
from intake.fhir.values import Json

MOST_ITEMS, DEEPEST, LONGEST_LINK_ID, LONGEST_REGEX = 2000, 12, 255, 500
R5 = frozenset(
    {"versionAlgorithmString", "versionAlgorithmCoding", "copyrightLabel", "answerConstraint", "disabledDisplay"}
)
R5_TYPES = frozenset({"coding", "question"})
STU3 = frozenset({"option", "options"})
OF_TYPE = {
    "pain-map": "group",
    "red-flag": "choice",
    "contraindications": "choice",
    "scale": "integer",
    "consent": "boolean",
    "signature": "attachment",
}
"""The FHIR type that each of our kinds is drawn for."""
PARTS = {"pain-map": frozenset({"region", "quality", "intensity", "course", "spreads-to"})}
KNOWN_NAMES = frozenset({"resource", "context", "qitem", "questionnaire", "patient", "ucum", "rootResource"})
NOT_EVALUATED = (
    "answerExpression",
    "candidateExpression",
    "contextExpression",
    "launchContext",
    "itemPopulationContext",
)


def check(document: Any, *, value_sets: Find = nothing) -> Report:
    """Every problem of a Questionnaire. A fatal one means that it is not read any further."""
    if not isinstance(document, dict) or document.get("resourceType") != "Questionnaire":
        return Report((fatal("not-a-questionnaire", _("This is not a FHIR Questionnaire.")),))
    found = [*_shape(document)]
    if not found:
        found = [*against_schema(document, "Questionnaire")]
    if any(problem.severity is Severity.FATAL for problem in found):
        return Report(tuple(found))
    return Report((*found, *_meaning(read_form(document, value_sets=value_sets))))


def _shape(document: dict[str, Any]) -> Iterator[Problem]:
    """What has a better name than the schema would give it, and what would make reading go on for ever."""
    if R5 & document.keys():
        yield fatal("r5", _("This is a FHIR R5 document: it has “%(name)s”.") % {"name": min(R5 & document.keys())})
    counted: Counter[str] = Counter()
    for row, depth in _rows(document):
        link_id, type_ = row.get("linkId"), row.get("type")
        if not isinstance(link_id, str) or not link_id.strip():
            yield fatal("link-id", _("An item has no linkId: “%(text)s”.") % {"text": str(row.get("text", ""))[:60]})
            continue
        if len(link_id) > LONGEST_LINK_ID:
            yield fatal("link-id", _("A linkId may be 255 characters long."), link_id[:LONGEST_LINK_ID])
        yield from _type(link_id, type_, row)
        counted[link_id] += 1
        if depth > DEEPEST:
            yield fatal("too-deep", _("Groups may stand 12 deep."), link_id)
            return
        if counted.total() > MOST_ITEMS:
            yield fatal("too-large", _("A form may have 2,000 items."))
            return
    for link_id in [name for name, number in counted.items() if number > 1]:
        words = _("%(number)s items have this linkId. Each needs its own.") % {"number": counted[link_id]}
        yield fatal("duplicate-link-id", words, link_id)


def _type(link_id: str, type_: Any, row: Json) -> Iterator[Problem]:
    if R5 & row.keys() or type_ in R5_TYPES:
        yield fatal("r5", _("This item is FHIR R5; only R4 is read."), link_id)
    elif STU3 & row.keys():
        yield fatal("stu3", _("This item is FHIR STU3; only R4 is read."), link_id)
    elif type_ not in TYPES:
        yield fatal(
            "unknown-type", _("There is no item type “%(type)s” in FHIR R4.") % {"type": str(type_)[:40]}, link_id
        )


def _rows(document: Json) -> Iterator[tuple[dict[str, Any], int]]:
    """Items with their depth, whatever the document looks like."""
    waiting: list[tuple[Any, int]] = [(row, 1) for row in reversed(_list(document))]
    while waiting:
        row, depth = waiting.pop()
        if isinstance(row, dict):
            yield row, depth
            waiting.extend((child, depth + 1) for child in reversed(_list(row)))


def _list(row: Json) -> list[Any]:
    held = row.get("item", ())
    return held if isinstance(held, list) else []


def _meaning(form: Form) -> Iterator[Problem]:
    if not form.sections:
        yield Problem(Severity.BLOCKS, "no-items", _("There is nothing in this form to ask."))
    for item in form.by_link_id.values():
        yield from _conditions(form, item)
        yield from _choices(form, item)
        yield from _expressions(form, item)
        yield from _rest(item)
    for name, text in form.variables:
        yield from _expression(text, "", f"%{name}")
    if sum(len(item.options) for item in form.by_link_id.values()) > MOST_OPTIONS:
        yield fatal("too-large", _("A form may have 20,000 answers to choose from."))
    for cycle in form.order.cycles:
        words = _("These items decide about each other: %(circle)s.") % {"circle": " → ".join(cycle[:8])}
        yield Problem(Severity.BLOCKS, "cycle", words, cycle[0])


def _conditions(form: Form, item: Item) -> Iterator[Problem]:
    for row, condition in zip(item.source.get("enableWhen", ()), item.enable_when, strict=True):
        asked = form.by_link_id.get(condition.question)
        if asked is None:
            words = _("Its condition names “%(name)s”, which is not in this form.") % {"name": condition.question[:60]}
            yield Problem(Severity.BLOCKS, "unknown-question", words, item.link_id)
        elif not asked.is_question:
            words = _("Its condition names “%(name)s”, which is not a question.") % {"name": condition.question[:60]}
            yield Problem(Severity.BLOCKS, "unknown-question", words, item.link_id)
        if condition.operator not in OPERATORS:
            words = _("There is no operator “%(operator)s” in FHIR R4.") % {"operator": condition.operator[:20]}
            yield Problem(Severity.BLOCKS, "bad-operator", words, item.link_id)
        elif condition.operator == "exists" and "answerBoolean" not in row:
            words = _("“exists” needs true or false to compare with.")
            yield Problem(Severity.BLOCKS, "bad-operator", words, item.link_id)
        elif condition.operator not in {"exists", "=", "!="} and {
            "answerCoding",
            "answerBoolean",
            "answerReference",
        } & set(row):
            words = _("“%(operator)s” needs something that has an order.") % {"operator": condition.operator}
            yield Problem(Severity.BLOCKS, "bad-operator", words, item.link_id)
    if len(item.enable_when) > 1 and "enableBehavior" not in item.source:
        words = _("Several conditions need enableBehavior; read as “all”.")
        yield Problem(Severity.NOTE, "no-enable-behavior", words, item.link_id)


def _choices(form: Form, item: Item) -> Iterator[Problem]:
    if item.link_id in form.unlisted:
        words = _("Its value set is not here: %(address)s.") % {"address": item.source.get("answerValueSet", "")}
        severity = Severity.NOTE if item.type == "open-choice" else Severity.BLOCKS
        yield Problem(severity, "value-set-missing", words, item.link_id)
    elif item.type == "choice" and not item.options:
        yield Problem(Severity.BLOCKS, "no-options", _("There is nothing to choose from."), item.link_id)


def _expressions(form: Form, item: Item) -> Iterator[Problem]:
    scope = scope_of(form, item)
    named = {ext.CALCULATED: "calculatedExpression", ext.ENABLE_WHEN: "enableWhenExpression"}
    named |= {ext.INITIAL: "initialExpression", ext.VARIABLE: "variable"}
    for url, name in named.items():
        for extension in ext.of(item.source, url):
            text = ext.expression(extension)
            if not text:
                words = _("%(name)s is not FHIRPath.") % {"name": name}
                yield Problem(Severity.NOTE, "expression-language", words, item.link_id)
                continue
            yield from _expression(text, item.link_id, name)
            for unknown in set(names_in(text)) - scope.keys() - KNOWN_NAMES:
                words = _("%(name)s uses %%%(unknown)s, which nothing declares.") % {"name": name, "unknown": unknown}
                yield Problem(Severity.NOTE, "unknown-variable", words, item.link_id)
    for gone in [name for name in questions_in(item.enable_when_expression) if name not in form.by_link_id]:
        words = _("Its enableWhenExpression names “%(name)s”, which is not in this form.") % {"name": gone[:60]}
        yield Problem(Severity.NOTE, "unknown-question", words, item.link_id)
    yield from _variable_cycles(item, scope)
    for extension in item.source.get("extension", ()):
        if extension["url"].rpartition("-")[2] in NOT_EVALUATED:
            words = _("%(name)s is not evaluated.") % {"name": extension["url"].rpartition("-")[2]}
            yield Problem(Severity.NOTE, "not-evaluated", words, item.link_id)


def _variable_cycles(item: Item, scope: dict[str, str]) -> Iterator[Problem]:
    for name, text in item.variables:
        waiting, seen = list(names_in(text)), set[str]()
        while waiting:
            other = waiting.pop()
            if other == name:
                words = _("The variable %%%(name)s depends on itself.") % {"name": name}
                yield Problem(Severity.BLOCKS, "cycle", words, item.link_id)
                break
            if other in scope and other not in seen:
                seen.add(other)
                waiting.extend(names_in(scope[other]))


def _expression(text: str, link_id: str, name: str) -> Iterator[Problem]:
    try:
        compiled(text)
    except NotAllowed as error:
        words = _("%(name)s cannot be evaluated: %(reason)s.") % {"name": name, "reason": error}
        yield Problem(Severity.NOTE, error.code, words, link_id)


def _rest(item: Item) -> Iterator[Problem]:
    kind = item.extensions.get("item-kind", "")
    if kind in OF_TYPE and (item.type != OF_TYPE[kind] or not PARTS.get(kind, frozenset()) <= _parts_of(item)):
        words = _("This is no %(kind)s as we write it: it needs the type %(type)s, and all its parts.")
        yield fatal("kind-type", words % {"kind": kind, "type": OF_TYPE[kind]}, item.link_id)
    if kind and kind not in KINDS:
        words = _("There is no item kind “%(kind)s” of ours; it is asked as FHIR says.") % {"kind": str(kind)[:40]}
        yield Problem(Severity.NOTE, "unknown-kind", words, item.link_id)
    if item.client_field and (item.client_field not in CLIENT_FIELDS or item.type not in {"string", "text"}):
        words = _("“%(name)s” is no detail of the record that a line or a text can ask for; the answer is only kept.")
        yield Problem(Severity.NOTE, "client-field", words % {"name": item.client_field[:40]}, item.link_id)
    if item.regex and not _is_regex(item.regex):
        yield Problem(Severity.NOTE, "regex", _("Its regular expression cannot be read."), item.link_id)
    if item.type == "display" and item.items:
        yield Problem(Severity.BLOCKS, "display-with-items", _("A text cannot hold questions."), item.link_id)
    if item.type == "group" and not item.items:
        yield Problem(Severity.NOTE, "empty-group", _("This group holds nothing."), item.link_id)


def _parts_of(item: Item) -> set[str]:
    """What the items inside are called after their parent's name."""
    return {child.link_id.removeprefix(f"{item.link_id}.") for child in item.items}


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return len(text) <= LONGEST_REGEX

"""What was found in a document that came in: which item, what is wrong, what was done about it."""

import enum
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.valueset import ValueSet
from pydantic import BaseModel, ValidationError

from intake.fhir import exact

MOST_BYTES = 2_000_000
MOST_SHOWN = 100
SCHEMAS: dict[str, type[BaseModel]] = {
    "Questionnaire": Questionnaire,
    "QuestionnaireResponse": QuestionnaireResponse,
    "ValueSet": ValueSet,
}


class Severity(enum.StrEnum):
    FATAL = "fatal"
    """Nothing was imported."""
    BLOCKS = "blocks"
    """Imported as a draft that cannot be published."""
    NOTE = "note"
    """Kept in the document, and not used here."""


@dataclass(frozen=True, slots=True)
class Problem:
    severity: Severity
    code: str
    message: str
    link_id: str = ""
    path: str = ""

    @property
    def done(self) -> str:
        return {
            Severity.FATAL: _("Nothing was imported."),
            Severity.BLOCKS: _("Kept as a draft; it cannot be published."),
            Severity.NOTE: _("Kept in the document, but not used here."),
        }[self.severity]


@dataclass(frozen=True, slots=True)
class Report:
    problems: tuple[Problem, ...] = ()

    @property
    def is_fatal(self) -> bool:
        return any(problem.severity is Severity.FATAL for problem in self.problems)

    @property
    def may_be_published(self) -> bool:
        return all(problem.severity is Severity.NOTE for problem in self.problems)

    def as_json(self) -> list[dict[str, Any]]:
        """Gravest first, as `Questionnaire.report` keeps it."""
        ranked = sorted(self.problems, key=lambda problem: list(Severity).index(problem.severity))
        return [{**asdict(problem), "done": problem.done} for problem in ranked[:MOST_SHOWN]]

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        for row in self.as_json():
            yield f"{row['severity']}: {row['link_id'] or row['path'] or '-'}: {row['message']} {row['done']}"


def fatal(code: str, message: str, link_id: str = "", path: str = "") -> Problem:
    return Problem(Severity.FATAL, code, message, link_id, path)


def read_document(text: bytes) -> tuple[Any, Report]:
    """A FHIR document from its bytes; None with the reason when it is not JSON, or too large."""
    if len(text) > MOST_BYTES:
        words = _("The file is larger than %(most)s MB.") % {"most": MOST_BYTES // 1_000_000}
        return None, Report((fatal("too-large", words),))
    try:
        document = exact.loads(text.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        words = _("This is not JSON: line %(line)s, column %(column)s.") % {"line": error.lineno, "column": error.colno}
        return None, Report((fatal("invalid-json", words),))
    except (ValueError, RecursionError):  # not UTF-8, NaN, or nested without end
        return None, Report((fatal("invalid-json", _("This is not JSON in UTF-8.")),))
    if "\0" in exact.dumps(document).replace("\\u0000", "\0"):
        return None, Report((fatal("invalid-json", _("The text holds a character of no meaning (NUL).")),))
    return document, Report()


def against_schema(document: dict[str, Any], resource_type: str) -> Iterator[Problem]:
    """What FHIR R4 itself says is wrong, with the item each is in."""
    try:
        SCHEMAS[resource_type].model_validate(document)
    except ValidationError as error:
        for found in error.errors(include_url=False, include_context=False, include_input=False):
            yield fatal(
                "schema", _words(found["type"], found["msg"]), link_at(document, found["loc"]), _path(found["loc"])
            )
    except (TypeError, ValueError, AttributeError, RecursionError):  # the library trips over some odd shapes
        yield fatal("schema", _("This is not a FHIR R4 %(type)s.") % {"type": resource_type})


def _words(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return _("FHIR R4 has no such element.")
    if kind.endswith("missing"):
        return _("Something that FHIR R4 requires is missing. %(words)s") % {"words": message}
    if "but got multiple" in message:
        return _("Only one value is allowed here.")
    if kind == "string_pattern_mismatch":
        return _("FHIR R4 does not allow this text; it allows no empty one.")
    return message[:200]


def link_at(document: Any, path: Sequence[int | str]) -> str:
    """The linkId of the innermost item on a path."""
    found, here = "", document
    for step in path:
        try:
            here = here[step]
        except (LookupError, TypeError):
            break
        if isinstance(here, dict) and isinstance(here.get("linkId"), str):
            found = here["linkId"]
    return found


def _path(steps: Sequence[int | str]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")

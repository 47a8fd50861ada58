"""The extensions a form may carry: the standard ones by their address, ours by name."""

from collections.abc import Iterator, Mapping
from typing import Any

from intake.fhir.values import Json, Value, read_value

OURS = "urn:palpate:fhir:"
_CORE = "http://hl7.org/fhir/StructureDefinition/"
_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"

MIN_VALUE = _CORE + "minValue"
MAX_VALUE = _CORE + "maxValue"
MIN_LENGTH = _CORE + "minLength"
REGEX = _CORE + "regex"
MIN_OCCURS = _CORE + "questionnaire-minOccurs"
MAX_OCCURS = _CORE + "questionnaire-maxOccurs"
HIDDEN = _CORE + "questionnaire-hidden"
CONTROL = _CORE + "questionnaire-itemControl"
UNIT = _CORE + "questionnaire-unit"
UNIT_OPTION = _CORE + "questionnaire-unitOption"
SLIDER_STEP = _CORE + "questionnaire-sliderStepValue"
OPTION_EXCLUSIVE = _CORE + "questionnaire-optionExclusive"
OPTION_PREFIX = _CORE + "questionnaire-optionPrefix"
ENTRY_FORMAT = _CORE + "entryFormat"
MIME_TYPE = _CORE + "mimeType"
MAX_SIZE = _CORE + "maxSize"
ORDINAL_VALUE = _CORE + "ordinalValue"
ITEM_WEIGHT = _CORE + "itemWeight"
TRANSLATION = _CORE + "translation"
VARIABLE = _CORE + "variable"
CALCULATED = _SDC + "calculatedExpression"
ENABLE_WHEN = _SDC + "enableWhenExpression"
INITIAL = _SDC + "initialExpression"
FHIRPATH = "text/fhirpath"


def ours(row: Json) -> dict[str, Any]:
    """Our own extensions of an element by name, with their raw values."""
    return {
        extension["url"].removeprefix(OURS): next((v for k, v in extension.items() if k.startswith("value")), None)
        for extension in row.get("extension", ())
        if extension["url"].startswith(OURS)
    }


def of(row: Json, *urls: str) -> Iterator[Json]:
    return (extension for extension in row.get("extension", ()) if extension.get("url") in urls)


def value(row: Json, *urls: str) -> Value | None:
    """The value of the first of these extensions."""
    return next((read_value(extension) for extension in of(row, *urls)), None)


def expression(extension: Json) -> str:
    """The FHIRPath in an extension; empty when it holds another language or only a reference."""
    held: Mapping[str, Any] = extension.get("valueExpression", {})
    return str(held.get("expression", "")) if held.get("language") == FHIRPATH else ""


def translated(row: Json, name: str, language: str) -> str:
    """The text of an element in a language: exactly it, else its first part (de for de-CH), else as written."""
    return in_language(row, name, language)[0]


def in_language(row: Json, name: str, language: str, written_in: str = "") -> tuple[str, str]:
    """The text of an element, and the language it is in: `written_in` where it has no translation."""
    found: dict[str, str] = {}
    for extension in of(row.get(f"_{name}") or {}, TRANSLATION) if language else ():
        parts = {part.get("url"): read_value(part) for part in extension.get("extension", ())}
        if isinstance(parts.get("content"), str):
            found[str(parts.get("lang", "")).lower()] = str(parts["content"])
    wanted = language.lower()
    for each in (wanted, wanted.partition("-")[0]):
        if found.get(each):
            return found[each], language if each == wanted else each
    return str(row.get(name, "")), written_in

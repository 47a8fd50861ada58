"""A question's words in other languages, as rows of a table and back: the standard's extension `translation`."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from intake.fhir import extensions as ext
from intake.fhir.values import read_value

Row = dict[str, Any]
MOST = 12


@dataclass(frozen=True, slots=True)
class Translation:
    language: str
    words: str


def read(row: Mapping[str, Any]) -> list[Translation]:
    """The question in each language it was written in; of two in one language the first, which is the one asked."""
    found: dict[str, Translation] = {}
    for extension in _held(row):
        language, words = _said(extension)
        if language:
            found.setdefault(language.lower(), Translation(language, words))
    return list(found.values())


def write(row: Mapping[str, Any], translations: Sequence[Translation]) -> dict[str, Any]:
    """The element to set. What is said of the words besides, and translations that stay, keep all they held."""
    wanted = {each.language.lower(): each for each in translations}
    before = {each.language.lower(): each for each in read(row)}
    if wanted == before:
        return {}
    told = deepcopy(dict(row.get("_text") or {}))
    kept, done = [], set[str]()
    for extension in told.get("extension", ()):
        language = _said(extension)[0].lower() if extension.get("url") == ext.TRANSLATION else ""
        if language and language not in wanted:
            continue
        if language and language not in done:
            done.add(language)
            if wanted[language].words != before[language].words:
                _put(extension, wanted[language].words)
        kept.append(extension)
    kept += [_made(each) for language, each in wanted.items() if language not in done]
    told.pop("extension", None)
    return {"_text": told | ({"extension": kept} if kept else {}) or None}


def _held(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(ext.of(row.get("_text") or {}, ext.TRANSLATION))


def _said(extension: Mapping[str, Any]) -> tuple[str, str]:
    parts = {part.get("url"): read_value(part) for part in extension.get("extension", ())}
    return str(parts.get("lang") or ""), str(parts.get("content") or "")


def _put(extension: Row, words: str) -> None:
    """The words in the place of the others, as the kind of text they were."""
    parts = extension["extension"]
    held = next((part for part in parts if part.get("url") == "content"), None)
    if held is None:
        parts.append({"url": "content", "valueString": words})
        return
    held[next((name for name in held if name.startswith("value")), "valueString")] = words


def _made(translation: Translation) -> Row:
    language = {"url": "lang", "valueCode": translation.language}
    content = {"url": "content", "valueString": translation.words}
    return {"url": ext.TRANSLATION, "extension": [language, content]}

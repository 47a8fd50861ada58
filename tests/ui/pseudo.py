"""A pseudo-locale: what was translated comes back in ⟦brackets⟧, so what stands outside them was not."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db import models
from django.utils import translation

from clinic.ui.templatetags import ui

OPEN, CLOSE = "⟦", "⟧"
SILENT_TAGS = {"script", "style", "template", "code", "kbd", "samp"}
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "data-label"}
VOID_TAGS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# The product's name, and what no language writes otherwise.
ALLOWED = {"palpate", "utc", "csv", "pdf", "ical", "soap", "cet", "cest", "est", "edt", "gmt", "bst"}
_WORD = re.compile(r"[^\W\d_]{2,}")


@contextmanager
def marked() -> Iterator[None]:
    """Within it every gettext function marks what it returns."""
    real = translation._trans  # the same object Django's own functions ask

    def wrap(function: Any) -> Any:
        def marking(*arguments: Any, **keywords: Any) -> str:
            text = function(*arguments, **keywords)
            return f"{OPEN}{text}{CLOSE}" if text else text

        return marking

    names = ("gettext", "ngettext", "pgettext", "npgettext")
    instants = ui._told  # kept by language, and this is none
    instants.cache_clear()
    with patch.multiple(real, **{name: wrap(getattr(real, name)) for name in names}):
        yield
    instants.cache_clear()


class _Text(HTMLParser):
    """Collects what a person would see or hear, skipping `translate="no"` and everything in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if self._silent or tag in SILENT_TAGS or values.get("translate") == "no":
            if tag not in VOID_TAGS:
                self._silent.append(tag)
            return
        self.found += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]
        if tag == "input" and values.get("type") in ("submit", "button") and values.get("value"):
            self.found.append(str(values["value"]))

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag == self._silent[-1]:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def outside(text: str) -> str:
    """What of `text` stands outside the brackets, however they nest."""
    depth, kept = 0, []
    for letter in text:
        if letter == OPEN:
            depth += 1
        elif letter == CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(letter)
    return "".join(kept)


def untranslated(html: str, data: Iterable[str] = ()) -> list[str]:
    """Texts with words that were neither translated nor are `data` (names and the like, whole or word by word)."""
    parser = _Text()
    parser.feed(html)
    values = sorted({value for value in data if value.strip()}, key=len, reverse=True)
    known = {word.casefold() for value in values for word in _WORD.findall(value)} | ALLOWED
    left = (outside(text) for text in parser.found)
    return [text.strip() for text in left if any(word.casefold() not in known for word in _WORD.findall(text))]


def database_words() -> set[str]:
    """Every text now in the database: what a page may show without translating it."""
    words: set[str] = set()
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*names) if names else []:
            words.update(text for value in row for text in _texts(value))
    return words


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)

"""Nothing is inline: no script with content, no style, no handler; that is what lets the policy be strict."""

import re

import pytest

from tests.architecture.source import PACKAGES, ROOT

TEMPLATES = sorted(
    [*ROOT.glob("templates/**/*.html"), *(p for name in PACKAGES for p in (ROOT / name).rglob("*.html"))]
)
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "hx-on": re.compile(r"\s(?:data-)?hx-on"),
    "an evaluated value": re.compile(r"hx-(?:vals|headers)\s*=\s*[\"']js:"),
    "a javascript: address": re.compile(r"=\s*[\"']javascript:", re.I),
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_inline(path: object) -> None:
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text("utf-8"), flags=re.S)  # type: ignore[attr-defined]
    found = [name for name, pattern in INLINE.items() if pattern.search(text)]
    for attributes, content in SCRIPT.findall(text):
        if content.strip() and 'type="application/json"' not in attributes:
            found.append("a script with content")
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_third_party_addresses_are_not_loaded(path: object) -> None:
    text = path.read_text("utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", text)

"""The forms that pages show, as a browser would send them back untouched."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

# Inputs that are sent only when they are chosen or pressed.
CHOSEN = {"checkbox", "radio"}
PRESSED = {"submit", "image", "button"}


@dataclass
class Form:
    """One form: where it goes, what it would send, and what else each of its fields could send."""

    action: str
    is_post: bool
    sent: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, set[str]] = field(default_factory=dict)

    def add(self, name: str, value: str, *, is_sent: bool) -> None:
        self.offered.setdefault(name, set()).add(value)
        if is_sent:
            self.sent.setdefault(name, []).append(value)


def forms_of(html: str, path: str) -> list[Form]:
    """Every form of a page; `path` is where one without an action goes."""
    reader = _Reader(path)
    reader.feed(html)
    return list(reader.forms.values())


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: tuple[Form, str, list[str]] | None = None
        self._text: tuple[Form, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urlsplit(urljoin(self.path, given.get("action", "")))._replace(fragment="").geturl()
            self._open = Form(action, given.get("method", "").lower() == "post")
            self.forms[given.get("id") or f"#{len(self.forms)}"] = self._open
            return
        form = self.forms.get(given["form"]) if given.get("form") else self._open
        if form is None or "disabled" in given:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "option" and self._select:
            self._add_option(value, is_selected="selected" in given)
        elif tag == "select" and name:
            self._select = (form, name, [])
        elif tag == "textarea" and name:
            self._text = (form, name)
        elif tag == "button" and name:
            form.add(name, value, is_sent=False)
        elif tag == "input" and name and given.get("type") not in PRESSED:
            is_choice = given.get("type") in CHOSEN
            form.add(name, value or ("on" if is_choice else ""), is_sent=not is_choice or "checked" in given)

    def _add_option(self, value: str, *, is_selected: bool) -> None:
        assert self._select
        form, name, seen = self._select
        if is_selected:
            form.sent[name] = [value]
        elif not seen:
            form.sent.setdefault(name, [value])
        seen.append(value)
        form.offered.setdefault(name, set()).add(value)

    def handle_data(self, data: str) -> None:
        if self._text:
            form, name = self._text
            form.add(name, data, is_sent=True)
            self._text = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._text:
            self.handle_data("")

"""Goes through a client's form by what its pages show: whatever a form asks, in whatever order."""

from html.parser import HTMLParser
from typing import Any

from django.http import QueryDict

from intake.asked import Asked, asked_in, is_given, rows_in
from intake.fhir import Answers, Item, Kind
from tests.intake.factories import MARK, form_data

NUMBER = "+1 202-555-0199"
DETAILS = {"email": "said@example.org", "phone": NUMBER, "emergency_contact_phone": NUMBER, "pronouns": "they"}
HARMLESS = ("no", "no_or_adult", "none")
PHONE = "+1 202-555-0137"
DETAILS = {"email": "marcus@example.org", "phone": PHONE, "emergency_contact_phone": PHONE}


def something_for(section: Item, answers: Answers) -> dict[str, Any]:
    """An answer to every question of a screen, as a browser sends it; none that raises a flag."""
    data: dict[str, Any] = {f"{group.address}:rows": len(group.rows) for group in rows_in(section, answers)}
    for asked in asked_in(section, answers):
        if not is_given(asked.item):
            data |= _something(asked)
    return data


def _something(asked: Asked) -> dict[str, Any]:
    item, address = asked.item, asked.address
    if item.kind is Kind.PAIN_MAP:
        return form_data(Answers({}, {address: [MARK]}))
    if item.kind is Kind.SIGNATURE:
        return {f"{address}.name": "Marcus Bell", address: '{"strokes":[[1,2,3,4]]}'}
    if item.options:
        harmless = (option.code for option in item.options if option.code in HARMLESS)
        return {address: next(harmless, item.options[0].code)}
    if item.client_field in DETAILS:
        return {address: DETAILS[item.client_field]}
    said = {"boolean": "yes", "date": "2026-01-31", "dateTime": "2026-01-31T10:15", "time": "07:30"}
    return {address: said.get(item.type) or _number(item) or f"Said of {item.link_id}"}


def _number(item: Item) -> str:
    if item.kind is Kind.SCALE:
        return "4"
    return str(item.max_value or 3) if item.type in {"integer", "decimal", "quantity"} else ""


class _Controls(HTMLParser):
    """What a browser would send of a page's form, if its button were pressed now."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = QueryDict(mutable=True)
        self.area = self.select = ""
        self.is_template = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        name = held.get("name", "")
        self.is_template = self.is_template or tag == "template"
        if self.is_template:
            return
        if tag == "input" and name and (held.get("type") not in {"checkbox", "radio", "file"} or "checked" in held):
            self.sent.appendlist(name, held.get("value", "on"))
        elif tag == "textarea":
            self.area = name
            self.sent.appendlist(name, "")
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in held and self.select:
            self.sent.appendlist(self.select, held.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            *before, last = self.sent.getlist(self.area)
            self.sent.setlist(self.area, [*before, (last + data).removeprefix("\n")])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "template":
            self.is_template = False


def controls_of(html: str) -> QueryDict:
    parser = _Controls()
    parser.feed(html)
    return parser.sent

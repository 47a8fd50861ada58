"""Which template draws a question: our own kinds, what the form wishes where it fits, else the type's own."""

from intake.asked import is_given
from intake.fhir import Control, Item, Kind

OWN_KINDS = {
    Kind.PAIN_MAP: "pain_map",
    Kind.RED_FLAG: "choice",
    Kind.CONTRAINDICATIONS: "checks",
    Kind.SCALE: "scale",
    Kind.CONSENT: "consent",
    Kind.SIGNATURE: "signature",
}
TYPES = {
    "text": "text",
    "string": "line",
    "url": "line",
    "date": "line",
    "dateTime": "line",
    "time": "line",
    "reference": "line",
    "integer": "number",
    "decimal": "number",
    "quantity": "quantity",
    "boolean": "yes_no",
    "open-choice": "open_choice",
    "attachment": "file",
}
CONTROLS = {
    Control.TEXT_AREA: "text",
    Control.TEXT_BOX: "line",
    Control.SLIDER: "slider",
    Control.DROP_DOWN: "drop_down",
    Control.AUTOCOMPLETE: "drop_down",
    Control.CHECK_BOX: "checks",
    Control.RADIO: "choice",
}
FITS = {
    "text": {"string", "text"},
    "line": {"string", "text"},
    "slider": {"integer"},
    "drop_down": {"choice", "open-choice"},
    "checks": {"choice"},
    "choice": {"choice"},
}
"""A control asked for an item it does not fit is not drawn: the item's own is."""
LONG_LIST = 12


def template_of(item: Item) -> str:
    if item.kind in OWN_KINDS:
        return OWN_KINDS[item.kind]
    if is_given(item):
        return "read_only"
    wished = CONTROLS.get(item.control, "")
    if wished and item.type in FITS[wished] and _suits(wished, item):
        return wished
    if item.type == "choice":
        return "drop_down" if len(item.options) > LONG_LIST else "choices" if item.repeats else "choice"
    return TYPES[item.type]


def _suits(template: str, item: Item) -> bool:
    """Boxes to tick are for several answers, buttons for one."""
    return template not in {"checks", "choice"} or item.repeats is (template == "checks")

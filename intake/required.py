"""What may not be left out."""

from intake.asked import Asked, asked_in, is_given
from intake.fhir import Answers, Item, Kind


def missing_in(section: Item, answers: Answers, enabled: set[str]) -> list[str]:
    """Addresses of enabled questions of a section that still need an answer."""
    asked = (each for each in asked_in(section, answers) if each.address in enabled)
    return [each.address for each in asked if is_missing(each, answers)]


def is_missing(asked: Asked, answers: Answers) -> bool:
    item, address = asked.item, asked.address
    if item.kind is Kind.PAIN_MAP:
        marks = answers.marks.get(address, [])
        return any(mark.intensity is None for mark in marks) or (item.required and not marks)
    if is_given(item):
        return False
    given = [value for value in answers.all(address) if value is not None and value != ""]
    if not item.required:
        return item.repeats and 0 < len(given) < item.min_occurs
    if item.kind is Kind.CONSENT:
        return given != [True]
    if item.kind is Kind.SIGNATURE:
        return not any(signature.name or signature.strokes for signature in given)
    return len(given) < max(1, item.min_occurs)

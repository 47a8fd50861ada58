"""What is written as a formula: the pattern an answer must fit, and the expression that decides whether to ask."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import regex
from django.utils.translation import gettext as _

from intake.editing.fields import set_extension
from intake.fhir import Form, Item
from intake.fhir import extensions as ext
from intake.fhir.checking import KNOWN_NAMES, LONGEST_REGEX
from intake.fhir.expressions import NotAllowed, compiled, names_in, questions_in
from intake.fhir.order import scope_of

TRY = "a" * 30 + "1" * 30 + "!"
TRY_SECONDS = 0.05


def check_regex(text: str) -> str:
    """The pattern. Raises ValueError when it cannot be read, or takes too long over a short text."""
    if len(text) > LONGEST_REGEX:
        raise ValueError(_("A pattern may be %(most)s characters long.") % {"most": LONGEST_REGEX})
    try:
        regex.fullmatch(text, TRY, timeout=TRY_SECONDS)
    except TimeoutError:
        raise ValueError(_("This pattern takes too long: leave out a repetition within a repetition.")) from None
    except (regex.error, RecursionError, OverflowError) as error:
        raise ValueError(_("This is no pattern that can be read: %(reason)s.") % {"reason": error}) from None
    return text


def check_asked_if(form: Form, item: Item, text: str) -> str:
    """The expression. Raises ValueError when it cannot be evaluated, or names what is not here."""
    try:
        compiled(text)
    except NotAllowed as error:
        raise ValueError(_("This cannot be evaluated: %(reason)s.") % {"reason": error}) from error
    unknown = next((name for name in questions_in(text) if name not in form.by_link_id), None)
    if unknown is not None:
        raise ValueError(_("It names “%(name)s”, which is not in this form.") % {"name": unknown[:60]})
    if item.link_id in questions_in(text):
        raise ValueError(_("It names this part itself, whose answer it decides about."))
    undeclared = set(names_in(text)) - scope_of(form, item).keys() - KNOWN_NAMES
    if undeclared:
        raise ValueError(_("It uses %%%(name)s, which nothing declares.") % {"name": min(undeclared)})
    return text


def write_asked_if(row: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The elements to set: what was said about the expression besides stays."""
    made = deepcopy(dict(row))
    held: Mapping[str, Any] = next(
        (e.get("valueExpression", {}) for e in ext.of(row, ext.ENABLE_WHEN) if ext.expression(e)), {}
    )
    expression = {**held, "language": ext.FHIRPATH, "expression": text}
    set_extension(made, ext.ENABLE_WHEN, {"valueExpression": expression} if text else None)
    return {"extension": made.get("extension")}

"""Rows of groups that repeat: one more, one less."""

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.core import clock
from clinic.core.errors import Refused
from intake.answers import answers_of
from intake.asked import rows_in
from intake.fhir import Item
from intake.form_cache import form_of
from intake.merging import part_of
from intake.models import Response
from intake.services.uploads import forget_unused
from intake.services.writing import locked_draft, write
from intake.typed import MOST_ANSWERS


@transaction.atomic
def add_row(*, response: Response, section: Item, address: str) -> None:
    """One more row of a group that repeats. Raises Refused for what is none, or has as many as it may."""
    response = locked_draft(response)
    form, answers = form_of(response.questionnaire), answers_of(response)
    group = next((each for each in rows_in(section, answers) if each.address == address), None)
    if group is None or not group.may_grow or len(group.rows) >= MOST_ANSWERS:
        raise Refused(_("There is no room for another one."), code="no-more-rows")
    answers.rows[address] = len(group.rows) + 1
    response.writers.pop(part_of(address), None)  # the page is drawn anew: one that was left open has not seen it
    write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "writers", "updated_at"])


@transaction.atomic
def remove_row(*, response: Response, section: Item, row: str) -> None:
    """Take out one row, `group:number`. Raises Refused when it is not there, or must stay."""
    response = locked_draft(response)
    form, answers = form_of(response.questionnaire), answers_of(response)
    address, _colon, number = row.rpartition(":")
    group = next((each for each in rows_in(section, answers) if each.address == address), None)
    if group is None or not group.may_shrink or not number.isdecimal() or int(number) >= len(group.rows):
        raise Refused(_("This one is not there any more."), code="no-such-row")
    answers.rows[address] = len(group.rows)
    answers.remove_row(address, int(number))
    response.writers.pop(part_of(address), None)  # the page is drawn anew: one that was left open has not seen it
    write(response, form, answers, clock.now())
    response.save(update_fields=["answers", "writers", "updated_at"])
    forget_unused(response=response)

"""Saving one answer, the part of `bin/bench intake` about autosave: as a phone sends it, the whole request."""

import json
from collections.abc import Iterator
from itertools import cycle

from django.test import Client as Browser

from clinic.messaging import links
from clinic.people.models import Client
from intake.form_cache import form_of
from intake.services import invite, open_drafts

from _intake_maps import Timing, timed  # isort: skip  # beside this file

SAVES = 400


def saving(client: Client) -> Timing:
    """Answers of the first-visit form's first screen, one after the other, each changed with every save."""
    invitation, _token = invite(client=client, forms=["first-visit"], by=None)
    (response,) = open_drafts(invitation=invitation)
    asked = [item for item in form_of(response.questionnaire).sections[0].walk() if item.is_question]
    answers = _answers([(item.link_id, [option.code for option in item.options]) for item in asked])
    path = links.path_of(invitation.link)
    phone = Browser(HTTP_HOST="127.0.0.1", HTTP_ACCEPT="application/json")
    phone.post(path, {"born_on": str(client.born_on)})
    page = {"page": "phone", "prints": {}}

    def save() -> None:
        answer = phone.post(f"{path}step/1/save/", next(answers) | {"_drawn": json.dumps(page)})
        if answer.status_code != 200 or answer.json()["unread"]:
            raise RuntimeError(f"Saving answered {answer.status_code}.")
        page["prints"] = answer.json()["prints"]

    return timed("saving one answer", save, target=25, rounds=SAVES, judged="p95")


def _answers(asked: list[tuple[str, list[str]]]) -> Iterator[dict[str, str]]:
    for number in cycle(range(1000)):
        yield {name: codes[number % len(codes)] if codes else f"Said {number}" for name, codes in asked}

"""The page behind a follow-up's link: the form's screens below one another, before and while it is answered."""

from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict

from clinic.core import clock
from intake.answers import answers_of
from intake.blocks import Block
from intake.fhir import Answers
from intake.forms import BirthDateForm
from intake.models import Response
from intake.parsing import parse_section
from intake.required import missing_in
from intake.services import drafts_of
from intake.services.drafts import prefill
from intake.steps import Step, blocks_of, enabled_of, lead_of, steps_of
from treatments.models import FollowUp
from treatments.services.follow_up import started_on


@dataclass
class FollowUpPage:
    """Reading it writes nothing: what the client said before is put in anew each time."""

    asked: FollowUp
    given: list[Answers] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    @cached_property
    def response(self) -> Response:
        (response,) = drafts_of(self.asked.invitation)
        if response._state.adding:
            prefill(response, started_on(self.asked))
        return response

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of([self.response])

    @cached_property
    def answers(self) -> Answers:
        return answers_of(self.response)

    def take(self, data: QueryDict) -> bool:
        """Read what was sent. Whether it can be kept as it is; what stands in its way is in `errors`."""
        for step in self.steps:
            given = parse_section(step.section, data)
            self.given.append(given.answers)
            self.errors |= given.errors
            for address, values in given.answers.values.items():
                self.answers.put(address, values)
        for step in self.steps:
            missing = missing_in(step.section, self.answers, enabled_of(step, self.answers, clock.now().date()))
            self.errors |= {address: BirthDateForm.needed() for address in missing if address not in self.errors}
        return not self.errors

    @property
    def screens(self) -> list[tuple[str, str, list[Block]]]:
        """Heading, lead and questions of each."""
        today = clock.now().date()
        return [
            (s.section.text, lead_of(s.section), blocks_of(s, self.answers, today, self.errors)) for s in self.steps
        ]

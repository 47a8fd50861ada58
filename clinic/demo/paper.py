"""Rows of the demo's forms, waiting for their bulk insert."""

from dataclasses import dataclass, field

from clinic.demo.bulk import copy_in
from clinic.messaging.models import ClientLink
from intake.models import Consent, Invitation, PainDrawing, PainMark, Proposal, Questionnaire, RedFlag, Response


@dataclass(slots=True)
class Paper:
    """Rows waiting for their bulk insert."""

    links: list[ClientLink] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    drawings: list[PainDrawing] = field(default_factory=list)
    marks: list[PainMark] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    flags: list[RedFlag] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)

    def insert(self, form: Questionnaire) -> None:
        copy_in(self.links)
        copy_in(self.invitations)
        through = Invitation.questionnaires.through
        copy_in(through(invitation_id=row.pk, questionnaire_id=form.pk) for row in self.invitations)
        copy_in(self.responses)
        copy_in(self.drawings)
        copy_in(self.marks)
        copy_in(self.consents)
        copy_in(self.flags)
        copy_in(self.proposals)

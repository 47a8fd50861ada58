"""Rows of the demo's forms, waiting for their bulk insert."""

from dataclasses import dataclass, field

from clinic.messaging.models import ClientLink
from intake.models import Consent, Invitation, PainDrawing, PainMark, Questionnaire, RedFlag, Response


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

    def insert(self, form: Questionnaire) -> None:
        ClientLink.objects.bulk_create(self.links, batch_size=500)
        Invitation.objects.bulk_create(self.invitations, batch_size=500)
        through = Invitation.questionnaires.through
        through.objects.bulk_create(
            (through(invitation_id=row.pk, questionnaire_id=form.pk) for row in self.invitations), batch_size=1000
        )
        Response.objects.bulk_create(self.responses, batch_size=300)
        PainDrawing.objects.bulk_create(self.drawings, batch_size=1000)
        PainMark.objects.bulk_create(self.marks, batch_size=1000)
        Consent.objects.bulk_create(self.consents, batch_size=1000)
        RedFlag.objects.bulk_create(self.flags, batch_size=500)

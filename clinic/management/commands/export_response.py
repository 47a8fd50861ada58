import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.audit import services as audit
from intake.models import Response
from intake.services.answer_documents import export_response


class Command(BaseCommand):
    help = "Print a client's answers as the FHIR QuestionnaireResponse they are. That they were read is in the audit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=uuid.UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        response = Response.objects.select_related("client").filter(pk=options["id"]).first()
        if response is None:
            raise CommandError("There are no such answers.")
        audit.read(audit.SYSTEM, response, client=response.client)
        self.stdout.write(export_response(response).decode(), ending="")

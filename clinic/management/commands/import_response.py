from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.people.models import Client
from intake.services.answer_documents import import_response


class Command(BaseCommand):
    help = "Take in a completed FHIR R4 QuestionnaireResponse for a client, with the flags and alerts that follow."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--client", type=int, required=True, help="the client's number")

    def handle(self, *args: Any, **options: Any) -> None:
        client = Client.objects.filter(number=options["client"]).first()
        if client is None:
            raise CommandError(f"There is no client number {options['client']}.")
        try:
            text = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        response, report = import_response(text=text, client=client, by=None)
        for line in report.lines():
            self.stderr.write(line)
        if response is None:
            raise CommandError("Nothing was imported.")
        self.stdout.write(f"Answers {response.pk} of client number {client.number}.")

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.services.documents import import_questionnaire


class Command(BaseCommand):
    help = "Take in a FHIR R4 Questionnaire, or a Bundle of one with its ValueSets, as a new draft of its form."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish it, where the report allows")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        imported = import_questionnaire(text=text, by=None, publish=options["publish"])
        for line in imported.report.lines():
            self.stderr.write(line)
        form = imported.questionnaire
        if form is None:
            raise CommandError("Nothing was imported.")
        news = "" if imported.is_new else ", which was here already"
        self.stdout.write(f"{form.slug} version {form.version}: {form.get_status_display().lower()}{news}.")

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from intake.models import Questionnaire
from intake.services.documents import export_questionnaire


class Command(BaseCommand):
    help = "Print a form as the FHIR document it is: the newest version, or the one asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--form-version", type=int, dest="form_version")

    def handle(self, *args: Any, **options: Any) -> None:
        forms = Questionnaire.objects.filter(slug=options["slug"]).order_by("-version")
        if options["form_version"] is not None:
            forms = forms.filter(version=options["form_version"])
        form = forms.first()
        if form is None:
            raise CommandError(f"There is no form {options['slug']!r} in this version.")
        self.stdout.write(export_questionnaire(form).decode(), ending="")

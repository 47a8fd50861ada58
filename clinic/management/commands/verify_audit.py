from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.audit.verify import verify


class Command(BaseCommand):
    help = "Check every sealed audit event; name the first that was altered, removed or inserted, and exit with 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", default="", metavar="NUMBER:DIGEST", help="a newest seal kept elsewhere, as seal_audit printed it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(expected_head=options["head"])
        self.stdout.write(f"{verdict.sealed_events} events in {verdict.seals} seals are as they were written.")
        if verdict.unsealed_events:
            self.stdout.write(
                f"{verdict.unsealed_events} events are not sealed yet, from event {verdict.first_unsealed_id} on."
            )
        if not verdict.passed:
            raise CommandError(f"The audit trail was changed: {verdict.problem}.")
        self.stdout.write(self.style.SUCCESS("The audit trail holds."))

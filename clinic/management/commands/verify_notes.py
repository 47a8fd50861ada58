import argparse
import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.people.models import Client
from treatments.verification import Verdict, verify


class Command(BaseCommand):
    help = "Check every signed note against seal, proof, chain and audit trail; name each that differs, exit with 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", type=int, metavar="NUMBER", help="only the notes of this client")
        parser.add_argument(
            "--since", type=_day, metavar="DATE", help="only what was signed on or after this day (UTC)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clients = None
        if options["client"] is not None:
            clients = Client._base_manager.filter(number=options["client"])
            if not clients.exists():
                raise CommandError(f"There is no client {options['client']}.")
        verdict = verify(clients=clients, since=options["since"], goes_on=self._tell)
        for altered in verdict.altered:
            self.stdout.write(self.style.ERROR(str(altered)))
        if verdict.altered:
            raise CommandError(f"{len(verdict.altered)} notes are not what was signed, {verdict.notes} were checked.")
        self.stdout.write(self.style.SUCCESS(f"{verdict.notes} signed notes are as they were signed."))

    def _tell(self, verdict: Verdict) -> bool:
        if self.stderr.isatty():
            self.stderr.write(f"\r{verdict.notes} notes", ending="")
        return True


def _day(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day like 2026-03-01") from None

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.audit import seals
from clinic.audit.models import Seal


class Command(BaseCommand):
    help = "Seal audit events now, as the worker does every minute, and print the newest seal to keep elsewhere."

    def handle(self, *args: Any, **options: Any) -> None:
        done = seals.seal_pending(patience_seconds=30)
        if not done.is_settled:
            raise CommandError("A transaction that writes events has run for 30 seconds. Try again when it is done.")
        self.stdout.write(f"Sealed {done.events} events in {done.seals} seals.")
        head = Seal.objects.order_by("-number").first()
        if head:
            self.stdout.write(f"Newest seal: {head.number}:{head.digest}")

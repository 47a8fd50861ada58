from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.demo.seed import seed_demo


class Command(BaseCommand):
    help = "Fill an empty database with the demo practice. Does nothing when a practice exists."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo practice is for demo mode only. Start with PALPATE_DEMO=1.")
        written = seed_demo(say=lambda line: self.stdout.write(f"  {line}"))
        self.stdout.write("The demo practice is ready." if written else "A practice is there already; nothing written.")

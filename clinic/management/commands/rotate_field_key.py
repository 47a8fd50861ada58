from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from clinic.people import vault
from scheduling.models import OutsideCalendar

# Where allauth keeps what it encrypts: the authenticator app's secret, and the seed of the recovery codes.
ENCRYPTED = ("secret", "seed")


class Command(BaseCommand):
    help = (
        "Encrypt every kept secret anew with FIELD_KEY, so that OLD_FIELD_KEYS can be emptied. All or nothing; running"
        " it again does no harm."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        seeds, calendars = 0, 0
        try:
            for authenticator in Authenticator.objects.select_for_update():
                held = {name: vault.rotate(text) for name, text in authenticator.data.items() if name in ENCRYPTED}
                if held:
                    authenticator.data |= held
                    authenticator.save(update_fields=["data"])
                    seeds += 1
            for calendar in OutsideCalendar.objects.select_for_update():
                calendar.address = vault.rotate(calendar.address)
                calendar.save(update_fields=["address"])
                calendars += 1
        except InvalidToken as error:
            raise CommandError(
                "A secret fits none of the keys: add the key it was made with to OLD_FIELD_KEYS."
            ) from error
        self.stdout.write(f"{seeds} second factors and {calendars} outside calendars are under the newest key.")

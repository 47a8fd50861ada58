"""The database role the application signs in with in production: it cannot rewrite what must stay."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

# What the application never does to these tables, so its role cannot either.
WITHHELD: dict[str, str] = {
    "audit.Event": "UPDATE, DELETE",
    "audit.Seal": "UPDATE, DELETE",
    "people.Client": "DELETE",
    "intake.PainDrawing": "DELETE",
    "treatments.Addendum": "UPDATE, DELETE",
    "treatments.CoSignature": "UPDATE, DELETE",
    "treatments.Hypothesis": "UPDATE, DELETE",
    "treatments.Referral": "UPDATE, DELETE",
    "treatments.SessionNote": "DELETE",
}


class Command(BaseCommand):
    help = (
        "Create the role NAME if it is not there, and give it what the application needs and no more. Run it as the"
        " role that owns the tables, after every migrate; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        role = sql.Identifier(options["name"])
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [options["name"]])
            me, exists = cursor.fetchone()
            if me == options["name"]:
                raise CommandError("NAME owns the tables. The application needs a role of its own.")
            for statement in self._statements(exists=exists):
                cursor.execute(statement.format(role=role).as_string(cursor.connection))
        self.stdout.write(f"{options['name']} may do what the application does, and cannot rewrite the record.")
        if not exists:
            self.stdout.write(f'It has no password yet: ALTER ROLE "{options["name"]}" PASSWORD …')

    @staticmethod
    def _statements(*, exists: bool) -> list[sql.SQL]:
        statements = [] if exists else ["CREATE ROLE {role} LOGIN"]
        statements += [
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            'REVOKE INSERT, UPDATE, DELETE ON "django_migrations" FROM {role}',
        ]
        for label, verbs in WITHHELD.items():
            statements.append(f'REVOKE {verbs} ON "{apps.get_model(label)._meta.db_table}" FROM {{role}}')
        return [sql.SQL(statement) for statement in statements]

"""Puts back what a migration ships after a test has emptied every table, sooner than shipping it anew."""

from typing import Any

from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from treatments import vocabulary

SECONDS_TO_LET_GO = 20


def empty(sql: list[str]) -> None:
    """Empty the tables once nobody holds them any more.

    When a test ends, the server may still be answering a page that has just been closed, and a worker finishing what
    it had begun. Raises OperationalError when they never end.
    """
    for is_last in (False, False, True):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{SECONDS_TO_LET_GO}s'")
                cursor.execute("SET LOCAL session_replication_role = replica")  # signed notes resist being emptied
                for statement in sql:
                    cursor.execute(statement)
        except OperationalError:  # a deadlock, of which this one was the victim
            if is_last:
                raise
        else:
            return


class Pristine:
    """The rows of a database nobody has used yet: the knowledge, the ready forms, rights and the like.

    After a flush Django emits `post_migrate`, and a second goes by until all of it is written again. Copied back it
    takes a tenth of that, after each of some two hundred tests.
    """

    def __init__(self) -> None:
        name = connection.settings_dict["NAME"]
        if not str(name).startswith("test_"):
            raise RuntimeError(f"{name} is no database of tests: a test that needs one must ask for `db`")
        call_command("flush", verbosity=0, interactive=False)  # whatever a run that was broken off has left
        with connection.cursor() as cursor:
            tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
            held = {table: self._rows_of(cursor, table) for table in tables}
        self.rows = {table: rows for table, rows in held.items() if rows}

    @staticmethod
    def _rows_of(cursor: Any, table: str) -> bytes:
        with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as rows:
            return b"".join(rows)

    @transaction.atomic
    def put_back(self, *_arguments: Any) -> None:
        """In place of the signal: every table has just been emptied."""
        with connection.cursor() as cursor:
            for table, rows in self.rows.items():
                with cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN") as copy:
                    copy.write(rows)
        vocabulary.forget()

"""Many rows at once by COPY: several times as fast as INSERT. Constraints and triggers hold as ever."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from psycopg import sql


def copy_in(rows: Iterable[models.Model]) -> None:
    """Rows of one model, unsaved, into its table."""
    waiting = list(rows)
    if not waiting:
        return
    meta = waiting[0]._meta
    fields = [
        field for field in meta.concrete_fields if not field.generated and not isinstance(field, models.AutoField)
    ]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in waiting:
            copy.write_row(_values(row, fields))
    for row in waiting:
        row._state.adding, row._state.db = False, connection.alias


def _values(row: models.Model, fields: list[Any]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]

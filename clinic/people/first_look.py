"""The first of the two statements that a suggestion of clients may take."""

from typing import Any

from django.core.exceptions import EmptyResultSet

# Each step is taken only when the one before found too little: the planner asks the count first and leaves the rest.
_SQL = """
WITH called AS MATERIALIZED (SELECT pk, row_number() OVER () AS place FROM ({called}) AS row (pk)),
matching AS MATERIALIZED (
    SELECT pk, {limit} + row_number() OVER () AS place FROM ({matching}) AS row (pk)
    WHERE (SELECT count(*) FROM called) < {limit}
),
found AS (
    SELECT pk, min(place) AS place FROM (TABLE called UNION ALL TABLE matching) AS row
    GROUP BY pk ORDER BY min(place) LIMIT {limit}
)
SELECT client.*, NULL AS asked, NULL AS word, place FROM found JOIN people_client AS client ON client.id = pk
"""
_WORDS = """
UNION ALL SELECT (NULL::people_client).*, asked, word, NULL FROM ({near}) AS row (asked, word)
WHERE (SELECT count(*) FROM found) < {few}
"""


def first_look(clients: Any, *, called: Any, matching: Any, near: list[Any], limit: int, few: int) -> list[Any]:
    """Who is called so, then who matches, in order; when they are but few, rows without a key for the words `near`.

    1 query. The rows are clients with `asked` and `word`: the word that was asked for, and one that it may mean.
    """
    parts = [_compiled(called.values("pk")[:limit]), _compiled(matching.values("pk")[:limit])]
    text = _SQL
    if near:
        parts.append(_compiled(near[0].union(*near[1:], all=True) if len(near) > 1 else near[0]))
        text += _WORDS
    names = dict(zip(("called", "matching", "near"), (sql for sql, _params in parts), strict=False))
    params = [param for _sql, more in parts for param in more]
    rows = clients.raw(text.format(**names, limit=limit, few=few), params)
    return sorted(rows, key=lambda row: row.place or 0)


def _compiled(queryset: Any) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, params = queryset.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::uuid WHERE false", ()
    return sql, params

"""GET /healthz: whether every part of the system works, for load balancers and people."""

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from clinic import heartbeat
from clinic.people.access import public

OK, UNREACHABLE, SILENT, UNKNOWN = "ok", "unreachable", "no sign of life for 30 seconds", "unknown"


@public("Says whether the parts of the system work, nothing about anybody.")
@never_cache
@require_safe
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> JsonResponse:
    """Each part's state; 503 unless all are well. One trivial query to the database, one to the broker."""
    parts = {"database": _database(), **_broker_and_those_behind_it()}
    well = all(state == OK for state in parts.values())
    return JsonResponse({"status": OK if well else "unavailable", **parts}, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return UNREACHABLE
    return OK


def _broker_and_those_behind_it() -> dict[str, str]:
    try:
        alive = heartbeat.alive()
    except (RedisError, OSError):
        return {"broker": UNREACHABLE, **dict.fromkeys(heartbeat.PARTS, UNKNOWN)}
    return {"broker": OK, **{part: OK if part in alive else SILENT for part in heartbeat.PARTS}}

"""What a calendar program reads at a secret address."""

from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.middleware import client_address
from clinic.core import clock
from clinic.core.throttles import PublicThrottle
from clinic.people.access import background, public
from scheduling import feeds
from scheduling.services.feeds import note_read

_REASON = "A 256-bit address; wrong, revoked and ended ones are the same 404. It names neither clients nor services."


class _Throttle(PublicThrottle):
    """By address, right or wrong: a whole practice may ask from one."""

    rate = "240/min"

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return f"feed-throttle-{client_address(request)}"


@public(_REASON)
@background
@require_safe
def read(request: HttpRequest, token: str) -> HttpResponse:
    """The feed, or 304 for who has it already. Three queries, one more every five minutes."""
    throttle = _Throttle()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]
        wait = int(throttle.wait() or 60) + 1
        return HttpResponse(_("Ask less often."), status=429, content_type="text/plain", headers={"Retry-After": wait})
    feed = feeds.find(token)
    visits = feeds.visits_of(feed, now=clock.now())
    etag = feeds.etag_of(feed, visits)
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(feeds.render(feed, visits), content_type="text/calendar; charset=utf-8")
    note_read(feed=feed)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response

"""Web sites that may show the booking page inside their own: origins, as `frame-ancestors` takes them."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from clinic.core.errors import Refused

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
LONGEST = 200


def origin_of(text: str) -> str:
    """An origin as browsers compare it: https, host in lower case, port only if it is unusual. Raises Refused."""
    parts = _split(text)
    if parts is None:
        raise Refused(
            _("“%(text)s” is not the address of a web site. Write it as https://www.example.org, without a path.")
            % {"text": text.strip()[:60]},
            code="not-an-origin",
        )
    host, port = parts
    return f"https://{host}" if port in (None, 443) else f"https://{host}:{port}"


def _split(text: str) -> tuple[str, int | None] | None:
    """Host and port; None for what is no origin."""
    if len(text) > LONGEST:
        return None
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError):
        return None
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme != "https" or not is_bare or not _HOST.fullmatch(host) or len(host) > 253 or port == 0:
        return None
    return host, port

"""Fetching what lies at an address that somebody typed in: from the public internet only, never for long, never much.

The name is resolved first, every address it has is checked, and the connection goes to a checked one, under the name
for TLS and the Host header: a name that changes its address in between (DNS rebinding) changes nothing. Each redirect
is a new address and is checked anew. Proxies of the environment are not used. One deadline holds for everything, and a
watchdog cuts the line when it has come, so that a server which sends a byte every few seconds gains no time.
"""

import contextlib
import http.client
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from clinic.core.public_net import is_public

MOST_REDIRECTS = 3
MOST_BYTES = 5 * 1024 * 1024
SECONDS, CONNECT_SECONDS, SILENCE_SECONDS = 20.0, 5.0, 10.0
LONGEST_ADDRESS, LONGEST_MARK = 2000, 200
_CHUNK = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
_UNPACK = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_SAFE = "%/:=&?~+!$,;'@()*[]"


class Unfetchable(Exception):
    """Why nothing came of it: `reason` is a word for programs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came, unpacked; or nothing, because it is as it was. The marks are sent along next time."""

    body: bytes = b""
    etag: str = ""
    last_modified: str = ""
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class _Target:
    """An address, taken apart."""

    host: str
    port: int
    path: str


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def checked(address: str) -> str:
    """The address as it is fetched; webcal is https by another name. Raises Unfetchable; asks nobody."""
    address = address.strip()
    scheme, _colon, rest = address.partition(":")
    if scheme.lower() in ("webcal", "webcals"):
        address = f"https:{rest}"
    _target(address)
    return address


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How to fetch. Tests put a server of their own in the place of the internet."""

    resolve: Callable[[str, int], list[str]] = resolve
    is_allowed: Callable[[str], bool] = is_public
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = SECONDS

    def fetch(self, address: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """What lies at an address, or that it is unchanged since the marks. Raises Unfetchable, after `seconds` at
        the latest."""
        deadline = time.monotonic() + self.seconds
        headers = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "gzip", "User-Agent": "Palpate"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        address = checked(address)
        for _hop in range(MOST_REDIRECTS + 1):
            with _told(deadline), self._connected(_target(address), deadline) as connection:
                connection.request("GET", _target(address).path, headers={**headers, "Connection": "close"})
                response = connection.getresponse()
                if response.status not in _MOVED:
                    return _taken(response, deadline)
                address = checked(urljoin(address, response.headers.get("Location") or "http:"))
        raise Unfetchable("too-many-redirects")

    @contextlib.contextmanager
    def _connected(self, target: _Target, deadline: float) -> Iterator[http.client.HTTPSConnection]:
        """A connection to a checked address of the target that lasts until the deadline and no longer."""
        ip = self._address_of(target, deadline)
        left = deadline - time.monotonic()
        with contextlib.ExitStack() as stack:
            line = socket.create_connection((ip, target.port), timeout=max(0.1, min(CONNECT_SECONDS, left)))
            stack.callback(line.close)
            watched = stack.enter_context(line.dup())  # stays when TLS takes the socket over
            watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [watched])
            watchdog.daemon = True
            stack.callback(watchdog.cancel)
            watchdog.start()
            line.settimeout(SILENCE_SECONDS)
            context = self.tls()
            connection = http.client.HTTPSConnection(target.host, target.port, context=context)
            stack.callback(connection.close)
            connection.auto_open = 0  # it would resolve the name by itself
            connection.sock = context.wrap_socket(line, server_hostname=target.host)
            yield connection

    def _address_of(self, target: _Target, deadline: float) -> str:
        """One of the name's addresses, when all of them may be asked. Raises Unfetchable."""
        found: queue.Queue[list[str]] = queue.Queue()

        def look_up() -> None:
            try:
                found.put(self.resolve(target.host, target.port))
            except (OSError, UnicodeError):
                found.put([])

        threading.Thread(target=look_up, daemon=True).start()
        try:
            addresses = found.get(timeout=max(0.1, min(SILENCE_SECONDS, deadline - time.monotonic())))
        except queue.Empty:
            raise Unfetchable("unknown-host") from None
        if not addresses:
            raise Unfetchable("unknown-host")
        if not all(map(self.is_allowed, addresses)):
            raise Unfetchable("not-public")
        return addresses[0]


def _target(address: str) -> _Target:
    """Raises Unfetchable for what is no https address, or says more than where to go."""
    if len(address) > LONGEST_ADDRESS:
        raise Unfetchable("no-address")
    try:
        parts: SplitResult = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or 443
    except (ValueError, UnicodeError):
        raise Unfetchable("no-address") from None
    if parts.scheme.lower() != "https":
        raise Unfetchable("not-https")
    if parts.username is not None or parts.password is not None:
        raise Unfetchable("has-password")
    if not host or any(each.isspace() or not each.isprintable() for each in address):
        raise Unfetchable("no-address")
    if port != 443 and port < 1024:
        raise Unfetchable("not-public")  # mail servers and the like, which have nothing to say here
    query = f"?{parts.query}" if parts.query else ""
    return _Target(host, port, quote(f"{parts.path or '/'}{query}", safe=_SAFE))


def _taken(response: http.client.HTTPResponse, deadline: float) -> Fetched:
    """Read the answer to its end, unpacked as it comes. Raises Unfetchable."""
    if response.status == 304:
        return Fetched(is_unchanged=True)
    if response.status != 200:
        reasons = {401: "forbidden", 403: "forbidden", 404: "not-there", 410: "not-there"}
        raise Unfetchable(reasons.get(response.status, "no-answer"))
    if (response.length or 0) > MOST_BYTES:
        raise Unfetchable("too-large")
    body = b"".join(_unpacked(response, deadline))
    if response.length or time.monotonic() >= deadline:
        raise Unfetchable("too-slow" if time.monotonic() >= deadline else "broken-off")
    return Fetched(body, etag=_mark(response, "ETag"), last_modified=_mark(response, "Last-Modified"))


def _unpacked(response: http.client.HTTPResponse, deadline: float) -> Iterator[bytes]:
    packing = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing not in (*_UNPACK, "identity"):
        raise Unfetchable("garbled")
    unpack = zlib.decompressobj(wbits=_UNPACK[packing]) if packing in _UNPACK else None
    packed = size = 0
    while chunk := response.read1(_CHUNK):
        packed += len(chunk)
        if unpack:
            chunk = unpack.decompress(chunk, MOST_BYTES - size + 1)
        size += len(chunk)
        if max(size, packed) > MOST_BYTES:
            raise Unfetchable("too-large")
        if time.monotonic() >= deadline:
            raise Unfetchable("too-slow")
        yield chunk
    if unpack and not unpack.eof:
        raise Unfetchable("broken-off")


def _mark(response: http.client.HTTPResponse, name: str) -> str:
    """A header to send back next time; one that is odd is not worth it."""
    value = response.headers.get(name) or ""
    return value if len(value) <= LONGEST_MARK and value.isascii() and value.isprintable() else ""


@contextlib.contextmanager
def _told(deadline: float) -> Iterator[None]:
    """What goes wrong below, in our words. Raises Unfetchable."""
    try:
        yield
    except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
        raise Unfetchable(_reason(error, is_late=time.monotonic() >= deadline)) from None


def _reason(error: Exception, *, is_late: bool) -> str:
    if is_late or isinstance(error, TimeoutError):
        return "too-slow"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "untrusted"
    if isinstance(error, http.client.IncompleteRead):
        return "broken-off"
    if isinstance(error, (http.client.HTTPException, zlib.error)) and not isinstance(error, ConnectionError):
        return "garbled"
    return "no-answer" if isinstance(error, OSError) else "garbled"


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)

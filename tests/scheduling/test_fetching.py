"""Fetching from addresses that people type in: never from the house's own network, never for long, never much."""

import gzip
import itertools
import socket
import time
import zlib
from typing import Any

import pytest

from clinic.core.fetching import MOST_BYTES, Fetched, Fetcher, Unfetchable, checked
from clinic.core.public_net import is_public
from tests.scheduling.internet import Server, drip, flood, hang, internet, moved, ok

__all__ = ["internet"]
FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def reason(fetcher: Fetcher, address: str, within: float = 8) -> str:
    """Why nothing comes of it, which must be told in time."""
    began = time.monotonic()
    with pytest.raises(Unfetchable) as refused:
        fetcher.fetch(address)
    assert time.monotonic() - began < within
    return refused.value.reason


def test_a_file_arrives_with_what_to_ask_by_next_time(internet: Server) -> None:
    internet.answers["/c.ics"] = ok(FILE, 'ETag: "a1"', "Last-Modified: Mon, 01 Jun 2026 08:00:00 GMT")
    address = internet.address("/c.ics?key=a%2Fb")
    internet.answers["/c.ics?key=a%2Fb"] = internet.answers["/c.ics"]
    came = internet.fetcher().fetch(address)
    assert came == Fetched(FILE, '"a1"', "Mon, 01 Jun 2026 08:00:00 GMT")
    assert f"Host: calendar.test:{internet.port}" in internet.asked[0]
    internet.answers["/c.ics?key=a%2Fb"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    again = internet.fetcher().fetch(address, etag=came.etag, last_modified=came.last_modified)
    assert again.is_unchanged
    assert 'If-None-Match: "a1"' in internet.asked[1]
    assert "If-Modified-Since: Mon, 01 Jun 2026" in internet.asked[1]


def test_packed_chunked_and_moved_files_arrive_too(internet: Server) -> None:
    packed = gzip.compress(FILE)
    internet.answers["/packed"] = ok(packed, "Content-Encoding: gzip")
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in (FILE[:9], FILE[9:])) + b"0\r\n\r\n"
    internet.answers["/chunked"] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
    internet.answers["/moved"] = moved("/packed")
    for path in ("/packed", "/chunked", "/moved"):
        assert internet.fetcher().fetch(internet.address(path)).body == FILE


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://calendar.test/c.ics", "not-https"),
        ("file:///etc/passwd", "not-https"),
        ("gopher://calendar.test/", "not-https"),
        ("calendar.test/c.ics", "not-https"),
        ("", "not-https"),
        ("https://", "no-address"),
        ("https:///c.ics", "no-address"),
        ("https://calendar.test:99999/", "no-address"),
        ("https://calendar.test:nonsense/", "no-address"),
        ("https://[::1/", "no-address"),
        ("https://calendar.test/a b", "no-address"),
        ("https://calendar.test/\r\nX-Evil: 1", "no-address"),
        ("https://cal\tendar.test/", "no-address"),
        ("https://" + "a" * 64 + ".test/", "no-address"),
        ("https://calendar.test/" + "a" * 2000, "no-address"),
        ("https://somebody:secret@calendar.test/", "has-password"),
        ("https://somebody@calendar.test/", "has-password"),
        ("https://calendar.test:25/", "not-public"),
    ],
)
def test_an_address_is_looked_at_before_anybody_is_asked(address: str, expected: str) -> None:
    with pytest.raises(Unfetchable) as refused:
        checked(address)
    assert refused.value.reason == expected


def test_webcal_is_https_by_another_name() -> None:
    assert checked(" webcal://calendar.test/c.ics\n") == "https://calendar.test/c.ics"
    assert checked("webcals://calendar.test/c.ics") == "https://calendar.test/c.ics"


PRIVATE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.8", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),  # noqa: S104
    *("100.100.100.200", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *(
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.8",
        "::ffff:8.8.8.8%eth0",
        "fe80::1",
        "fe80::1%lo",
    ),
    *("fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:8", "2002:7f00:1::"),
    *("2002:a00:8::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1", "100::1", "3fff::1", "nonsense", "1"),
)


def test_only_public_addresses_are_public() -> None:
    assert [each for each in PRIVATE if is_public(each)] == []
    public = ("8.8.8.8", "1.1.1.1", "93.184.215.14", "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450:4001:80b::200e")
    assert [each for each in public if not is_public(each)] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]"])
def test_the_house_itself_is_refused_however_it_is_written(host: str, internet: Server) -> None:
    assert reason(Fetcher(), f"https://{host}:{internet.port}/c.ics") in {"not-public", "unknown-host"}
    assert internet.asked == []


@pytest.mark.parametrize("host", ["router.test", "mixed.test", "metadata.test", "10.0.0.8", "[::ffff:10.0.0.8]"])
def test_neither_an_address_nor_a_redirect_leads_inside(host: str, internet: Server) -> None:
    fetcher = internet.fetcher()
    assert reason(fetcher, f"https://{host}/c.ics") == "not-public"
    internet.answers["/go"] = moved(f"https://{host}/admin")
    assert reason(fetcher, internet.address("/go")) == "not-public"
    internet.answers["/plain"] = moved(f"http://{host}/admin")
    assert reason(fetcher, internet.address("/plain")) == "not-https"


def test_a_name_that_changes_its_address_is_asked_for_once(internet: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when it is checked, private when it is connected to."""
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["10.0.0.8"]))
    asked: list[Any] = []
    connect = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda to, **rest: asked.append(to) or connect(to, **rest))
    internet.answers["/c.ics"] = ok(FILE)
    fetcher = Fetcher(
        resolve=lambda _host, _port: next(answers), is_allowed=lambda ip: ip == "127.0.0.1", tls=internet.fetcher().tls
    )
    assert fetcher.fetch(internet.address("/c.ics")).body == FILE
    assert asked == [("127.0.0.1", internet.port)]


def test_proxies_of_the_environment_are_not_used(internet: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    internet.answers["/c.ics"] = ok(FILE)
    assert internet.fetcher().fetch(internet.address("/c.ics")).body == FILE


def test_a_loop_ends_after_three_redirects(internet: Server) -> None:
    internet.answers["/loop"] = moved("/loop")
    assert reason(internet.fetcher(), internet.address("/loop")) == "too-many-redirects"
    assert len(internet.asked) == 4


@pytest.mark.parametrize(
    "answer",
    [hang, drip(b""), drip(b"HTTP/1.1 200 OK\r\nX-Header: "), drip(b"HTTP/1.1 200 OK\r\n\r\n")],
    ids=["silent", "status by the byte", "header by the byte", "body by the byte"],
)
def test_who_is_slow_gains_no_time(answer: Any, internet: Server) -> None:
    internet.answers["/slow"] = answer
    assert reason(internet.fetcher(seconds=0.4), internet.address("/slow"), within=4) == "too-slow"


def test_neither_does_who_never_says_who_it_is(internet: Server) -> None:
    internet.shakes_hands = False
    assert reason(internet.fetcher(seconds=0.4), internet.address("/c.ics"), within=4) == "too-slow"


def test_neither_does_a_name_server_that_says_nothing(internet: Server) -> None:
    fetcher = Fetcher(resolve=lambda _host, _port: [str(internet.stop.wait(5))], seconds=0.4)
    assert reason(fetcher, internet.address("/c.ics"), within=4) == "unknown-host"


def test_a_gigabyte_is_not_taken(internet: Server) -> None:
    internet.answers["/flood"] = flood
    assert reason(internet.fetcher(), internet.address("/flood")) == "too-large"
    internet.stop.wait(0.05)
    assert internet.sent_bytes < 8 * MOST_BYTES
    internet.answers["/said"] = b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"
    assert reason(internet.fetcher(), internet.address("/said")) == "too-large"


def test_what_unpacks_to_more_than_it_weighs_is_not_unpacked(internet: Server) -> None:
    pack = zlib.compressobj(1, wbits=31)
    bomb = b"".join(pack.compress(bytes(1024 * 1024)) for _megabyte in range(30)) + pack.flush()
    assert len(bomb) < 200_000
    internet.answers["/bomb"] = ok(bomb, "Content-Encoding: gzip")
    assert reason(internet.fetcher(), internet.address("/bomb")) == "too-large"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "not-there"),
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "forbidden"),
        (b"HTTP/1.1 500 Oh\r\n\r\n", "no-answer"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "no-answer"),
        (b"SSH-2.0-OpenSSH\r\n", "garbled"),
        (b"HTTP/1.1 302 Found\r\n\r\n", "not-https"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nBEGIN:VCALENDAR", "broken-off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nBEGIN", "broken-off"),
        (ok(gzip.compress(FILE, mtime=0)[:-12], "Content-Encoding: gzip"), "broken-off"),
        (ok(b"not packed", "Content-Encoding: gzip"), "garbled"),
        (ok(FILE, "Content-Encoding: br"), "garbled"),
        (b"", "no-answer"),
    ],
)
def test_what_comes_instead_of_a_file_has_a_name(answer: bytes, expected: str, internet: Server) -> None:
    internet.answers["/odd"] = answer
    assert reason(internet.fetcher(), internet.address("/odd")) == expected


def test_a_certificate_must_be_of_the_name_that_was_asked_for(internet: Server) -> None:
    internet.answers["/c.ics"] = ok(FILE)
    assert reason(internet.fetcher(), internet.address("/c.ics", host="other.test")) == "untrusted"
    stranger = Fetcher(resolve=lambda *_: ["127.0.0.1"], is_allowed=lambda _ip: True)
    assert reason(stranger, internet.address("/c.ics")) == "untrusted"


def test_where_nobody_listens_there_is_no_answer(internet: Server) -> None:
    internet.close()
    assert reason(internet.fetcher(), internet.address("/c.ics")) in {"no-answer", "too-slow"}

"""A server of our own in the place of the internet: real TLS, real names, and every bad habit."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clinic.core.fetching import Fetcher
from clinic.core.public_net import is_public

NAMES = {
    "calendar.test": ["127.0.0.1"],
    "other.test": ["127.0.0.1"],
    "router.test": ["192.168.1.1"],
    "mixed.test": ["127.0.0.1", "10.0.0.8"],
    "metadata.test": ["169.254.169.254"],
}
Answer = Callable[["Server", ssl.SSLSocket, str], None]


class Server:
    """What it was asked for, and what it answers by path."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        certificate = folder / "server.pem"
        certificate.write_bytes(_certificate(self.authority))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)
        self.asked: list[str] = []
        self.answers: dict[str, bytes | Answer] = {}
        self.stop = threading.Event()
        self.sent_bytes = 0
        self.shakes_hands = True
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def address(self, path: str, host: str = "calendar.test") -> str:
        return f"https://{host}:{self.port}{path}"

    def fetcher(self, seconds: float = 5) -> Fetcher:
        return Fetcher(
            resolve=lambda host, _port: NAMES.get(host) or [str(ipaddress.ip_address(host))],
            is_allowed=lambda ip: ip == "127.0.0.1" or is_public(ip),
            tls=lambda: ssl.create_default_context(cafile=str(self.authority)),
            seconds=seconds,
        )

    def close(self) -> None:
        self.stop.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes who waits for the next; closing alone would not
        self._socket.close()

    def send(self, line: ssl.SSLSocket, data: bytes) -> None:
        line.sendall(data)
        self.sent_bytes += len(data)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _peer = self._socket.accept()
                threading.Thread(target=self._answer, args=[line], daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        if not self.shakes_hands:
            self.stop.wait(10)
        with contextlib.suppress(OSError), self.tls.wrap_socket(line, server_side=True) as secured:
            request = secured.recv(8192).decode("latin-1")
            path = request.split(" ")[1]
            self.asked.append(request)
            answer = self.answers.get(path, b"HTTP/1.1 404 Not Found\r\n\r\n")
            if isinstance(answer, bytes):
                secured.sendall(answer)
            else:
                answer(self, secured, request)


def ok(body: bytes, *headers: str) -> bytes:
    head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers])
    return f"{head}\r\n\r\n".encode() + body


def moved(to: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def drip(start: bytes) -> Answer:
    """A byte now and then, for ever."""

    def answer(server: Server, line: ssl.SSLSocket, _request: str) -> None:
        server.send(line, start)
        while not server.stop.wait(0.05):
            server.send(line, b"x")

    return answer


def hang(server: Server, _line: ssl.SSLSocket, _request: str) -> None:
    server.stop.wait(10)


def flood(server: Server, line: ssl.SSLSocket, _request: str) -> None:
    """A gigabyte, if somebody takes it."""
    server.send(line, b"HTTP/1.1 200 OK\r\n\r\n")
    for _megabyte in range(1024):
        server.send(line, b"\0" * 1024 * 1024)


def _certificate(authority: Path) -> bytes:
    """Signed by itself, and its own authority, for every name above but other.test."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "calendar.test")])
    names = [x509.DNSName(each) for each in NAMES if each != "other.test"]
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    told = signed.public_bytes(serialization.Encoding.PEM)
    authority.write_bytes(told)
    private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*private) + told


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.close()

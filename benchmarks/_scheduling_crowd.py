"""Eight clients at once against the server as bin/serve starts it: two workers with four threads each."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from _scheduling_work import addresses, signed_in  # isort: skip  # beside this file

SECONDS = 6.0
MANY = 8
ROWS = ("free times, one therapist, one day", "day calendar of one location")


@contextmanager
def serving(database: str) -> Iterator[int]:
    """The port of a server of its own."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "clinic.wsgi:application", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "4", "--preload", "--log-level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database})
    try:
        for _ in range(150):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def crowd(database: str) -> list[str]:
    """One client and eight, on the same requests; a line each."""
    found = addresses()
    cookies = [signed_in(number).cookies[settings.SESSION_COOKIE_NAME].value for number in range(1, MANY + 1)]
    lines = []
    with serving(database) as port:
        for row in ROWS:
            _asked(port, found[row], cookies[:4], 2.0)  # warm
            one, many = _asked(port, found[row], cookies[:1], SECONDS), _asked(port, found[row], cookies, SECONDS)
            more = len(many) / len(one)
            p50, p95 = statistics.median(one), statistics.quantiles(many, n=20)[18]
            verdict = "met" if more >= 1.7 and p95 <= 12 * p50 else "missed"
            lines.append(
                f"{row}: {len(one) / SECONDS:.0f} a second alone, {len(many) / SECONDS:.0f} with {MANY} "
                f"({more:.2f} ×, wanted 1.7); p95 {p95:.0f} ms = {p95 / p50:.1f} × the p50 of one "
                f"({p50:.0f} ms, wanted at most 12): {verdict}"
            )
    return lines


def _asked(port: int, path: str, cookies: list[str], seconds: float) -> list[float]:
    times: list[float] = []
    until = time.perf_counter() + seconds

    def ask(cookie: str) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < until:
            began = time.perf_counter()
            link.request("GET", path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"})
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} at {path}")
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=ask, args=(cookie,)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times

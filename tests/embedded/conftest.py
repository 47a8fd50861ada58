"""A data folder that every account can reach, and a supervisor for it."""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clinic.core.embedded import places
from clinic.core.embedded.children import Command
from clinic.core.embedded.supervisor import Supervisor


@contextmanager
def data_folder() -> Iterator[Path]:
    """A short folder that every account can reach; gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="palpate-tests-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    for used in (folder, *folder.iterdir()):
        places.remove_sockets(used)
    shutil.rmtree(folder)


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder() as folder:
        yield folder


@pytest.fixture
def said() -> list[str]:
    """What the supervisor says."""
    return []


@pytest.fixture
def supervisor(data: Path, said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(data / "run", said.append) as supervisor:
        yield supervisor


def script(data: Path, code: str, name: str = "child", **more: object) -> Command:
    """A child that runs a few lines of Python."""
    return Command(name, (sys.executable, "-c", code), data / "logs" / f"{name}.log", **more)  # type: ignore[arg-type]


def wait_until(true: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)

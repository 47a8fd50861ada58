"""Waits for the supervisor's end, however it comes, and stops what it left running.

Run as `python -m clinic.core.embedded.guard FOLDER` with a pipe from the supervisor as standard input: a
supervisor that is killed closes the pipe, and the guard stops every process recorded in the folder.
"""

import os
import signal
import sys
from pathlib import Path

from clinic.core.embedded import records


def main() -> None:
    """Block until the pipe closes, then stop what is recorded."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    folder = Path(sys.argv[1])
    while os.read(0, 1):
        continue
    records.stop_all(folder)


if __name__ == "__main__":
    main()

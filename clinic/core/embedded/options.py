"""The command line of `bin/serve`: standard library only, so that --help answers before anything is installed."""

import argparse
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FIRST_PORT = 8000


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options given; a wrong one ends the program with a word on what is wrong."""
    parser = argparse.ArgumentParser(
        prog="bin/serve",
        description="Set up and start Palpate on this machine. Ctrl-C stops it.",
        epilog="DATABASE_URL, REDIS_URL and EMAIL_URL, when set, are used instead of the servers that come along.",
    )
    parser.add_argument(
        "--port", type=_port, help=f"port on this machine (default: the first free one from {FIRST_PORT})"
    )
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="folder for all data (default: var/)")
    parser.add_argument("--reset", action="store_true", help="remove the demo's data first")
    parser.add_argument("--empty", action="store_true", help="no demo: set up a real practice in the browser")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


if __name__ == "__main__":
    parse()

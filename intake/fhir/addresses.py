"""Where an answer stands: its linkId, after the rows of what repeats above it.

`height` · `pain:1/when` (second row of the group `pain`) · `smokes:0/since` (under the first answer to `smokes`).
`%`, `/` and `:` within a linkId are percent-encoded.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote

Step = tuple[str, int]
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


def encoded(link_id: str) -> str:
    return link_id.replace("%", "%25").replace("/", "%2F").replace(":", "%3A")


def join(prefix: str, link_id: str) -> str:
    """The address of an item below `prefix`, which is empty or ends with a slash."""
    return prefix + encoded(link_id)


def row(address: str, number: int) -> str:
    """What stands before the addresses in a row of a group, or under an answer to a question."""
    return f"{address}:{number}/"


def parse(address: str) -> tuple[tuple[Step, ...], str]:
    """The rows above, outermost first, and the linkId. Raises ValueError for what is no address."""
    *above, last = address.split("/")
    steps = []
    for part in above:
        name, colon, number = part.rpartition(":")
        if not colon or not number.isdecimal():
            raise ValueError(f"no row in {part!r}")
        steps.append((unquote(name), int(number)))
    if ":" in last:
        raise ValueError("an address ends with a linkId")
    return tuple(steps), unquote(last)


def link_id_of(address: str) -> str:
    return unquote(address.rpartition("/")[2])


def address_of(steps: Iterable[Step], link_id: str) -> str:
    return "".join(f"{encoded(name)}:{number}/" for name, number in steps) + encoded(link_id)


def html_id(address: str) -> str:
    """Fit for an `id` attribute and a CSS selector; two addresses never share one."""
    return _UNSAFE.sub(lambda found: f"_{ord(found[0]):x}_", address.replace("_", "_5f_"))

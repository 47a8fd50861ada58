"""A QR code as the path of an SVG: nothing but attributes, no style, no script."""

from dataclasses import dataclass
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES = 4  # the margin that scanners need (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class QrCode:
    """`size` in modules, the quiet zone included; `path` draws the dark ones."""

    size: int
    path: str


def qr_of(text: str) -> QrCode:
    """The code of an address. Pure."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
    code.add_data(text)
    rows = code.get_matrix()
    return QrCode(len(rows), "".join(_runs(y, row) for y, row in enumerate(rows)))


def _runs(y: int, row: list[bool]) -> str:
    """One row as horizontal bars: a few hundred characters for a whole code."""
    parts, x = [], 0
    for is_dark, cells in groupby(row):
        width = len(list(cells))
        if is_dark:
            parts.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(parts)

"""A drawing as a file of its own, for paper and for what is sent: SVG and PNG of one view."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from intake.exports import png, svg
from intake.exports.scene import scene_of
from intake.models import PainDrawing


def as_svg(drawing: PainDrawing, view: str, *, zone: ZoneInfo) -> str:
    """The view's name, the day, whose left and right, each mark with its number. No query with marks prefetched."""
    return svg.write(scene_of(_marks(drawing), view, drawn_on=_day(drawing, zone)))


def as_png(drawing: PainDrawing, view: str, *, zone: ZoneInfo) -> bytes:
    """As the SVG, 1280 pixels wide."""
    return png.write(scene_of(_marks(drawing), view, drawn_on=_day(drawing, zone)))


def _marks(drawing: PainDrawing) -> Iterable[Any]:
    return drawing.marks.all()


def _day(drawing: PainDrawing, zone: ZoneInfo) -> dt.date:
    return drawing.drawn_at.astimezone(zone).date()

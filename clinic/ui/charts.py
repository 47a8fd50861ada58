"""Coordinates for small server-drawn charts. Pure."""

from collections.abc import Iterable
from typing import Any

WIDTH, HEIGHT, PADDING = 84.0, 26.0, 3.0


def sparkline(values: Iterable[float | None], *, low: float, high: float, goal: float | None = None) -> dict[str, Any]:
    """Path, last point and goal line of a sparkline; missing answers leave a gap. Larger values stand higher."""
    points = list(values)
    step = (WIDTH - 2 * PADDING) / max(len(points) - 1, 1)
    commands: list[str] = []
    last: dict[str, str] | None = None
    for index, value in enumerate(points):
        if value is None:
            continue
        last = {"x": f"{PADDING + index * step:.1f}", "y": f"{height_of(value, low, high):.1f}"}
        joined = index > 0 and points[index - 1] is not None
        commands.append(f"{'L' if joined else 'M'}{last['x']} {last['y']}")
    return {
        "width": f"{WIDTH:g}",
        "height": f"{HEIGHT:g}",
        "path": "".join(commands),
        "last": last,
        "goal": None if goal is None else f"{height_of(goal, low, high):.1f}",
    }


def height_of(value: float, low: float, high: float) -> float:
    """The y of a value, kept inside the drawing."""
    share = (min(max(value, low), high) - low) / ((high - low) or 1)
    return HEIGHT - PADDING - share * (HEIGHT - 2 * PADDING)

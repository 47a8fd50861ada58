"""Where a picture hurts on a given day. Pure."""

from clinic.demo.courses import Picture
from intake.rules import Mark


def marks_of(picture: Picture, side: str, pain: int) -> list[Mark]:
    """The picture's places as far as the pain reaches today; what has faded is no longer marked."""
    marks = []
    for region, below in picture.regions:
        intensity = pain - below
        if intensity >= 1:
            spreads = picture.spreads_to if below == 0 and pain >= 5 else ""
            marks.append(
                Mark(
                    region=region,
                    side=_side_of(region, side),
                    qualities=picture.qualities[: 1 + (pain > 4)],
                    intensity=intensity,
                    course="constant" if pain > 6 else "comes-and-goes",
                    spreads_to=f"{spreads}.{side}" if spreads else "",
                )
            )
    return marks


def _side_of(region: str, side: str) -> str:
    return "midline" if region in {"lumbar-central", "sacrum"} or side == "none" else side

"""The drawing of each shipped exercise, by its code."""

from treatments.figures.poses import elsewhere, floor_facing, floor_lying, upright
from treatments.figures.scene import Figure

FIGURES: dict[str, Figure] = {
    **floor_lying.FIGURES,
    **floor_facing.FIGURES,
    **upright.FIGURES,
    **elsewhere.FIGURES,
}

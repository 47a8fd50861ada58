"""An outcome measure's range, direction and threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Scale:
    """What is needed of a measure to judge a change. `threshold` is the MCID in points, None where none is sourced.

    NPRS: 2 points or 30% (Ostelo and others, Spine 2008, consensus in low back pain; Childs and others, Spine 2005,
    physical therapy for low back pain). Other measures bring their own in `outcome_measures.yaml`.
    """

    lowest: float | None
    highest: float | None
    is_lower_better: bool
    threshold: float | None
    threshold_percent: float | None = None
    counts_from: float | None = None
    """Where everybody begins on a rating that is a change already: GROC's 0, the same as on the day it names."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From a measure's entry in the clinical knowledge."""
        default = data.get("default_threshold") or {}
        return cls(
            lowest=data.get("score_min"),
            highest=data.get("score_max"),
            is_lower_better=data.get("better", "lower") == "lower",
            threshold=default.get("absolute"),
            threshold_percent=default.get("percent"),
            counts_from=data.get("counts_from"),
        )

    def contains(self, value: float) -> bool:
        return (self.lowest is None or value >= self.lowest) and (self.highest is None or value <= self.highest)

    def improvement(self, baseline: float, value: float) -> float:
        """Points towards better; negative when worse."""
        return baseline - value if self.is_lower_better else value - baseline

    def can_respond(self, baseline: float) -> bool:
        """Whether the baseline leaves room for the threshold: pain of 1 cannot fall by 2 and is counted apart.

        A fixed cut rewards severe case mix (Wang and others, Phys Ther 2011); those without room are not eligible.
        """
        if self.threshold is None:
            return False
        end = self.lowest if self.is_lower_better else self.highest
        return end is None or abs(baseline - end) >= self.threshold

    def has_responded(self, baseline: float, value: float) -> bool:
        return self.threshold is not None and self.improvement(baseline, value) >= self.threshold

"""Kneeling, sitting, walking."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from treatments.figures.scene import Arrow, Block, Body, Clock, Cushion, Dots, Figure, Floor, Ghost, Mat
from treatments.figures.skeleton import Pose, Reach, Turn

HALF_KNEEL = Pose(
    hip=(158, 140),
    pelvis=93,
    lumbar=90,
    thorax=87,
    neck=84,
    head=90,
    near_leg=Turn(-112, 183, 184),
    far_leg=Reach(220, 185, 0),
    near_arm=Reach(198, 117, -10),
    far_arm=Reach(204, 114, -10),
    scale=0.97,
)
HALF_KNEEL_START = replace(
    HALF_KNEEL,
    hip=(136, 137),
    near_leg=Turn(-90, 183, 184),
    far_leg=Turn(0, -90, 0),
    near_arm=Turn(-60, 0, 0),
    far_arm=Turn(-60, 0, 0),
)
WALK = Pose(
    hip=(140, 108),
    pelvis=88,
    lumbar=88,
    thorax=86,
    neck=80,
    head=90,
    near_leg=Turn(-66, -76, 14),
    far_leg=Turn(-99, -126, -36),
    near_arm=Turn(-118, -98, -92),
    far_arm=Turn(-66, -38, -30),
    scale=0.8,
)
SEAT = 148
SLIDE_UP = Pose(
    hip=(52, 134),
    pelvis=94,
    lumbar=92,
    thorax=90,
    neck=108,
    head=114,
    near_leg=Turn(8, 10, 100),
    far_leg=Reach(104, 198, 0),
    near_arm=Reach(74, 128, -10),
    far_arm=Reach(80, 126, -10),
    scale=0.82,
)
SLIDE_DOWN = replace(
    SLIDE_UP,
    hip=(212, 134),
    thorax=72,
    lumbar=88,
    neck=38,
    head=34,
    near_leg=Turn(-2, -108, -18),
    far_leg=Reach(264, 198, 0),
    near_arm=Reach(236, 128, -10),
    far_arm=Reach(242, 126, -10),
)


def _chair(x: float) -> tuple[Block, ...]:
    """Seen from the side, its back at the left."""
    return (
        Block(((x - 27, 66), (x - 21, 66), (x - 20, 150), (x - 20, 208), (x - 26, 208), (x - 26, 150))),
        Block(((x + 30, 154), (x + 36, 154), (x + 36, 208), (x + 30, 208))),
        Block(((x - 26, 149), (x + 40, 149), (x + 40, 157), (x - 26, 157))),
    )


FIGURES = {
    "hip-flexor-stretch": Figure(
        _("Half kneeling, one foot in front, the tail tucked and the hips moved forward a little"),
        (
            Mat(16, 304, 196),
            Ghost(HALF_KNEEL_START, only=("trunk", "leg", "head")),
            Body(HALF_KNEEL, glows=("hip-front",)),
            Arrow(((76, 120), (112, 120))),
            Clock((294, 26)),
        ),
    ),
    "walking": Figure(
        _("Walking upright at a pace at which talking is easy"),
        (
            Floor(20, 300, 208),
            Body(WALK, shoes=True, fists=True),
            Cushion(
                (
                    (206, 18),
                    (246, 12),
                    (286, 18),
                    (292, 38),
                    (284, 56),
                    (246, 62),
                    (218, 60),
                    (196, 68),
                    (204, 52),
                    (200, 36),
                )
            ),
            Dots(((226, 38), (246, 38), (266, 38)), 4, "mark"),
            Arrow(((224, 140), (284, 140))),
        ),
    ),
    "sciatic-slider": Figure(
        _("Seated: the knee straightens while the head goes up, then bends while the head goes down"),
        (
            Floor(10, 152, 208),
            *_chair(52),
            Body(SLIDE_UP),
            Arrow(((76, 52), (86, 36), (80, 20))),
            Arrow(((126, 176), (140, 166), (146, 150))),
            Floor(168, 310, 208),
            *_chair(212),
            Body(SLIDE_DOWN),
            Arrow(((262, 38), (276, 48), (280, 66))),
            Arrow(((300, 146), (294, 166), (280, 178))),
        ),
    ),
}

"""On hands, knees and forearms."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from treatments.figures.scene import Arrow, Body, Figure, Ghost, Line, Mat
from treatments.figures.skeleton import Pose, Reach, Turn

FLOOR = 190

PLANK = Pose(
    hip=(158, 147),
    pelvis=8,
    lumbar=10,
    thorax=8,
    neck=4,
    head=4,
    near_leg=Turn(189, 190, 281),
    far_leg=Turn(189, 190, 281),
    near_arm=Turn(-90, 2, 0),
    far_arm=Turn(-90, 2, 0),
    scale=1.0,
)
ALL_FOURS = Pose(
    hip=(128, 124),
    pelvis=6,
    lumbar=10,
    thorax=8,
    neck=4,
    head=10,
    near_leg=Turn(-90, 182, 182),
    far_leg=Turn(-90, 182, 182),
    near_arm=Reach(196, 184, 0),
    far_arm=Reach(200, 180, 0),
    scale=0.9,
)
BIRD = replace(ALL_FOURS, near_leg=Turn(174, 176, 250), far_arm=Turn(8, 6, 6))
CAT = replace(
    ALL_FOURS,
    hip=(66, 138),
    pelvis=48,
    lumbar=14,
    thorax=-28,
    neck=-62,
    head=-72,
    near_arm=Reach(116, 185, 0),
    far_arm=Reach(119, 181, 0),
    scale=0.72,
)
COW = replace(
    CAT,
    hip=(218, 138),
    pelvis=-22,
    lumbar=4,
    thorax=34,
    neck=52,
    head=62,
    near_arm=Reach(272, 185, 0),
    far_arm=Reach(275, 181, 0),
)
DOG = Pose(
    hip=(150, 92),
    pelvis=-40,
    lumbar=-44,
    thorax=-45,
    neck=-52,
    head=-60,
    near_leg=Reach(104, 185, 0),
    far_leg=Reach(108, 180, 0),
    near_arm=Reach(238, 188, -8),
    far_arm=Reach(243, 184, -8),
    scale=0.88,
)

FIGURES = {
    "core-plank": Figure(
        _("On forearms and toes, face down, head, back and legs in one straight line"),
        (
            Mat(8, 312, FLOOR),
            Body(PLANK, glows=("belly",), tiptoe=True),
            Line(((30, 122), (292, 84)), tone="guide", is_smooth=False),
        ),
    ),
    "bird-dog": Figure(
        _("On hands and knees, one arm reached forward and the opposite leg back, the back still"),
        (
            Mat(8, 312, FLOOR),
            Ghost(ALL_FOURS, only=("leg",)),
            Body(BIRD, glows=("buttock", "low-back")),
            Arrow(((232, 70), (276, 62))),
            Arrow(((70, 84), (26, 82))),
        ),
    ),
    "cat-cow": Figure(
        _("On hands and knees, first the back rounded up with the head down, then hollow with the head up"),
        (
            Mat(6, 156, FLOOR),
            Body(CAT),
            Mat(164, 314, FLOOR),
            Body(COW),
            Arrow(((76, 76), (76, 48))),
            Arrow(((228, 84), (228, 110))),
        ),
    ),
    "downward-dog": Figure(
        _("Hands and feet on the floor, the hips high, the back long and the knees a little bent"),
        (
            Mat(60, 290, FLOOR),
            Body(DOG, glows=("thigh-back", "calf")),
            Arrow(((128, 66), (106, 38))),
        ),
    ),
}

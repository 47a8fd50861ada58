"""On hands, knees and forearms."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from treatments.figures.scene import Arrow, Body, Clock, Figure, Mat, dotted
from treatments.figures.skeleton import Pose, Reach, Turn

FLOOR = 190

PLANK = Pose(
    hip=(158, 123),
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
    pelvis=8,
    lumbar=13,
    thorax=12,
    neck=4,
    head=10,
    near_leg=Turn(-90, 182, 182),
    far_leg=Turn(-90, 182, 182),
    near_arm=Reach(196, 183, 0),
    far_arm=Reach(200, 180, 0),
    scale=0.9,
)
BIRD = replace(ALL_FOURS, near_leg=Turn(174, 176, 250), far_arm=Turn(8, 6, 6))
CAT = replace(
    ALL_FOURS,
    hip=(69, 138),
    pelvis=47,
    lumbar=14,
    thorax=-22,
    neck=-58,
    head=-72,
    near_arm=Reach(119, 185, 0),
    far_arm=Reach(122, 181, 0),
    scale=0.72,
)
COW = replace(
    CAT,
    hip=(218, 138),
    pelvis=-18,
    lumbar=8,
    thorax=38,
    neck=52,
    head=62,
    near_arm=Reach(272, 185, 0),
    far_arm=Reach(275, 181, 0),
)
DOG = Pose(
    hip=(150, 86),
    pelvis=-42,
    lumbar=-46,
    thorax=-48,
    neck=-52,
    head=-60,
    near_leg=Reach(104, 179, -16),
    far_leg=Reach(108, 174, -16),
    near_arm=Reach(239, 187, -8),
    far_arm=Reach(243, 183, -8),
    scale=0.88,
)

FIGURES = {
    "core-plank": Figure(
        _("On forearms and toes, face down, head, back and legs in one straight line"),
        (
            Mat(8, 312, FLOOR - 24),
            Body(PLANK, glows=("belly",), tiptoe=True),
            dotted((24, 110), (250, 76), 26),
            Clock((294, 26)),
        ),
    ),
    "bird-dog": Figure(
        _("On hands and knees, one arm reached forward and the opposite leg back, the back still"),
        (
            Mat(8, 312, FLOOR),
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
            Arrow(((84, 86), (84, 56))),
            Arrow(((240, 84), (240, 112))),
        ),
    ),
    "downward-dog": Figure(
        _("Hands and feet on the floor, the hips high, the back long and the knees a little bent"),
        (
            Mat(60, 290, FLOOR),
            Body(DOG, glows=("thigh-back", "calf")),
            Arrow(((128, 66), (106, 38))),
            Clock((294, 26)),
        ),
    ),
}

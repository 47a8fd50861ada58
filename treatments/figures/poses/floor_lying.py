"""On the back."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from treatments.figures.scene import Arrow, Body, Figure, Ghost, Line, Mat, pillow
from treatments.figures.skeleton import Pose, Reach, Turn

FLOOR = 190

BRIDGE_DOWN = Pose(
    hip=(158, 169),
    pelvis=180,
    lumbar=180,
    thorax=181,
    neck=181,
    head=180,
    near_leg=Reach(223, 179, 0),
    far_leg=Reach(228, 174, 0),
    near_arm=Turn(-5, -2, 0),
    far_arm=Turn(-4, 0, 0),
    scale=1.15,
)
BRIDGE_UP = replace(BRIDGE_DOWN, hip=(155, 130), pelvis=206, lumbar=206, thorax=203, neck=178)
DIG_DOWN = replace(BRIDGE_DOWN, hip=(140, 169), near_leg=Reach(262, 176, 62), far_leg=Reach(268, 171, 62))
DIG_UP = replace(BRIDGE_UP, hip=(138, 137), pelvis=202, lumbar=202, thorax=199, near_leg=Reach(216, 176, 62),
    far_leg=Reach(222, 171, 62))  # fmt: skip
FOUR = Pose(
    hip=(158, 168),
    pelvis=178,
    lumbar=180,
    thorax=181,
    neck=181,
    head=178,
    near_leg=Turn(40, 157, 72, short=(0.8, 0.94), over=True),
    far_leg=Turn(107, 6, 92),
    near_arm=Reach(143, 136, 28),
    far_arm=Reach(148, 128, 28),
    scale=1.12,
)
HAMSTRING = Pose(
    hip=(146, 170),
    pelvis=180,
    lumbar=180,
    thorax=180,
    neck=178,
    head=176,
    near_leg=Turn(80, 76, 166),
    far_leg=Turn(-1, -1, 84),
    near_arm=Reach(128, 122, 62),
    far_arm=Reach(133, 118, 62),
    scale=1.0,
)
HUG_ONE = Pose(
    hip=(134, 84),
    pelvis=178,
    lumbar=180,
    thorax=181,
    neck=178,
    head=176,
    near_leg=Turn(126, -24, 66),
    far_leg=Turn(0, -1, 84),
    near_arm=Reach(117, 54, 10),
    far_arm=Reach(122, 52, 10),
    scale=0.78,
)
HUG_BOTH = replace(
    HUG_ONE,
    hip=(134, 190),
    pelvis=170,
    lumbar=176,
    far_leg=Turn(124, -22, 66),
    near_arm=Reach(117, 160, 10),
    far_arm=Reach(122, 158, 10),
)
TILT_ARCH = Pose(
    hip=(160, 82),
    pelvis=172,
    lumbar=180,
    thorax=189,
    neck=178,
    head=178,
    near_leg=Reach(222, 91, 0),
    far_leg=Reach(226, 86, 0),
    near_arm=Turn(-8, -2, 0),
    far_arm=Turn(-4, 0, 0),
    scale=0.95,
)
TILT_FLAT = replace(
    TILT_ARCH,
    hip=(160, 184),
    pelvis=186,
    lumbar=180,
    thorax=179,
    near_leg=Reach(222, 196, 0),
    far_leg=Reach(226, 191, 0),
)

FIGURES = {
    "figure-four-stretch": Figure(
        _("Lying on the back, one ankle on the other knee, both hands drawing that thigh towards the chest"),
        (
            Mat(10, 310, FLOOR),
            pillow(45, 190, 66, 15),
            Body(FOUR, glows=("hip-side",), arm_behind=True),
            Arrow(((176, 66), (148, 48), (114, 60))),
        ),
    ),
    "hamstring-stretch": Figure(
        _("Lying on the back, one leg held up nearly straight by a strap round the foot"),
        (
            Mat(6, 314, FLOOR),
            Body(HAMSTRING, glows=("thigh-back",), between=(Line(((136, 110), (158, 58), (163, 40))),)),
            Line(((163, 40), (168, 32), (180, 34))),
            Arrow(((262, 112), (254, 74), (226, 44))),
        ),
    ),
    "low-back-stretch": Figure(
        _("Lying on the back, first one knee, then both knees hugged to the chest"),
        (
            Mat(14, 262, 98),
            Body(HUG_ONE, glows=("low-back",)),
            Mat(14, 262, 204),
            Body(HUG_BOTH, glows=("low-back",)),
            Arrow(((276, 70), (296, 110), (276, 152))),
        ),
    ),
    "glute-bridge": Figure(
        _("Lying on the back with bent knees, the hips lifted until trunk and thighs are one line"),
        (
            Mat(12, 308, FLOOR),
            Ghost(BRIDGE_DOWN, only=("trunk", "legs")),
            Body(BRIDGE_UP, glows=("buttock", "thigh-back")),
            Arrow(((150, 86), (150, 48))),
        ),
    ),
    "hamstring-strengthening": Figure(
        _("Lying on the back, hips lifted, the heels dug in with the toes up, sliding out and back"),
        (
            Mat(6, 314, FLOOR),
            Ghost(DIG_DOWN, only=("trunk", "legs")),
            Body(DIG_UP, glows=("thigh-back",)),
            Arrow(((132, 92), (132, 56))),
            Arrow(((214, 210), (274, 210)), both=True),
        ),
    ),
    "pelvic-tilt": Figure(
        _("Lying on the back with bent knees, the low back hollow, then pressed flat to the floor"),
        (
            Mat(14, 262, 98),
            Body(TILT_ARCH),
            Mat(14, 262, 204),
            Body(TILT_FLAT, glows=("belly",)),
            Arrow(((276, 70), (296, 110), (276, 152)), both=True),
            Arrow(((136, 128), (136, 156))),
        ),
    ),
}

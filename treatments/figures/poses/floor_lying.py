"""On the back."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from treatments.figures.scene import Arrow, Body, Clock, Figure, Ghost, Line, Mat, pillow
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
DIG_DOWN = replace(BRIDGE_DOWN, hip=(140, 159), near_leg=Reach(262, 166, 62), far_leg=Reach(268, 161, 62))
DIG_UP = replace(
    BRIDGE_UP,
    hip=(138, 127),
    pelvis=202,
    lumbar=202,
    thorax=199,
    near_leg=Reach(216, 167, 38),
    far_leg=Reach(222, 162, 38),
)
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
    hip=(146, 82),
    pelvis=178,
    lumbar=180,
    thorax=181,
    neck=178,
    head=176,
    near_leg=Turn(126, -24, 66),
    far_leg=Turn(0, -1, 84),
    near_arm=Turn(34, 40, 8, short=(0.8, 0.76)),
    far_arm=Turn(36, 40, 8, short=(0.8, 0.76)),
    scale=0.88,
)
HUG_BOTH = replace(
    HUG_ONE,
    hip=(146, 188),
    pelvis=170,
    lumbar=176,
    far_leg=Turn(124, -22, 66),
    near_arm=Turn(34, 40, 8, short=(0.8, 0.76)),
    far_arm=Turn(36, 40, 8, short=(0.8, 0.76)),
)
TILT_ARCH = Pose(
    hip=(160, 82),
    pelvis=157,
    lumbar=180,
    thorax=198,
    neck=178,
    head=178,
    near_leg=Reach(222, 91, 0),
    far_leg=Reach(226, 86, 0),
    near_arm=Turn(2, 142, 152, short=(0.5, 0.6)),
    far_arm=Turn(6, 138, 150, short=(0.5, 0.5)),
    scale=0.98,
)
TILT_FLAT = replace(
    TILT_ARCH,
    hip=(160, 184),
    pelvis=189,
    lumbar=181,
    thorax=177,
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
            Clock((294, 26)),
        ),
    ),
    "hamstring-stretch": Figure(
        _("Lying on the back, one leg held up nearly straight by a strap round the foot"),
        (
            Mat(6, 314, FLOOR),
            Body(HAMSTRING, glows=("thigh-back",), between=(Line(((136, 112), (154, 50)), is_smooth=False),)),
            Line(((154, 50), (158.6, 36.4)), is_smooth=False),
            Arrow(((262, 112), (254, 74), (226, 44))),
            Clock((294, 26)),
        ),
    ),
    "low-back-stretch": Figure(
        _("Lying on the back, first one knee, then both knees hugged to the chest"),
        (
            Mat(8, 276, 98),
            Body(HUG_ONE, glows=("low-back",)),
            Arrow(((182, 30), (158, 16), (130, 26))),
            Mat(8, 276, 204),
            Body(HUG_BOTH, glows=("low-back",)),
            Arrow(((288, 72), (305, 110), (288, 150))),
            Clock((294, 26)),
        ),
    ),
    "glute-bridge": Figure(
        _("Lying on the back with bent knees, the hips lifted until trunk and thighs are one line"),
        (
            Mat(12, 308, FLOOR),
            Ghost(BRIDGE_DOWN, only=("trunk", "legs")),
            Body(BRIDGE_UP, glows=("buttock", "thigh-back")),
            Arrow(((150, 96), (150, 58))),
        ),
    ),
    "hamstring-strengthening": Figure(
        _("Lying on the back, hips lifted, the heels dug in with the toes up, sliding out and back"),
        (
            Mat(6, 314, FLOOR - 10),
            Ghost(DIG_DOWN, only=("trunk", "legs")),
            Body(DIG_UP, glows=("thigh-back",)),
            Arrow(((132, 92), (132, 54))),
            Arrow(((212, 205), (272, 205)), both=True),
        ),
    ),
    "pelvic-tilt": Figure(
        _("Lying on the back with bent knees, the low back hollow, then pressed flat to the floor"),
        (
            Mat(8, 276, 98),
            Body(TILT_ARCH),
            Mat(8, 276, 204),
            Body(TILT_FLAT, glows=("belly",)),
            Arrow(((288, 72), (305, 110), (288, 150)), both=True),
            Arrow(((136, 128), (136, 156))),
        ),
    ),
}

"""Lying on the side, seen from above, in the water, and the round of all."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from treatments.figures.front import Front, FrontGhost, FrontPose
from treatments.figures.poses.floor_lying import BRIDGE_UP
from treatments.figures.poses.upright import HALF_KNEEL
from treatments.figures.scene import Arrow, Body, Clock, Figure, Line, Mat, Ring, Sheet, bolster, moon
from treatments.figures.skeleton import Pose, Reach, Turn

SIDE_LYING = FrontPose(
    hip=(160, 144),
    spine=174,
    head=178,
    up_leg=Turn(24, 24, 24),
    low_leg=Turn(-1, 0, 0),
    up_arm=Turn(-62, -122, -158, short=(0.66, 0.72)),
    low_arm=Turn(180, 58, 60, short=(1, 0.5)),
)
SUPINE = FrontPose(
    hip=(163, 110),
    spine=180,
    head=180,
    up_leg=Turn(5, 3, 14),
    low_leg=Turn(-5, -3, -14),
    up_arm=Turn(22, 8, 4),
    low_arm=Turn(-22, -8, -4),
    scale=1.08,
)
ASLEEP = Pose(
    hip=(166, 138),
    pelvis=176,
    lumbar=172,
    thorax=176,
    neck=168,
    head=166,
    near_leg=Turn(50, -34, 48),
    far_leg=Turn(20, -38, 44),
    near_arm=Turn(16, 78, 66, short=(0.9, 0.9)),
    far_arm=Turn(56, 172, 176),
    scale=1.05,
)
CRAWL = Pose(
    hip=(146, 116),
    pelvis=2,
    lumbar=3,
    thorax=5,
    neck=8,
    head=20,
    near_leg=Turn(186, 178, 184),
    far_leg=Turn(174, 184, 190),
    near_arm=Turn(-70, -104, -110),
    far_arm=Turn(38, -16, -20),
    scale=0.95,
)
BALANCE = Pose(
    hip=(160, 163),
    pelvis=90,
    lumbar=90,
    thorax=89,
    neck=86,
    head=90,
    near_leg=Turn(-6, -96, -8),
    far_leg=Turn(-90, -91, 0),
    near_arm=Turn(-40, -12, -8),
    far_arm=Turn(-30, -6, -4),
    scale=0.4,
)


def _wave(y: float, x0: int = 8, x1: int = 312) -> tuple[tuple[float, float], ...]:
    return tuple((x, y + (3 if (x - x0) // 16 % 2 else -3)) for x in range(x0, x1 + 1, 16))


FIGURES = {
    "side-lying-abduction": Figure(
        _("Lying on the side with a pillow between the knees, the upper leg lifted a little"),
        (
            Mat(6, 314, 164),
            FrontGhost(replace(SIDE_LYING, up_leg=Turn(5, 4, 4))),
            Front(SIDE_LYING, glows=("up",)),
            bolster((204, 138), (258, 140), 21),
            Arrow(((300, 116), (307, 94), (301, 70))),
        ),
    ),
    "isometric-hip-abduction": Figure(
        _("Lying on the back, seen from above, a belt round both thighs, the thighs pressing outwards against it"),
        (
            Sheet(8, 46, 304, 128),
            Sheet(13, 76, 52, 68, 16, "prop"),
            Front(SUPINE, glows=("up", "low")),
            Sheet(208, 78, 15, 64, 4, "belt"),
            Arrow(((215.5, 66), (215.5, 30))),
            Arrow(((215.5, 154), (215.5, 190))),
            Clock((294, 24)),
        ),
    ),
    "side-sleep-pillow": Figure(
        _("Asleep on the side, seen from above, a thick pillow between the legs from the knees to the ankles"),
        (
            Sheet(6, 12, 12, 196, 5, "prop"),
            Sheet(16, 18, 298, 184, 14),
            Sheet(26, 74, 58, 102, 18, "prop"),
            Body(ASLEEP, between=(bolster((196, 82), (270, 134), 40),), asleep=True),
            moon((282, 46), 16),
        ),
    ),
    "swimming": Figure(
        _("Swimming on the front, one arm reaching forward, the legs kicking a little"),
        (
            Sheet(0, 110, 320, 110, 0, "water"),
            Body(CRAWL, swims=True),
            Line(_wave(128), tone="wave"),
            Line(_wave(158, 24, 296), tone="wave"),
            Line(_wave(188, 40, 280), tone="wave"),
            Arrow(((122, 50), (186, 50))),
        ),
    ),
    "flexibility-strength-stability-mix": Figure(
        _("A round of three: a stretch, a bridge for strength, and standing on one leg for balance"),
        (
            Ring((66, 66), 60),
            Body(
                replace(
                    HALF_KNEEL,
                    hip=(68, 76),
                    far_leg=Turn(8, -86, 0),
                    near_arm=Turn(-50, -10, 0),
                    far_arm=Turn(-50, -10, 0),
                    scale=0.42,
                )
            ),
            Ring((254, 66), 60),
            Body(replace(BRIDGE_UP, hip=(254, 62), near_leg=Reach(284, 84, 0), far_leg=Reach(287, 82, 0), scale=0.46)),
            Ring((160, 152), 60),
            Body(replace(BALANCE, hip=(158, 154))),
            Arrow(((138, 48), (160, 42), (182, 48))),
            Arrow(((252, 142), (244, 158), (232, 168))),
            Arrow(((88, 168), (76, 158), (68, 142))),
        ),
    ),
}

"""The light colours of tokens.css as sRGB, for files that stand outside a page. A test keeps them in step."""

COLOURS = {
    "skin": "#f1eae3",
    "skin-seam": "#fffdfb",
    "skin-shade": "#675040",
    "skin-outline": "#796456",
    "pain-edge": "#64271f",
    "pain-on-pale": "#170c09",
    "pain-on-deep": "#fffbf9",
    "ink": "#182522",
    "ink-soft": "#44504c",
    "ink-faint": "#616a66",
    "info": "#316ba9",
    "primary": "#075a4d",
    "primary-soft": "#e0f2ed",
    "pain-0": "#f3e8d3",
    "pain-1": "#ebd5b4",
    "pain-2": "#e4c095",
    "pain-3": "#e0aa79",
    "pain-4": "#db9260",
    "pain-5": "#d37b4d",
    "pain-6": "#ca643f",
    "pain-7": "#bc4b35",
    "pain-8": "#aa3530",
    "pain-9": "#95222b",
    "pain-10": "#7f1126",
}
PAPER = "#ffffff"
DEEPEST_PALE = 6  # up to here dark figures stand on the colour, light ones above


def pain_colour(pain: int | None) -> str:
    return COLOURS["primary-soft"] if pain is None else COLOURS[f"pain-{pain}"]


def on_pain(pain: int) -> str:
    """The colour of a figure written on a strength's colour."""
    return COLOURS["pain-on-pale" if pain <= DEEPEST_PALE else "pain-on-deep"]

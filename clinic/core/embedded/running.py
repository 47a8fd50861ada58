"""`manage.py` beside `bin/serve`: the settings of the clinic that runs from this checkout."""

from collections.abc import Mapping
from pathlib import Path

from clinic.core.embedded import folder, keys, places, serve
from clinic.core.embedded.options import ROOT

NAMES_A_CLINIC = ("DATABASE_URL", "SECRET_KEY")


def settings_of(given: Mapping[str, str]) -> dict[str, str]:
    """What to add to the environment: nothing where it names a clinic itself, or where none runs.

    The clinic is the one of PALPATE_DATA, else of `var/`.
    """
    data = Path(given.get("PALPATE_DATA") or ROOT / "var").expanduser().resolve()
    running = {} if any(given.get(name) for name in NAMES_A_CLINIC) else places.read_json(data / "running.json")
    if not running:
        return {}
    address = running.pop("address")
    demo = places.read_json(data / folder.MARK).get("holds") == folder.DEMO
    return serve.environment(data, running, keys.of(data), address, demo=demo)

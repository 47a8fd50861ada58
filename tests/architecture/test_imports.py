"""Imports and foreign keys point down; nothing is imported lazily or by the star."""

import ast
import sys

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.source import FLOORS, floor_of, is_migration, modules, tree_of

OURS = sorted(name for name in modules() if not is_migration(name))


def imported(module: str) -> list[str]:
    """Dotted names that a module imports, as far as they are ours."""
    names: list[str] = []
    for node in ast.walk(tree_of(modules()[module])):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [
                f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in modules() else node.module
                for alias in node.names
            ]
    return [name for name in names if floor_of(name) is not None]


def test_every_module_imports_only_from_below() -> None:
    wrong = [
        f"{module} ({FLOORS[floor_of(module) or 0]}) imports {name}"
        for module in OURS
        for name in imported(module)
        if (floor_of(name) or 0) > (floor_of(module) or 0)
    ]
    assert wrong == []


def test_no_import_is_hidden_in_a_function() -> None:
    wrong = []
    for module in OURS:
        for function in ast.walk(tree_of(modules()[module])):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
                wrong += [f"{module}:{node.lineno}" for node in inner]
    assert wrong == []


def test_nothing_is_imported_by_the_star() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module in OURS
        for node in ast.walk(tree_of(modules()[module]))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert wrong == []


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    graph = {module: {name for name in imported(module) if name in modules()} for module in OURS}
    done: set[str] = set()
    circles: list[str] = []

    def visit(module: str, path: tuple[str, ...]) -> None:
        if module in path:
            circles.append(" → ".join((*path[path.index(module) :], module)))
        elif module not in done:
            for name in sorted(graph.get(module, set()) - {module}):
                visit(name, (*path, module))
            done.add(module)

    sys.setrecursionlimit(5000)
    for module in OURS:
        visit(module, ())
    assert circles == []


@pytest.mark.parametrize("model", [m for m in apps.get_models() if floor_of(m.__module__) is not None], ids=str)
def test_foreign_keys_point_down(model: type[models.Model]) -> None:
    here = floor_of(model.__module__)
    for field in model._meta.get_fields(include_hidden=True):
        if field.is_relation and not field.auto_created and field.related_model not in (None, "self"):
            there = floor_of(field.related_model.__module__)  # type: ignore[union-attr]
            assert there is None or there <= here, f"{model.__name__}.{field.name}"  # type: ignore[operator]


SIGNALS = ("pre_", "post_", "m2m_", "user_", "request_")


def test_business_logic_hangs_on_no_signal() -> None:
    """`post_migrate` loads reference data; everything that happens to people is read in one service."""
    wrong = []
    for module in OURS:
        for node in ast.walk(tree_of(modules()[module])):
            if isinstance(node, ast.Attribute) and node.attr == "connect" and isinstance(node.value, ast.Name):
                if node.value.id.startswith(SIGNALS) and node.value.id != "post_migrate":
                    wrong.append(f"{module}:{node.lineno}")
            elif isinstance(node, ast.Name) and node.id == "receiver" and isinstance(node.ctx, ast.Load):
                wrong.append(f"{module}:{node.lineno}")
    assert wrong == []

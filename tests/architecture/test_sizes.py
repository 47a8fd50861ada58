"""Files under 300 lines, functions under 40, views under 25; a longer one is split by meaning."""

import ast

from tests.architecture.source import is_migration, modules, tree_of

FILE, FUNCTION, VIEW = 300, 40, 25
OURS = {name: path for name, path in modules().items() if not is_migration(name)}


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in OURS.items()}
    assert {name: length for name, length in lengths.items() if length > FILE} == {}


def test_no_function_is_longer_than_40_lines_and_no_view_than_25() -> None:
    wrong = []
    for name, path in OURS.items():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                most = VIEW if is_view(node) else FUNCTION
                if length > most:
                    wrong.append(f"{name}.{node.name}: {length} lines, at most {most}")
    assert wrong == []


def is_view(node: ast.FunctionDef) -> bool:
    """What carries `@access` or `@public`."""
    names = {
        decorator.func.id
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name)
    }
    return bool(names & {"access", "public"})

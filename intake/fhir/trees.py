"""Expressions as small trees that `static/intake/js/logic/run.js` can evaluate at once; others wait for the server.

A tree is a number, a text, true or false, or a list: a name and its operands. `["a", linkId, …]` is every answer to
these questions, `["none"]` is nothing.
"""

from decimal import Decimal
from typing import Any

from intake.fhir.expressions import NotAllowed, compiled, function_name, literal
from intake.fhir.expressions import Tree as Node
from intake.fhir.forms import Form
from intake.fhir.items import Item, Kind
from intake.fhir.order import scope_of

Tree = Any
BINARY = frozenset({"+", "-", "*", "/", "div", "&", "=", "!=", "<", ">", "<=", ">=", "and", "or", "xor", "implies"})
BINARY_NODES = frozenset(
    {
        "AdditiveExpression",
        "MultiplicativeExpression",
        "EqualityExpression",
        "InequalityExpression",
        "AndExpression",
        "OrExpression",
        "ImpliesExpression",
    }
)
PLAIN = frozenset({"exists", "empty", "not", "count", "sum", "min", "max", "avg", "first", "last", "ordinal", "weight"})
MEMBERS = frozenset({"code", "system", "display", "unit"})


class _Waits(Exception):
    """The browser cannot reckon this."""


def tree_of(form: Form, item: Item, expression: str) -> Tree | None:
    """The tree of an item's expression; None when only the server can evaluate it."""
    try:
        return _Translator(form, item).of(expression)
    except (_Waits, NotAllowed, RecursionError):
        return None


def questions_of_tree(tree: Tree) -> set[str]:
    """linkIds whose answers a tree reads."""
    if not isinstance(tree, list):
        return set()
    if tree[0] == "a":
        return set(tree[1:])
    return {name for part in tree[1:] for name in questions_of_tree(part)}


class _Translator:
    def __init__(self, form: Form, item: Item) -> None:
        self.form, self.scope, self.open = form, scope_of(form, item), set[str]()

    def of(self, expression: str) -> Tree:
        return self.node(compiled(expression).tree["children"][0])

    def node(self, node: Node) -> Tree:
        kind, inner = node["type"], node.get("children") or []
        if kind in BINARY_NODES:
            (operator,) = node["terminalNodeText"]
            if operator not in BINARY or len(inner) != 2:
                raise _Waits
            return [operator, self.node(inner[0]), self.node(inner[1])]
        if kind == "PolarityExpression":
            return self.signed(node, inner)
        if kind == "InvocationExpression":
            return self.invocation(node)
        if kind == "TermExpression":
            return self.term(inner[0])
        raise _Waits

    def signed(self, node: Node, inner: list[Node]) -> Tree:
        number = self.node(inner[0])
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _Waits
        return -number if node["terminalNodeText"] == ["-"] else number

    def term(self, term: Node) -> Tree:
        inner = term.get("children") or []
        match term["type"]:
            case "LiteralTerm":
                return self.literal(inner[0])
            case "ParenthesizedTerm":
                return self.node(inner[0])
            case "ExternalConstantTerm":
                return self.variable(inner[0]["children"][0]["text"].strip("`'"))
            case "InvocationTerm" if inner[0]["type"] == "FunctionInvocation":
                return self.function(None, inner[0]["children"][0])
        raise _Waits

    @staticmethod
    def literal(node: Node) -> Tree:
        text = str(node["text"] or "".join(node["terminalNodeText"]))
        match node["type"]:
            case "NullLiteral":
                return ["none"]
            case "BooleanLiteral":
                return text == "true"
            case "StringLiteral" if "\\" not in text:
                return literal(text)
            case "NumberLiteral":
                number = Decimal(text)
                return int(number) if number == number.to_integral_value() else float(number)
        raise _Waits

    def variable(self, name: str) -> Tree:
        """Its own tree in place, where it does not hang on the row it is declared in."""
        if name not in self.scope or name in self.open:
            raise _Waits
        self.open.add(name)
        tree = self.of(self.scope[name])
        self.open.discard(name)
        return tree

    def function(self, base: Tree | None, node: Node) -> Tree:
        name = function_name(node)
        given = node["children"][1]["children"] if len(node["children"]) > 1 else []
        if name == "iif" and base is None and len(given) in {2, 3}:
            return ["iif", *map(self.node, given)]
        if base is None:
            raise _Waits
        if name in PLAIN and not given:
            return [name if name != "weight" else "ordinal", base]
        if name == "round" and len(given) <= 1:
            return ["round", base, *map(self.node, given)]
        if name == "combine" and len(given) == 1:
            return ["combine", base, self.node(given[0])]
        raise _Waits

    def invocation(self, node: Node) -> Tree:
        base, steps = _unrolled(node)
        if base["type"] == "TermExpression" and base["text"] == "%resource":
            tree, rest = self.answers(steps)
        else:
            tree, rest = self.node(base), steps
        for step in rest:
            if step["type"] == "FunctionInvocation":
                tree = self.function(tree, step["children"][0])
            elif step["children"][0]["text"] in MEMBERS:
                tree = ["get", tree, step["children"][0]["text"]]
            else:
                raise _Waits
        return tree

    def answers(self, steps: list[Node]) -> tuple[Tree, list[Node]]:
        """`item…answer.value` from the response: the questions it reaches, and what follows."""
        level: list[Item] = []
        below: list[Item] = list(self.form.items)
        for number, step in enumerate(steps):
            if step["type"] == "MemberInvocation":
                name = step["children"][0]["text"]
                if name == "item":
                    level, below = below, [child for item in below if item.type == "group" for child in item.items]
                elif name == "answer" and number + 1 < len(steps) and _is_member(steps[number + 1], "value"):
                    return self.found(level), steps[number + 2 :]
                else:
                    raise _Waits
            else:
                level = self.filtered(level, step["children"][0], is_first=number == 0)
                below = [child for item in level if item.type == "group" for child in item.items]
        raise _Waits

    def filtered(self, level: list[Item], node: Node, *, is_first: bool) -> list[Item]:
        name, given = function_name(node), node["children"][1:]
        if is_first and name == "repeat" and [p["text"] for g in given for p in g["children"]] == ["item"]:
            return [item for item in self.form.by_link_id.values() if self.is_among_groups(item)]
        if is_first and name == "descendants":
            return list(self.form.by_link_id.values())
        if name == "where" and len(given) == 1 and len(given[0]["children"]) == 1:
            test = given[0]["children"][0]
            sides = [child["text"] for child in test.get("children") or []]
            if test["type"] == "EqualityExpression" and "linkId" in sides and test["terminalNodeText"] == ["="]:
                wanted = literal(sides[1 - sides.index("linkId")])
                return [item for item in level if item.link_id == wanted]
        raise _Waits

    def is_among_groups(self, item: Item) -> bool:
        return all(parent.type == "group" for parent in self.form.parents[item.link_id])

    def found(self, level: list[Item]) -> Tree:
        asked = [item for item in level if item.is_question]
        if len(asked) > 1 and any(
            parent.has_rows or parent.is_question or parent.kind is Kind.PAIN_MAP
            for item in asked
            for parent in self.form.parents[item.link_id]
        ):
            raise _Waits
        return ["a", *(item.link_id for item in asked)] if asked else ["none"]


def _unrolled(node: Node) -> tuple[Node, list[Node]]:
    steps = []
    while node["type"] == "InvocationExpression":
        node, step = node["children"]
        steps.append(step)
    return node, steps[::-1]


def _is_member(step: Node, name: str) -> bool:
    return bool(step["type"] == "MemberInvocation" and step["children"][0]["text"] == name)

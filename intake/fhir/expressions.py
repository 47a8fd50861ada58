"""FHIRPath in a form: read, held to a list of harmless functions, evaluated. Nothing here raises on a client's page.

The library is fhirpathpy. Its parser mends what it cannot read, its `today()` and `now()` read a clock shared by
threads, its `sum()` fails on FHIR's numbers, and it has no `ordinal()` or `weight()`: these are ours, with the instant
handed in.
"""

import datetime as dt
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, reduce
from typing import Any
from zoneinfo import ZoneInfo

from antlr4 import CommonTokenStream, InputStream, ParseTreeWalker, Token
from antlr4.error.ErrorListener import ErrorListener
from fhirpathpy import apply_parsed_path
from fhirpathpy.models import models
from fhirpathpy.parser.ASTPathListener import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from intake.fhir.functions import ALLOWED, LAMBDAS, WALKS
from intake.fhir.value_sets import score_of

log = logging.getLogger(__name__)
LONGEST = 1000
MOST_NODES = 600
DEEPEST_LAMBDA = 2
Tree = Mapping[str, Any]


class NotAllowed(ValueError):
    """An expression that is not read, with a code for the report."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression that may be evaluated."""

    text: str
    tree: Tree


@lru_cache(maxsize=2048)
def compiled(text: str) -> Expression:
    """Raises NotAllowed for what cannot be read, or would not be evaluated."""
    if len(text) > LONGEST:
        raise NotAllowed("expression-not-allowed", f"longer than {LONGEST} characters")
    try:
        tree = _parse(text)
        nodes = list(walk(tree))
    except Exception as error:  # the library raises bare exceptions of several kinds
        raise NotAllowed("expression-syntax", "this is not FHIRPath") from error
    if len(nodes) > MOST_NODES:
        raise NotAllowed("expression-not-allowed", "too many parts")
    _check(tree, nodes)
    return Expression(text, tree)


class _Strict(ErrorListener):  # type: ignore[misc]
    def syntaxError(self, *_args: Any) -> None:  # noqa: N802  antlr's name
        raise ValueError


def _parse(text: str) -> Tree:
    """As the library parses, but strictly and to the end."""
    lexer = FHIRPathLexer(InputStream(text))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(_Strict())
    listener = ASTPathListener()  # type: ignore[no-untyped-call]
    ParseTreeWalker().walk(listener, parser.expression())
    if parser.getCurrentToken().type != Token.EOF:
        raise ValueError
    tree: Tree = listener.parentStack[0]
    return tree


def walk(node: Tree) -> Iterator[Tree]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.get("children") or ()))


def function_name(node: Tree) -> str:
    """The name of a `Functn` node."""
    name: str = node["children"][0]["text"] or node["children"][0]["terminalNodeText"][0]
    return name.strip("`")


def _check(tree: Tree, nodes: list[Tree]) -> None:
    called = [function_name(node) for node in nodes if node.get("type") == "Functn"]
    unknown = next((name for name in called if name not in ALLOWED), None)
    if unknown is not None:
        raise NotAllowed("expression-not-allowed", f"{unknown}() is not evaluated here")
    if sum(name in WALKS for name in called) > 1:
        raise NotAllowed("expression-not-allowed", "it may walk through all items once")
    for node in nodes:
        if node.get("type") == "Functn" and function_name(node) == "repeat":
            _check_repeat(node)
    if _lambda_depth(tree) > DEEPEST_LAMBDA:
        raise NotAllowed("expression-not-allowed", f"where() and the like may stand {DEEPEST_LAMBDA} deep")


def _check_repeat(node: Tree) -> None:
    """Only down the tree of items: anything else may never end."""
    inner = {word for part in node["children"][1:] for n in walk(part) for word in n.get("terminalNodeText") or ()}
    if not inner <= {"item", "answer", "|", "."} or "item" not in inner:
        raise NotAllowed("expression-not-allowed", "repeat() may only follow item and answer")


def _lambda_depth(node: Tree) -> int:
    deepest, waiting = 0, [(node, 0)]
    while waiting:
        node, depth = waiting.pop()
        if node.get("type") == "Functn" and function_name(node) in LAMBDAS and len(node["children"]) > 1:
            depth += 1
        deepest = max(deepest, depth)
        waiting.extend((child, depth) for child in node.get("children") or ())
    return deepest


@lru_cache(maxsize=2048)
def questions_in(text: str) -> tuple[str, ...]:
    """The texts compared with linkId in an expression: what it depends on."""
    found = []
    for node in _nodes(text):
        if node.get("type") == "EqualityExpression" and len(node["children"]) == 2:
            sides = [child["text"] for child in node["children"]]
            if "linkId" in sides:
                found.append(literal(sides[1 - sides.index("linkId")]))
    return tuple(name for name in found if name)


@lru_cache(maxsize=2048)
def names_in(text: str) -> tuple[str, ...]:
    """The `%names` in an expression."""
    return tuple(
        node["children"][0]["children"][0]["text"].strip("`'")
        for node in _nodes(text)
        if node.get("type") == "ExternalConstantTerm" and node["children"][0].get("children")
    )


def _nodes(text: str) -> Iterator[Tree]:
    try:
        return walk(compiled(text).tree) if text else iter(())
    except NotAllowed:
        return iter(())


def literal(text: str | None) -> str:
    """A quoted text without its quotes; empty for anything else."""
    if not text or len(text) < 2 or text[0] != "'" or text[-1] != "'":
        return ""
    return text[1:-1].replace("\\'", "'").replace("\\\\", "\\")


class Evaluator:
    """Evaluates at one instant. `failed` counts the expressions that could not be: they have no value."""

    def __init__(self, now: dt.datetime, zone: ZoneInfo | None) -> None:
        here = now.astimezone(zone) if zone else now
        table = {
            "today": _constant(here.date().isoformat()),
            "now": _constant(here.isoformat(timespec="seconds")),
            "timeOfDay": _constant(here.time().isoformat(timespec="seconds")),
            "sum": {"fn": _sum},
            "min": {"fn": lambda inputs: [min(_numbers(inputs))] if inputs else []},
            "max": {"fn": lambda inputs: [max(_numbers(inputs))] if inputs else []},
            "avg": {"fn": lambda inputs: [_sum(inputs)[0] / Decimal(len(inputs))] if inputs else []},
            "round": {"fn": _round, "arity": {0: [], 1: ["Number"]}},
            "ordinal": {"fn": _scores},
            "weight": {"fn": _scores},
        }
        self.options = {"userInvocationTable": table}
        self.failed = 0

    def __call__(self, text: str, base: Any, names: Mapping[str, Any]) -> list[Any]:
        try:
            found: list[Any] = apply_parsed_path(base, compiled(text).tree, names, models["r4"], self.options)  # type: ignore[no-untyped-call]
        except Exception as error:  # an author's mistake must not stop a client; bare exceptions are usual here
            self.failed += 1
            log.warning("an expression of a form could not be evaluated: %s", type(error).__name__)
            return []
        return found


def _constant(value: str) -> dict[str, Any]:
    def fn(_inputs: list[Any]) -> list[str]:
        return [value]

    return {"fn": fn}


def _numbers(inputs: list[Any]) -> list[int | Decimal]:
    """Raises TypeError for what cannot be reckoned with."""
    if any(isinstance(value, bool) or not isinstance(value, int | Decimal) for value in inputs):
        raise TypeError
    return inputs


def _sum(inputs: list[Any]) -> list[Any]:
    """Nothing for nothing: no answers have no total."""
    return [reduce(lambda total, value: total + value, _numbers(inputs))] if inputs else []


def _round(inputs: list[Any], places: Any = 0) -> list[Any]:
    """Halves away from zero, as everybody rounds; the library's go to the even neighbour."""
    numbers = _numbers(inputs)
    return [Decimal(number).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP) for number in numbers]


def _scores(inputs: list[Any]) -> list[Any]:
    """What each coding counts for, as its ordinalValue or itemWeight says."""
    scores = [score_of(value) for value in inputs if isinstance(value, dict)]
    return [score for score in scores if score is not None]

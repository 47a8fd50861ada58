"""The FHIRPath functions that are evaluated: none that never ends, waits for a pattern, or reaches outside."""

WALKS = frozenset({"descendants", "children", "repeat"})
LAMBDAS = frozenset({"where", "select", "all", "exists", "repeat", "aggregate"})
# fmt: off
OTHERS = frozenset({
    "empty", "not", "allTrue", "anyTrue", "allFalse", "anyFalse", "subsetOf", "supersetOf", "isDistinct", "distinct",
    "count", "single", "first", "last", "ofType", "is", "as", "tail", "take", "skip", "intersect", "exclude",
    "union", "combine", "coalesce", "iif", "indexOf", "substring", "startsWith", "endsWith", "contains", "upper",
    "lower", "replace", "length", "join", "split", "trim", "abs", "ceiling", "floor", "ln", "log", "round", "sqrt",
    "truncate", "now", "today", "timeOfDay", "avg", "sum", "min", "max", "extension", "ordinal", "weight",
    "toInteger", "toBoolean", "toDecimal", "toString", "toDate", "toDateTime", "toTime", "toQuantity",
    "convertsToBoolean", "convertsToInteger", "convertsToDecimal", "convertsToString", "convertsToDate",
    "convertsToDateTime", "convertsToTime", "convertsToQuantity",
})
# fmt: on
ALLOWED = WALKS | LAMBDAS | OTHERS

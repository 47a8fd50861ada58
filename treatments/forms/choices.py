"""Long lists of the objective section: places of the body, movements tested for strength, tests in a useful order."""

import re
from collections.abc import Iterable, Mapping

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from intake.body_map import GROUPS, group_name, place_name
from intake.knowledge import source
from intake.rules import keys_of
from treatments.vocabulary import STRUCTURE_KINDS, Options, Vocabulary, Word, grouped

ROOT = re.compile(r"\s+([LS]\d(?:-[LS]\d)?)$")


def place_options() -> Options:
    regions = source.by_code("regions")
    groups = [
        (group_name(group), [(key, place_name(key)) for code in codes for key in keys_of(regions[code])])
        for group, codes in GROUPS.items()
    ]
    return [("", "–"), *groups]


def strength_movements() -> dict[str, str]:
    """Movements as the knowledge lists them for strength, with the nerve roots they test: labels by code."""
    found = {}
    for words in source.read("rom")["strength"]["muscles"]:
        root = ROOT.search(words)
        name = ROOT.sub("", words)
        found[slugify(name)] = name[:1].upper() + name[1:] + (f" ({root[1]})" if root else "")
    return found


def strength_options(words: Vocabulary) -> Options:
    known = strength_movements()
    more = [(row.code, row.label) for row in words.movements if row.code.startswith("hip-") and row.code not in known]
    muscles = [word for word in words.structures if word.group == "muscle"]
    return [
        ("", _("Choose a movement or muscle")),
        (str(_("Movements")), [*known.items(), *more]),
        *grouped(muscles, STRUCTURE_KINDS, blank="", by="code")[1:],
    ]


def test_options(tests: Iterable[Word], *, of_condition: Iterable[str], uses: Mapping[str, int], title: str) -> Options:
    """What the condition asks for first, then what this therapist used most for it, then the rest; each once."""
    known = {word.code: word.label for word in tests}
    first = [code for code in of_condition if code in known]
    used = [code for code in sorted(uses, key=lambda code: -uses[code]) if code in known and code not in first]
    rest = [code for code in known if code not in first and code not in used]
    groups = ((title, first), (str(_("What you use most")), used), (str(_("All tests")), rest))
    return [("", _("Choose a test")), *((name, [(c, known[c]) for c in codes]) for name, codes in groups if codes)]

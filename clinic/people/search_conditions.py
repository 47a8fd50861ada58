"""Terms of a search as conditions on the client table. All of them can use its trigram index."""

from typing import Any

from django.db import models

from clinic.people.search import TRIGRAM, Term


class Like(models.Lookup):
    """`left LIKE right`, with a pattern built by `folded`."""

    lookup_name = "like"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", (*left_params, *right_params)


def folded(pattern: str) -> models.Func:
    """A pattern without case and accents, folded by the same function as what it is compared with."""
    return models.Func(models.Value(pattern), function="people_fold", output_field=models.TextField())


def escaped(text: str) -> str:
    """Text that LIKE takes literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def text_like(pattern: str) -> models.Q:
    return models.Q(Like(models.F("search_text"), folded(pattern)))


def contains(text: str) -> models.Q:
    """`text` stands somewhere; a very short one at the beginning of a word."""
    return text_like(f"%{escaped(text)}%" if len(text) >= TRIGRAM else f"% {escaped(text)}%")


def word_starts(text: str) -> models.Q:
    return text_like(f"% {escaped(text)}%")


def name_starts(text: str) -> models.Q:
    """The family name begins so, or the only name there is. Served in order by the index on `sort_key`."""
    return models.Q(Like(models.F("sort_key"), folded(f"{escaped(text)}%")))


def matches(term: Term) -> models.Q:
    """The term stands somewhere in names, e-mail, phone, number or birth date."""
    if term.is_word:
        return contains(term.text)
    condition = models.Q(born_on__in=term.dates) if term.dates else models.Q()
    for digits in term.digits:
        condition |= contains(digits)
    if any(mark in term.text.strip("+#(") for mark in "./-"):
        condition |= contains(term.text)
    if term.parts:
        together = models.Q()
        for part in term.parts:
            together &= contains(part)
        condition |= together
    return condition


def place_in(ranks: list[models.Q]) -> models.Case:
    """The place of the first of `ranks` that holds; for ordering."""
    cases = [models.When(condition, then=place) for place, condition in enumerate(ranks)]
    return models.Case(*cases, default=len(ranks), output_field=models.IntegerField())

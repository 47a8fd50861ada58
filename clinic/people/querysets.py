"""Reads of people. Every `visible_to` fails closed: no role, no location, no rows."""

import functools
import operator
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Left, Length

from clinic.core import clock
from clinic.people import search_conditions as conditions
from clinic.people.first_look import first_look
from clinic.people.search import Term, nearest, parse

TYPO_LENGTH = 3  # a word of two letters is one typing error from everything
TOO_FEW = 3  # with fewer found, what was typed may have been meant otherwise
MOST = 200  # nobody reads on; ranking them all would take long
NEAR_WORDS = 40
INTEGER = models.IntegerField()

M = TypeVar("M", bound=models.Model)


def terms_of(text: str) -> list[Term]:
    return parse(text, region=settings.PHONENUMBER_DEFAULT_REGION, today=clock.now().date())


def can_be_mistyped(terms: list[Term]) -> bool:
    return any(term.is_word and len(term.text) >= TYPO_LENGTH for term in terms)


class VisibleQuerySet(models.QuerySet[M]):
    """Rows a member of staff may see, by the location they work at; owners see all."""

    location_path = "location"

    def visible_to(self, user: Any) -> Self:
        """Rows in scope of `user`; none for anyone without a role."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        return self.filter(**{f"{self.location_path}__in": user.location_ids})


class LocationQuerySet(VisibleQuerySet[Any]):
    location_path = "pk"

    def active(self) -> Self:
        return self.filter(is_active=True)


class RoomQuerySet(VisibleQuerySet[Any]):
    def active(self) -> Self:
        return self.filter(is_active=True, location__is_active=True)


class UserQuerySet(models.QuerySet[Any]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def therapists(self) -> Self:
        """Active therapists with their profile."""
        return self.active().filter(role_rows__role="therapist").select_related("therapist_profile").distinct()

    def visible_to(self, user: Any) -> Self:
        """Colleagues who share a location; owners see everybody."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        return self.filter(models.Q(locations__in=user.location_ids) | models.Q(pk=user.pk)).distinct()


class NameWordQuerySet(models.QuerySet[Any]):
    def meant_by(self, words: Iterable[str]) -> dict[str, list[str]]:
        """For each mistyped word the words of names it is nearest to: one query, whatever the count."""
        each = self.near(words)
        return meant_among(each[0].union(*each[1:], all=True)) if each else {}

    def near(self, words: Iterable[str]) -> list[Any]:
        """For each mistyped word a query of rows: what was asked, a word near it."""
        return [self._near(word) for word in dict.fromkeys(words) if len(word) >= TYPO_LENGTH]

    def _near(self, text: str) -> Any:
        """Within one or two edits of the whole word, or of its beginning for somebody who is still typing."""
        edits, folded = 1 if len(text) < 5 else 2, conditions.folded(text)
        begun = Left("word", Length(folded))
        close = [
            models.Func(column, folded, models.Value(edits), function="levenshtein_less_equal", output_field=INTEGER)
            for column in (models.F("word"), begun)
        ]
        asked = models.Value(text, output_field=models.TextField())
        found = self.alias(whole=close[0], begun=close[1]).filter(
            models.Q(begun__lte=edits) | models.Q(whole__lte=edits)
        )
        return found.values_list(asked, "word")[:NEAR_WORDS]


def meant_among(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Of the words near each that was asked those nearest to it."""
    near: dict[str, list[str]] = defaultdict(list)
    for asked, word in rows:
        near[asked].append(word)
    return {asked: nearest(asked, found) for asked, found in near.items()}


class ClientQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Clients of the locations `user` works at; owners see all; none without a role."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        through = self.model.locations.through
        at_my_places = through.objects.filter(client_id=models.OuterRef("pk"), location_id__in=user.location_ids)
        return self.filter(models.Exists(at_my_places))

    def current(self) -> Self:
        """Neither archived nor merged away."""
        return self.filter(archived_at=None, merged_into=None)

    def search(self, text: str) -> Self:
        """Clients in whom every word of `text` stands somewhere, best first; if there are none, those it may mean.

        Case and accents do not matter; digits match phone, client number and birth date. At most MOST clients:
        whoever finds more types another word. Queries: one to see whether anybody is found plainly, one more for
        the names that may have been meant.
        """
        terms = terms_of(text)
        if not terms:
            return self.none()
        clients = self.filter(merged_into=None)
        plain = clients.matching(terms)
        if not can_be_mistyped(terms) or plain.exists():
            return plain
        words: Any = apps.get_model("people", "NameWord")._default_manager
        return clients.resembling(terms, words.meant_by(term.text for term in terms if term.is_word))

    def suggest(self, text: str, *, limit: int = 8) -> list[Any]:
        """The first current clients for `text`, fast enough for every keystroke: one or two queries.

        The exact number, or family names that begin so, come in order from an index, which is all there is to do
        for most of what people type. Only when they do not fill the list is everything searched, and only when
        that finds next to nobody are mistypings considered.
        """
        terms = terms_of(text)
        if not terms:
            return []
        clients = self.current()
        words = [term.text for term in terms if term.is_word] if can_be_mistyped(terms) else []
        name_words: Any = apps.get_model("people", "NameWord")._default_manager
        rows = first_look(
            self.model._default_manager,
            called=clients.called(terms),
            matching=clients.matching(terms),
            near=name_words.near(words),
            limit=limit,
            few=TOO_FEW,
        )
        found = [row for row in rows if row.pk]
        if words and len(found) < TOO_FEW:
            meant = meant_among((row.asked, row.word) for row in rows if not row.pk)
            found += clients.resembling(terms, meant)[:limit]
        return list({client.pk: client for client in found}.values())[:limit]

    def called(self, terms: list[Term]) -> Self:
        """Whose family name begins with the first word, in alphabetical order; or who has exactly this number."""
        first = terms[0]
        if first.is_word:
            rest = [conditions.matches(term) for term in terms[1:]]
            return self.filter(conditions.name_starts(first.text), *rest).order_by("sort_key", "pk")
        return self.filter(self._numbered(terms)).order_by("sort_key")

    def matching(self, terms: list[Term]) -> Self:
        """Whom every term matches: family names first, then beginnings of words, then the rest."""
        condition = functools.reduce(operator.and_, map(conditions.matches, terms))
        first = terms[0].text
        ranks = [conditions.name_starts(first), conditions.word_starts(first)]
        if terms[0].number is not None:
            condition |= self._numbered(terms)
            ranks.insert(0, self._numbered(terms))
        return self._some(condition).order_by(conditions.place_in(ranks), "sort_key", "pk")

    def resembling(self, terms: list[Term], meant: dict[str, list[str]]) -> Self:
        """Whom every term matches when each word may also stand for a name that is spelled nearly so."""
        condition = models.Q()
        distance: Any = models.Value(0)
        for term in terms:
            ranks = [conditions.matches(term), *map(conditions.word_starts, meant.get(term.text, []))]
            condition &= functools.reduce(operator.or_, ranks)
            distance = distance + conditions.place_in(ranks)
        return self._some(condition).order_by(distance, "sort_key", "pk")

    def _numbered(self, terms: list[Term]) -> models.Q:
        """The client of exactly this number, or the one its bearer was merged into; nobody if it is no number."""
        number = terms[0].number if len(terms) == 1 else None
        if number is None:
            return models.Q(pk__in=())
        bearer = self.model._default_manager.filter(number=number).values(kept=Coalesce("merged_into_id", "id"))
        return models.Q(pk=models.Subquery(bearer[:1]))

    def _some(self, condition: models.Q) -> Self:
        """At most MOST of those who meet a condition of search.

        A materialised CTE is planned as if all its rows were wanted, and stops when enough were read: a plain LIMIT
        makes the planner walk the whole table for a rare text, and ranking every match of a frequent one is slow.
        """
        try:
            sql, params = self.filter(condition).order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return self.none()
        some = f"WITH found AS MATERIALIZED ({sql}) SELECT pk FROM found LIMIT {MOST}"  # noqa: S608 compiled by the ORM
        every: Self = self.model._default_manager.all()
        return every.filter(pk__in=RawSQL(some, params))  # noqa: S611


class OfClientQuerySet(models.QuerySet[M]):
    """Rows that belong to a client are visible with the client."""

    def visible_to(self, user: Any) -> Self:
        """As `ClientQuerySet.visible_to`, by the table of their locations alone: this is asked many times a page."""
        if not getattr(user, "is_active", False) or not getattr(user, "roles", None):
            return self.none()
        if user.is_owner:
            return self.all()
        clients: Any = self.model._meta.get_field("client").related_model
        at_my_places = clients.locations.through.objects.filter(location_id__in=user.location_ids)
        return self.filter(client__in=at_my_places.values("client_id"))

    def of_client(self, client: Any) -> Self:
        """The rows of a person: of this record and, for what is sealed and could not move, of those merged into it."""
        return self.filter(client__in=client.identity_ids)


class AlertQuerySet(OfClientQuerySet[Any]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class DocumentQuerySet(OfClientQuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What was removed is seen by nobody."""
        return super().visible_to(user).filter(removed_at=None)

    def removed(self) -> Self:
        return self.exclude(removed_at=None)

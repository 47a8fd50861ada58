"""The open item of the editor: its fields, its answers and its conditions, bound to what was typed, and as changes."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from intake.editing import conditions, fields, options, translations
from intake.editing.forms import ItemForm
from intake.editing.further import write_asked_if
from intake.editing.options import Answer
from intake.editing.palette import kind_of
from intake.editing.rows import AskedIfForm, OptionSet, TranslationSet, WhenForm, WhenSet
from intake.editing.translations import Translation
from intake.fhir import Form, Item
from intake.rules import outline

Row = dict[str, Any]
LONGEST_LABEL = 70
MOST_LISTED = 60


class Sheet:
    """Everything of one item that the editor shows. Built on a GET from the document, on a POST from what was sent."""

    def __init__(
        self,
        form: Form,
        link_id: str,
        measures: Sequence[tuple[str, str]],
        data: QueryDict | None = None,
        *,
        ask: str = "",
        languages: Sequence[Any] = (),
    ) -> None:
        """`ask` is the address that gives the control for the answer to a question just chosen."""
        self.form, self.data, self.ask, self.languages = form, data, ask, languages
        self.item: Item = form.by_link_id[link_id]
        self.row: Mapping[str, Any] = self.item.source
        self.fields = ItemForm(data, row=self.row, measures=measures)

    @property
    def link_id(self) -> str:
        return self.item.link_id

    @property
    def has_options(self) -> bool:
        """Whether its answers are listed here. The safety questions' answers are the knowledge's."""
        listed = self.item.type in fields.WITH_OPTIONS and "answerValueSet" not in self.row
        return listed and kind_of(self.row) not in {"red-flag", "contraindications"}

    @property
    def has_too_many_conditions(self) -> bool:
        return len(self.item.enable_when) > conditions.MOST

    @cached_property
    def options(self) -> Any:
        held = options.read(self.row)
        start = [
            {"at": a.at, "words": a.words, "score": a.score, "is_alone": a.is_alone, "is_initial": a.is_initial}
            for a in held
        ]
        return OptionSet(self.data if self.has_options else None, initial=start, prefix="option")

    @cached_property
    def whens(self) -> Any:
        held = [] if self.has_too_many_conditions else conditions.read(self.form, self.item)
        start = [{"question": w.question, "operator": w.operator, "answer": w.answer} for w in held]
        data = None if self.has_too_many_conditions else self.data
        return WhenSet(data, initial=start, prefix="when", form_kwargs=self._about())

    @cached_property
    def translations(self) -> Any:
        """What a page did not send stays as it is."""
        start = [{"language": t.language, "words": t.words} for t in translations.read(self.row)]
        sent = self.data if self.data is not None and "said-TOTAL_FORMS" in self.data else None
        return TranslationSet(sent, initial=start, prefix="said", form_kwargs={"languages": self.languages})

    @cached_property
    def asked_if(self) -> AskedIfForm:
        sent = self.data if self.data is not None and "asked_if" in self.data else None
        start = {"asked_if": self.item.enable_when_expression}
        return AskedIfForm(sent, initial=start, form=self.form, item=self.item)

    def when(self, prefix: str, question: str) -> WhenForm:
        """One row of the conditions, a question just chosen."""
        return WhenForm(initial={"question": question}, prefix=prefix, **self._about())

    def _about(self) -> dict[str, Any]:
        asked = list(conditions.may_be_asked_about(self.form, self.link_id))
        questions = [(item.link_id, self.label(item)) for item in asked]
        return {"questions": questions, "answers": answers_by_question(asked), "ask": self.ask}

    @property
    def any_of_them(self) -> bool:
        return (self.data.get("behavior") == "any") if self.data is not None else self.item.enable_any

    def label(self, item: Item) -> str:
        """A question in a list: with its map's name before a part of a pain map."""
        above = self.form.parents[item.link_id]
        before = f"{above[-1].text} · " if above and outline.is_whole(above[-1].source) else ""
        return f"{before}{item.text or item.link_id}"[:LONGEST_LABEL]

    def is_valid(self) -> bool:
        parts = [self.fields, *(part for part in (self.translations, self.asked_if) if part.is_bound)]
        parts += [self.options] if self.has_options else []
        parts += [] if self.has_too_many_conditions else [self.whens]
        return [part.is_valid() for part in parts].count(False) == 0

    def changes(self) -> dict[str, Any]:
        """The elements to set on the item. Raises ValueError with words for people."""
        made = fields.write(self.row, self.fields.cleaned_data)
        self._check_type(made)
        if self.has_options and made.get("type", self.item.type) in fields.WITH_OPTIONS:
            made |= options.write(self.row, self._answers())
        if self.translations.is_bound:
            made |= translations.write(self.row, self._translations())
        if not self.has_too_many_conditions:
            made |= self._conditions()
        elif "drop-conditions" in (self.data or {}):
            made |= {"enableWhen": None, "enableBehavior": None}
        if self.asked_if.is_bound:
            made |= self._asked_if(made)
        return made

    def _asked_if(self, made: Mapping[str, Any]) -> dict[str, Any]:
        """One of the two decides: rows beside an expression would be written and not looked at."""
        text, before = self.asked_if.cleaned_data["asked_if"], self.item.enable_when_expression
        whole = {**self.row, **made}
        if text and whole.get("enableWhen") and (text != before or "enableWhen" in made):
            words = _("Either rows or an expression decides: take one of them out.")
            self.asked_if.add_error("asked_if", words)
            raise ValueError(words)
        return write_asked_if(whole, text) if text != before else {}

    def _translations(self) -> list[Translation]:
        found: list[Translation] = []
        for form in self.translations:
            given = form.cleaned_data
            if not given.get("language") or not given.get("words"):
                continue
            if any(each.language.lower() == given["language"].lower() for each in found):
                words = _("This language stands here twice.")
                form.add_error("language", words)
                raise ValueError(words)
            found.append(Translation(given["language"], given["words"]))
        return found

    def _check_type(self, made: Mapping[str, Any]) -> None:
        if "type" in made and outline.depending_on(self.form.source, {self.link_id}):
            words = _("Other questions are asked by the answers to this one: take their conditions out first.")
            self.fields.add_error("type", words)
            raise ValueError(words)

    def _answers(self) -> list[Answer]:
        """The lines with words, in their order; a button beside a line moves it up."""
        most = len(self.row.get("answerOption", ()))
        given = [(form, form.cleaned_data) for form in self.options if form.cleaned_data.get("words")]
        seen: set[int] = set()
        lines = []
        for form, row in given:
            at = row["at"] if row["at"] is not None and row["at"] < most and row["at"] not in seen else None
            seen |= {at} if at is not None else set()
            lines.append(Answer(row["words"], row["score"], row["is_alone"], row["is_initial"], at))
            if row["is_initial"] and not self.item.repeats and sum(line.is_initial for line in lines) > 1:
                words = _("One answer can be chosen at first.")
                form.add_error("is_initial", words)
                raise ValueError(words)
        up = self.data.get("option-up", "") if self.data else ""
        number = int(up) if up.isascii() and up.isdecimal() and len(up) < 4 else 0
        if 0 < number < len(lines):
            lines[number - 1], lines[number] = lines[number], lines[number - 1]
        return lines

    def _conditions(self) -> dict[str, Any]:
        whens = []
        for form in self.whens:
            row = form.cleaned_data
            if not row.get("question"):
                continue
            answer = "" if row["operator"] in conditions.WITHOUT_ANSWER else row["answer"]
            when = conditions.When(row["question"], row["operator"] or "=", answer)
            whens.append(when)
            try:
                conditions.write(self.form, self.item, [when], any_of_them=False)
            except ValueError as error:
                form.add_error("answer", str(error))
                raise
        return conditions.write(self.form, self.item, whens, any_of_them=self.any_of_them)


def answers_by_question(asked: Sequence[Item]) -> dict[str, list[tuple[str, str]]]:
    """The answers to choose from, by question; none where they are typed."""
    found: dict[str, list[tuple[str, str]]] = {}
    for item in asked:
        if item.type == "boolean":
            found[item.link_id] = [("yes", _("Yes")), ("no", _("No"))]
        elif item.type == "choice" and len(item.options) <= MOST_LISTED * 3:
            found[item.link_id] = [(option.code, option.display) for option in item.options]
    return found

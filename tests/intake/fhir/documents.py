"""Questionnaires made of every supported part, and answers to them, from a seed."""

import base64
import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from intake.fhir import Answers, Form, addresses
from intake.fhir import extensions as ext
from intake.fhir.items import Item
from intake.fhir.values import Attachment, DateTime, PartialDate, Quantity, Ref, Time

Row = dict[str, Any]
QUESTIONS = (
    *("boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url"),
    *("choice", "open-choice", "attachment", "reference", "quantity"),
)
ZERO_OFFSET, ODD_NAMES = "2026-03-01T10:00:00Z", ("a/b", "50%", "x:1", "späte Frage", "1")
UNITS = ({"system": "http://unitsofmeasure.org", "code": "kg", "display": "kg"}, {"code": "[lb_av]", "display": "lb"})
CONTROLS = ("radio-button", "check-box", "drop-down", "autocomplete", "slider", "text-area", "help", "flyover", "page")


class Maker:
    """One document. `values` are small sets, so that conditions hold often."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  no secret hangs on it
        self.seed, self.number = seed, 0
        self.questions: list[Row] = []
        self.paths: dict[str, list[str]] = {}

    def maybe(self, share: float = 0.3) -> bool:
        return self.chance.random() < share

    def questionnaire(self) -> Row:
        document: Row = {
            "resourceType": "Questionnaire",
            "url": f"https://generated.example/{self.seed}",
            "version": f"{self.seed}.0",
            "name": f"generated-{self.seed}",
            "title": "Generated",
            "status": "active",
            "extension": [{"url": "https://elsewhere.example/kept", "valueDecimal": Decimal("1.10")}],
            "contained": [self.value_set()],
            "item": [self.item(1, [], repeats=False) for _ in range(self.chance.randint(2, 5))],
        }
        if self.maybe():
            document["_title"] = self.translation("Erzeugt")
        expression = self.number_expression()
        if expression:
            document["extension"].append({"url": ext.VARIABLE, "valueExpression": self.fhirpath(expression, "total")})
            self.add_calculated(document)
        return document

    def item(self, depth: int, path: list[str], *, repeats: bool) -> Row:
        row: Row = {"linkId": self.link_id(), "type": self.type(depth), "text": f"Frage {self.number} – ünï"}
        row["type"] == "display" or self.add_conditions(row)
        self.add_common(row)
        if row["type"] == "group":
            row["repeats"] = depth > 1 and self.maybe(0.35)
            inner = repeats or row["repeats"]
            here = [*path, row["linkId"]]
            row["item"] = [self.item(depth + 1, here, repeats=inner) for _ in range(self.chance.randint(1, 4))]
        elif row["type"] != "display":
            self.add_question(row, depth, path, repeats=repeats)
        return row

    def link_id(self) -> str:
        self.number += 1
        odd = ODD_NAMES[self.number] if self.number < len(ODD_NAMES) and self.maybe(0.5) else ""
        return odd or f"q{self.number}"

    def type(self, depth: int) -> str:
        if depth < 4 and self.maybe(0.3):
            return "group"
        return "display" if self.maybe(0.1) else self.chance.choice(QUESTIONS)

    def add_common(self, row: Row) -> None:
        held = []
        if self.maybe(0.2):
            held.append({"url": "https://elsewhere.example/ours", "extension": [{"url": "x", "valueCode": "y"}]})
        if self.maybe(0.15):
            coding = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": self.chance.choice(CONTROLS)}
            held.append({"url": ext.CONTROL, "valueCodeableConcept": {"coding": [coding]}})
        if self.maybe(0.1):
            held.append({"url": ext.HIDDEN, "valueBoolean": True})
        if held:
            row["extension"] = held
        if self.maybe(0.2):
            row["_text"] = self.translation("Auf Deutsch")
        if self.maybe(0.2):
            row["prefix"] = "1."

    def translation(self, words: str) -> Row:
        parts = [{"url": "lang", "valueCode": "de"}, {"url": "content", "valueString": words}]
        return {"extension": [{"url": ext.TRANSLATION, "extension": parts}]}

    def add_question(self, row: Row, depth: int, path: list[str], *, repeats: bool) -> None:
        kind = row["type"]
        if kind in {"choice", "open-choice"}:
            if self.maybe(0.4):
                row["answerValueSet"] = "#colours"
            else:
                row["answerOption"] = self.options(kind)
        if kind not in {"boolean", "attachment"} and self.maybe(0.25):
            row["repeats"] = True
        if kind in {"string", "text"} and self.maybe():
            row["maxLength"] = 50
        if kind == "integer" and self.maybe():
            row.setdefault("extension", []).append({"url": ext.MIN_VALUE, "valueInteger": 0})
        if kind == "quantity":
            row.setdefault("extension", []).append({"url": ext.UNIT, "valueCoding": UNITS[0]})
        if self.maybe(0.15) and "repeats" not in row and kind in {"boolean", "integer", "string"}:
            value = {"boolean": {"valueBoolean": True}, "integer": {"valueInteger": 1}, "string": {"valueString": "a"}}
            row["initial"] = [value[kind]]
        self.questions.append(row)
        if not repeats:
            self.paths[row["linkId"]] = path
        if depth < 4 and self.maybe(0.15):
            row["item"] = [self.item(depth + 1, path, repeats=True)]

    def options(self, kind: str) -> list[Row]:
        if kind == "choice" and self.maybe(0.25):
            return [{"valueInteger": n} for n in range(3)]
        if kind == "choice" and self.maybe(0.2):
            return [{"valueString": word} for word in ("one", "two")]
        weight = {"url": ext.ORDINAL_VALUE, "valueDecimal": Decimal(2)}
        scored = {"code": "red", "display": "Red", "extension": [weight]}
        return [{"valueCoding": scored}, {"valueCoding": {"system": "s", "code": "blue", "display": "Blue"}}]

    @staticmethod
    def value_set() -> Row:
        concepts = [{"code": "red", "display": "Red"}, {"code": "green"}]
        include = [{"system": "https://generated.example/colours", "concept": concepts}]
        return {"resourceType": "ValueSet", "id": "colours", "status": "active", "compose": {"include": include}}

    def add_conditions(self, row: Row) -> None:
        askable = [q for q in self.questions if q["type"] not in {"attachment"}]
        if not askable or not self.maybe(0.45):
            return
        row["enableWhen"] = [self.condition(self.chance.choice(askable)) for _ in range(self.chance.randint(1, 3))]
        if len(row["enableWhen"]) > 1:
            row["enableBehavior"] = self.chance.choice(["any", "all"])

    def condition(self, question: Row) -> Row:
        operators = ["=", "!=", "exists"]
        if question["type"] in {"decimal", "integer", "date", "dateTime", "time", "quantity", "string"}:
            operators += [">", "<", ">=", "<="]
        row = {"question": question["linkId"], "operator": self.chance.choice(operators)}
        if row["operator"] == "exists":
            return {**row, "answerBoolean": self.maybe(0.7)}
        return {**row, **self.answer_to(question)}

    def answer_to(self, question: Row) -> Row:
        pick = self.chance.choice
        match question["type"]:
            case "boolean":
                return {"answerBoolean": self.maybe(0.5)}
            case "decimal":
                return {"answerDecimal": pick(DECIMALS)}
            case "integer":
                return {"answerInteger": self.chance.randint(0, 4)}
            case "date":
                return {"answerDate": pick(("2026", "2026-03", "2026-03-01"))}
            case "dateTime":
                return {"answerDateTime": pick(("2026-03", ZERO_OFFSET, "2026-03-01T12:00:00.5+02:00"))}
            case "time":
                return {"answerTime": pick(TIMES)}
            case "quantity":
                return {
                    "answerQuantity": {
                        "value": pick(DECIMALS),
                        "unit": "kg",
                        "system": UNITS[0]["system"],
                        "code": "kg",
                    }
                }
            case "reference":
                return {"answerReference": {"reference": "Practitioner/1"}}
            case "choice" | "open-choice":
                first = question.get("answerOption", [{}])[0]
                value = next((v for k, v in first.items() if k.startswith("value") and k != "valueCoding"), None)
                if value is not None:
                    return {"answerInteger" if isinstance(value, int) else "answerString": value}
                return {"answerCoding": {"code": pick(("red", "blue", "green"))}}
        return {"answerString": pick(WORDS)}

    def reachable(self, *types: str) -> list[str]:
        """FHIRPath to single answers outside of what repeats."""
        found = []
        for row in self.questions:
            if row["type"] in types and row["linkId"] in self.paths and not row.get("repeats"):
                steps = "".join(f".item.where(linkId='{name}')" for name in [*self.paths[row["linkId"]], row["linkId"]])
                found.append(f"%resource{steps}.answer.value")
        return found

    def number_expression(self) -> str:
        numbers = self.reachable("integer", "decimal")
        if not numbers:
            return ""
        pick = self.chance.choice
        shapes = (
            "{a} + {b}",
            "({a} - 1) * 2",
            "iif({a} > 2, {b}, 0.5)",
            "{a} / 4",
            "{a}.combine({b}).sum()",
            "{a}.count()",
        )
        return str(pick(shapes)).format(a=pick(numbers), b=pick(numbers))

    def add_calculated(self, document: Row) -> None:
        total = {"linkId": "total", "type": "decimal", "readOnly": True, "text": "Total"}
        calculated = {"url": ext.CALCULATED, "valueExpression": self.fhirpath("%total")}
        shown = {"linkId": "shown", "type": "string", "text": "Shown"}
        tests = (
            "%total > 2",
            "%total.exists() and (%total = 0.5).not()",
            "%total.empty() or 2 >= %total",
            "today() > @2020-01-01",
        )
        when = {"url": ext.ENABLE_WHEN, "valueExpression": self.fhirpath(self.chance.choice(tests))}
        document["item"] += [{**total, "extension": [calculated]}, {**shown, "extension": [when]}]

    @staticmethod
    def fhirpath(expression: str, name: str = "") -> Row:
        return {**({"name": name} if name else {}), "language": "text/fhirpath", "expression": expression}


INSTANTS = ("2026", ZERO_OFFSET, "2026-03-01T12:00:00.5+02:00", "2026-03-02T00:30:00-05:00")
NUMBER_SHAPES = (
    *("{a} + {b}", "({a} - 1) * 2", "iif({a} > 2, {b}, 0.5)", "{a} / 4", "{a}.combine({b}).sum()", "{a}.count()"),
    *("({a} * {b}).round(1)", "iif({a}.exists() and {b}.empty(), 1, -2)"),
)
TRUTHS = (
    *("%total > 2", "%total.exists() and (%total = 0.5).not()", "%total.empty() or 2 >= %total"),
    "today() > @2020-01-01",
)
DECIMALS = (Decimal("0.50"), Decimal("1.10"), Decimal(2), Decimal("3.300"))
TIMES, WORDS = ("08:30:00", "08:30:00.250", "23:59:59"), ("a", "b", "ä", "😀", "zz")


class Answerer:
    """Answers every question of a form, asked or not."""

    def __init__(self, form: Form, seed: int) -> None:
        self.form, self.chance, self.answers = form, Random(seed), Answers()  # noqa: S311

    def fill(self) -> Answers:
        for item in self.form.items:
            self.item(item, "")
        return self.answers

    def item(self, item: Item, prefix: str) -> None:
        address = addresses.join(prefix, item.link_id)
        if item.has_rows:
            self.answers.rows[address] = self.chance.randint(0, 3)
            for number in range(self.answers.rows[address]):
                for child in item.items:
                    self.item(child, addresses.row(address, number))
        elif item.type == "group":
            for child in item.items:
                self.item(child, prefix)
        elif item.is_question and not item.calculated and self.chance.random() < 0.75:
            most = 3 if item.repeats else 1
            given = [self.value(item) for _ in range(self.chance.randint(1, most))]
            self.answers.put(address, given)
            for number in range(len(given)):
                for child in item.items:
                    self.item(child, addresses.row(address, number))

    def value(self, item: Item) -> Any:
        pick = self.chance.choice
        if item.options and (item.type == "choice" or self.chance.random() < 0.6):
            return pick(item.options).value
        made: dict[str, Any] = {
            "boolean": self.chance.random() < 0.5,
            "decimal": pick(DECIMALS),
            "integer": self.chance.randint(0, 4),
            "date": pick((dt.date(2026, 3, 1), dt.date(2025, 12, 31), PartialDate("2026"), PartialDate("2026-03"))),
            "dateTime": DateTime(
                pick(("2026", ZERO_OFFSET, "2026-03-01T12:00:00.5+02:00", "2026-03-02T00:30:00-05:00"))
            ),
            "time": Time(pick(TIMES)),
            "url": pick(("https://example.org/ä", "urn:x")),
            "open-choice": pick(WORDS),
            "attachment": Attachment("Scan", "image/png", base64.b64encode(b"\x89PNG").decode()),
            "reference": Ref(f"Practitioner/{self.chance.randint(1, 2)}", "Dr. X"),
            "quantity": Quantity(pick(DECIMALS), "kg", UNITS[0]["system"], "kg", pick(("", "<"))),
        }
        return made.get(item.type, pick(WORDS))


def wire_answers(form: Form, page: Item, answers: Answers, to_wire: Any) -> dict[str, list[Any]]:
    """A page's answers as its controls give them."""
    on_page = {item.link_id for item in page.walk() if item.is_question and not item.calculated}
    return {
        address: [to_wire(form.by_link_id[addresses.link_id_of(address)], value) for value in values]
        for address, values in answers.values.items()
        if addresses.link_id_of(address) in on_page
    }

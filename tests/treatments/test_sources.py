"""Whatever the knowledge says carries its level and its sources, without a query a row."""

import pytest
from django.template import Context, Template

from intake.models import ExaminationTest, RangeOfMotion, Technique
from treatments.reads.sources import sourced
from treatments.vocabulary import vocabulary

TAG = Template("{% load knowledge_sources %}{% for entry in entries %}{% source_of entry %}{% endfor %}")


def test_an_entry_says_its_level_its_sources_and_which_fields_are_known_otherwise(db: None) -> None:
    known = sourced(ExaminationTest.objects.get(code="slr"))
    assert known is not None
    assert (known.level, len(known.sources)) == ("general", 4)
    assert [str(words) for pair in known.fields for words in pair] == [
        "What a positive suggests",
        "Known from literature",
    ]


def test_a_fact_of_an_entry_carries_its_own_level_and_source(db: None) -> None:
    flag = RangeOfMotion.objects.get(code="hip-flexion").data["flags"][0]
    known = sourced(flag)
    assert known is not None
    assert (known.level, [row.code for row in known.sources]) == ("literature", ["altman-1991-ar"])


@pytest.mark.parametrize("part", [{}, {"sources": ["no-such-source"], "evidence": "no-such-level"}])
def test_what_is_not_known_is_no_error(part: dict[str, object], db: None) -> None:
    known = sourced(part)
    assert known is None or (known.level, known.sources) == ("general", [])


def test_the_piece_needs_no_query_for_a_row_even_of_rows_read_without_their_text(
    django_assert_num_queries: pytest.FixtureRequest, db: None
) -> None:
    assert vocabulary().references
    entries = list(Technique.objects.current().defer("data", "sources")[:8])
    with django_assert_num_queries(0):  # type: ignore[operator]
        shown = TAG.render(Context({"entries": entries}))
    assert shown.count("<details") == 8
    assert "<li>" in shown

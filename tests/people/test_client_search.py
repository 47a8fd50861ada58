import datetime as dt

import pytest

from clinic.people import search
from clinic.people.models import Client, NameWord, User
from tests import factories

TODAY = dt.date(2026, 3, 5)


def found(text: str, user: User) -> list[str]:
    return [client.full_name for client in Client.objects.visible_to(user).suggest(text)]


@pytest.fixture
def people(location, owner):
    def add(given, family, **details):
        return factories.ClientFactory(
            **{"given_name": given, "family_name": family, "email": "", "locations": [location], **details}
        )

    add("Tomás", "Herrera", email="tomas.h@example.org", phone="+12025550137", born_on=dt.date(1967, 8, 4))
    add("Nora", "O'Brien", phone="+4930901820", born_on=dt.date(1990, 12, 3))
    add("Ann-Marie", "Smith Jones", preferred_name="Annie", phone="+12025550199", born_on=dt.date(2001, 1, 31))
    add("Weiß", "", phone="+12025550111", born_on=None)
    add("Marcus", "Bell", phone="+12025550188", born_on=dt.date(1967, 4, 8))
    return owner


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("herrera", "Tomás Herrera"),
        ("HERRERA", "Tomás Herrera"),
        ("tomas", "Tomás Herrera"),
        ("Tomás", "Tomás Herrera"),
        ("Toma\u0301s", "Tomás Herrera"),
        ("herrera tomas", "Tomás Herrera"),
        ("tom her", "Tomás Herrera"),
        ("rrer", "Tomás Herrera"),
        ("he", "Tomás Herrera"),
        ("tomas.h@example", "Tomás Herrera"),
        ("obrien", "Nora O'Brien"),
        ("O’Brien", "Nora O'Brien"),
        ("annie", "Ann-Marie Smith Jones"),
        ("smith-jones", "Ann-Marie Smith Jones"),
        ("ann marie", "Ann-Marie Smith Jones"),
        ("weiss", "Weiß"),
    ],
)
def test_any_part_of_a_name_or_address_finds_a_client_whatever_case_and_accents(people, typed, name):
    assert found(typed, people)[0] == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("0137", "Tomás Herrera"),
        ("202 555 0137", "Tomás Herrera"),
        ("(202) 555-0137", "Tomás Herrera"),
        ("+1 202 555 0137", "Tomás Herrera"),
        ("1-202-555-0137", "Tomás Herrera"),
        ("030 901820", "Nora O'Brien"),
        ("+49 (0)30 901820", "Nora O'Brien"),
        ("0049 30 9018", "Nora O'Brien"),
        ("herrera 0137", "Tomás Herrera"),
    ],
)
def test_a_phone_number_finds_its_client_however_it_is_written(people, typed, name):
    assert found(typed, people) == [name]


@pytest.mark.parametrize(
    "typed",
    [
        "04.08.1967",
        "4.8.1967",
        "4.8.67",
        "1967-08-04",
        "19670804",
        "04081967",
        "4 August 1967",
        "Aug 4, 1967",
        "4. 8. 1967",
    ],
)
def test_a_birth_date_finds_its_client_in_any_usual_form(people, typed):
    assert "Tomás Herrera" in found(typed, people)


def test_a_birth_date_with_slashes_is_read_both_ways(people):
    assert sorted(found("4/8/1967", people)) == ["Marcus Bell", "Tomás Herrera"]


def test_a_birth_date_finds_while_it_is_being_typed(people):
    assert found("31.01.20", people) == ["Ann-Marie Smith Jones"]
    assert found("2001", people) == ["Ann-Marie Smith Jones"]


def test_a_name_and_a_birth_date_must_both_match(people):
    assert found("bell 4/8/1967", people) == ["Marcus Bell"]
    assert found("bell 1990-12-03", people) == []


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("herera", "Tomás Herrera"),
        ("hererra", "Tomás Herrera"),
        ("tomsa herera", "Tomás Herrera"),
        ("marcsu bel", "Marcus Bell"),
        ("belk", "Marcus Bell"),
        ("smiht", "Ann-Marie Smith Jones"),
        ("herer", "Tomás Herrera"),
    ],
)
def test_a_mistyped_name_still_finds_its_client(people, typed, name):
    assert found(typed, people)[0] == name


def test_something_else_altogether_finds_nobody(people):
    assert found("zzzzqx", people) == []
    assert found("bell 999999", people) == []


def test_the_exact_number_comes_first(people, location):
    exact = factories.ClientFactory(number=77, given_name="Zoe", family_name="Zander", locations=[location])
    factories.ClientFactory(given_name="Abe", family_name="Abel", phone="+12027755077", locations=[location])
    assert found("77", people)[0] == "Zoe Zander"
    assert found("#77", people) == ["Zoe Zander"]
    assert Client.objects.visible_to(people).search("77").first() == exact


def test_a_family_name_that_begins_so_comes_before_other_matches(people, location):
    factories.ClientFactory(given_name="Bella", family_name="Adams", email="bell@example.org", locations=[location])
    assert found("bell", people)[:2] == ["Marcus Bell", "Bella Adams"]
    assert Client.objects.visible_to(people).search("bell")[0].full_name == "Marcus Bell"


def test_archived_and_merged_clients_are_not_offered(people, location, client_record):
    Client.objects.filter(family_name="Herrera").update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    Client.objects.filter(given_name="Nora").update(merged_into=client_record)
    assert found("herrera", people) == []
    assert found("obrien", people) == []
    assert [client.full_name for client in Client.objects.visible_to(people).search("herrera")] == ["Tomás Herrera"]
    assert not Client.objects.visible_to(people).search("obrien").exists()


def test_the_number_of_a_merged_record_finds_the_kept_one(people, location):
    kept = Client.objects.get(family_name="Bell")
    merged = Client.objects.get(given_name="Nora")
    Client.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert found(str(merged.number), people) == ["Marcus Bell"]


def test_nobody_is_found_at_another_location(people, stranger):
    for typed in ("herrera", "herera", "0137", "1967-08-04", "b"):
        assert found(typed, stranger) == []
        assert not Client.objects.visible_to(stranger).search(typed).exists()


@pytest.mark.parametrize(
    "typed", ["", "   ", "%", "_", "\\", "'", "\x00", "%%%%", "((((", "-", "+", "#", "\u202e", "½", "٣٤٥", "a" * 500]
)
def test_odd_input_is_harmless(people, typed):
    assert found(typed, people) in ([], ["Ann-Marie Smith Jones"])
    list(Client.objects.visible_to(people).search(typed))


def test_percent_and_underscore_mean_themselves(people, location):
    factories.ClientFactory(given_name="Per", family_name="Cent", email="a_b@example.org", locations=[location])
    assert found("a_b@", people) == ["Per Cent"]
    assert found("a%b@", people) == []


@pytest.mark.parametrize(
    ("typed", "queries"), [("her", 2), ("0137", 1), ("4/8/1967", 1), ("herera tomsa", 2), ("zzzqx", 2)]
)
def test_suggestions_take_one_query_and_another_where_few_are_found(people, typed, queries, django_assert_num_queries):
    assert people.is_owner
    with django_assert_num_queries(queries):
        found(typed, people)


def test_full_search_takes_a_mistyped_name_too(people):
    assert [client.full_name for client in Client.objects.visible_to(people).search("herera")] == ["Tomás Herrera"]


def test_new_and_changed_names_are_known_to_the_typo_search(people, location):
    client = factories.ClientFactory(given_name="Zdenka", family_name="Vrba", locations=[location])
    Client.objects.filter(pk=client.pk).update(family_name="Novotny")
    assert set(NameWord.objects.values_list("word", flat=True)) >= {"zdenka", "novotny"}
    client.delete()
    assert not NameWord.objects.filter(word__in=["zdenka", "novotny"]).exists()


def test_words_still_in_use_stay_known(people, location):
    factories.ClientFactory(given_name="Other", family_name="Bell", locations=[location]).delete()
    assert NameWord.objects.filter(word="bell").exists()
    assert not NameWord.objects.filter(word="other").exists()


def test_two_digits_of_a_year_mean_the_last_hundred_years():
    (term,) = search.parse("4.8.67", region="US", today=TODAY)
    assert term.dates == (dt.date(1967, 8, 4), dt.date(1967, 4, 8))
    (term,) = search.parse("4.4.25", region="US", today=TODAY)
    assert term.dates == (dt.date(2025, 4, 4),)


def test_a_date_that_does_not_exist_is_no_date():
    (term,) = search.parse("31.02.1967", region="US", today=TODAY)
    assert term.dates == ()


def test_edits_count_a_swap_of_neighbours_once():
    assert search.edits("jonhson", "johnson") == 1
    assert search.edits("herera", "herrera") == 1
    assert search.edits("", "abc") == 3
    assert search.edits("same", "same") == 0


def test_the_nearest_names_are_those_with_the_fewest_edits():
    assert search.nearest("jonhson", ["jenson", "johnson", "monson"]) == ["johnson"]
    assert search.nearest("x", []) == []


def test_names_resemble_each_other_in_either_order():
    assert search.resemblance("Bell Marcus", "Marcus Béll") == 1
    assert search.resemblance("Marcus Bell", "Amina Osei") < 0.5

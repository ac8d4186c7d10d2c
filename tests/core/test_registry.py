"""Actor records found by what is typed and by what spans say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.duplicates import duplicates
from annotator.core.model import ActorRecord, Alias
from annotator.core.names import bare, fold, plain, speaks
from annotator.core.proposals import propose
from annotator.core.registry import Registry


def record(
    actor: str, name: str, *aliases: str | Alias, into: str | None = None, kind: str = "person"
) -> ActorRecord:
    made = tuple(Alias(each) if isinstance(each, str) else each for each in aliases)
    return ActorRecord(id=actor, name=name, type=kind, aliases=made, merged_into=into)


def registry(*records: ActorRecord) -> Registry:
    return Registry({each.id: each for each in records})


MALLEY = record("rm", "Robert Malley", "Rob Malley", "Malley")
ERDOGAN = record("re", "Recep Tayyip Erdoğan", Alias("Erdogan", "en"), Alias("Эрдоган", "ru"))
IRAN = record("ir", "Iran", "Islamic Republic of Iran", kind="state")
IRAQ = record("iq", "Iraq", kind="state")
UN = record("un", "United Nations", "UN", "U.N.", kind="organization")
ALL = (MALLEY, ERDOGAN, IRAN, IRAQ, UN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Erdoğan", "ERDOGAN"),
        ("Łukasz Ødegård", "lukasz odegard"),
        ("al-Assad", "Al Assad"),
        ("U.S.", "us"),
        ("St. Petersburg", "st petersburg"),
        ("O’Neill", "o'neill"),
        ("  Rob \n Malley ", "rob malley"),
        ("ﬁsher", "Fisher"),
    ],
)
def test_what_is_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("President Biden’s", "biden"),
        ("the president", "president"),
        ("former Prime Minister Sir Tony Blair", "tony blair"),
        ("Secretary of State Blinken", "blinken"),
        ("The Foreign Ministry", "foreign ministry"),
        ("General Motors", "general motors"),
        ("Justice Department", "justice department"),
        ("the United States'", "united states"),
        ("Mr. Smith", "smith"),
        ("A", "a"),
    ],
)
def test_what_stands_around_a_name(text: str, expected: str) -> None:
    assert bare(text) == expected


def test_titles_are_part_of_the_words() -> None:
    assert plain("Mr Clinton's") == "mr clinton" != plain("Mrs Clinton")
    assert plain("the EU") == plain("EU's") == "eu"
    assert speaks("en", "en-GB")
    assert speaks(None, "de")
    assert not speaks("ru", "en")


def ids(found: Registry, typed: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [match.record.id for match in found.search(typed, recent)]


def test_the_better_a_name_fits_the_earlier_it_comes() -> None:
    found = registry(
        record("exact", "Mali"),
        record("prefix", "Malika Bano"),
        record("word", "Republic of Malians"),
        record("inside", "Somalia"),
        record("near", "Moli"),
        record("none", "Zambia"),
    )
    assert ids(found, "mali") == ["exact", "prefix", "word", "inside", "near"]
    assert [match.exact for match in found.search("mali")] == [True, False, False, False, False]
    assert ids(found, "bano mal") == ["prefix"]


def test_of_equals_what_the_article_linked_latest_comes_first() -> None:
    found = registry(record("a", "Smith A"), record("b", "Smith B"), record("c", "Smith C"))
    assert ids(found, "smith") == ["a", "b", "c"]
    assert ids(found, "smith", ("c", "b", "gone")) == ["c", "b", "a"]
    assert ids(found, "") == ["a", "b", "c"]
    assert ids(found, " ", ("b",)) == ["b", "a", "c"]


def test_an_alias_finds_its_record_and_says_so() -> None:
    found = registry(*ALL)
    (match,) = found.search("эрдо")
    assert (match.record, match.alias) == (ERDOGAN, "Эрдоган")
    assert ids(found, "erdogna")[0] == "re"
    assert ids(found, "u.n.")[0] == "un"


def test_what_was_merged_is_found_as_what_it_became() -> None:
    found = registry(
        MALLEY, record("old", "Bob Maley", "Bobby", into="rm"), record("older", "B. M.", into="old")
    )
    assert ids(found, "bobby") == ["rm"] == ids(found, "b. m")
    assert found.resolve("older") == MALLEY
    assert found.members("old") == ("rm", "old", "older")
    assert found.identities() == [MALLEY]
    assert [each.name for each in found.whole("older").aliases] == [
        "Rob Malley", "Malley", "Bob Maley", "Bobby", "B. M.",
    ]  # fmt: skip


def test_a_circle_or_a_loose_end_of_a_damaged_file_has_an_end() -> None:
    found = registry(record("a", "A", into="b"), record("b", "B", into="a"), record("c", "C", into="gone"))
    assert {found.resolve("a").id, found.resolve("b").id} <= {"a", "b"}
    assert found.resolve("c").id == "c"
    found.search("a")
    found.identities()
    found.members("a")


NAMES = st.sampled_from(["Rob Malley", "Malley", "Iran", "Iraq", "Élan", "U.S.", "the UN", "Ann-Marie X"])
type Changes = list[tuple[str, str, list[str], bool]]
CHANGES = st.lists(
    st.tuples(st.sampled_from("abcd"), NAMES, st.lists(NAMES, max_size=2), st.booleans()), max_size=12
)


@given(CHANGES, st.text("rmaeliunx .é", max_size=6))
def test_kept_up_is_the_same_as_made_anew(
    changes: list[tuple[str, str, list[str], bool]], typed: str
) -> None:
    kept = Registry({})
    for actor, name, aliases, gone in changes:
        if gone:
            kept.remove(actor)
        else:
            kept.put(record(actor, name, *aliases))
        kept.search(typed)
    made = Registry(kept.records)
    assert kept.search(typed) == made.search(typed)
    for words in ("Malley", "Rob Maley", "Ann Marie X", typed):
        assert propose(kept, words, "en") == propose(made, words, "en")


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("Robert Malley", "en", ("rm", True)),
        ("US envoy Robert Malley", "en", None),
        ("Mr. Malley's", "en", ("rm", True)),
        ("ERDOGAN", "en", ("re", True)),
        ("Эрдоган", "ru", ("re", True)),
        ("Эрдоган", None, ("re", True)),
        ("Robert Maley", "en", ("rm", False)),
        ("Tayyip", "en", None),
        ("Irak", "en", None),
        ("he", "en", None),
        ("", "en", None),
        ("the UN", "en", ("un", True)),
    ],
)
def test_what_is_proposed(words: str, language: str | None, expected: tuple[str, bool] | None) -> None:
    match = propose(registry(*ALL), words, language)
    assert (match and (match.record.id, match.exact)) == expected


def test_a_name_of_another_language_is_none_here() -> None:
    found = registry(record("x", "Anna Berg", Alias("Gift", "de")))
    assert propose(found, "Gift", "en") is None
    assert propose(found, "Gift", "de-AT") is not None


def test_a_last_name_is_proposed_where_one_person_has_it_or_the_article_knows() -> None:
    smith = record("j", "John Smith")
    assert propose(registry(smith), "Smith", "en").record == smith  # type: ignore[union-attr]
    both = registry(smith, record("a", "Anna Smith"), record("s", "Adam Smith", kind="organization"))
    assert propose(both, "Smith", "en") is None
    assert propose(both, "Smith", "en", ["x", "j"]).record == smith  # type: ignore[union-attr]
    assert propose(both, "Smith", "en", ["a"], lambda each, _: each.id != "a").record == smith  # type: ignore[union-attr]


def test_likely_duplicates_with_their_reasons() -> None:
    found = registry(
        record("a", "Robert Malley"),
        record("b", "Malley, Robert"),
        record("c", "Robert A. Malley"),
        record("d", "Robert Maley"),
        record("m", "Robert Malley", into="a"),
        ActorRecord(id="q1", name="Iran", type="state", external_id="Q794"),
        ActorRecord(id="q2", name="Persia", type="state", external_id="q794"),
        ActorRecord(id="q3", name="Iran", type="state", external_id="Q1"),
        record("o", "Robert Malley", kind="organization"),
    )
    pairs = {(each.a.id, each.b.id): each.why for each in duplicates(found)}
    assert pairs["q1", "q2"] == "the same external id Q794"
    assert pairs["a", "b"].startswith("the same words")
    assert pairs["a", "c"].startswith("the same first and last word")
    assert pairs["a", "d"].startswith("nearly the same name")
    assert not [pair for pair in pairs if "q3" in pair or "o" in pair or "m" in pair]
    assert len(duplicates(found, 1)) == 1


def test_made_ready_or_not_a_search_finds_the_same() -> None:
    records = {f"r{nth}": ActorRecord(id=f"r{nth}", name=f"Anna Berg {nth}") for nth in range(60)}
    asked, ready = Registry(records), Registry(records)
    list(ready.index.prepare())
    for typed in ("anna", "berg 5", "nna be", "anan berg 17"):
        assert [each.record.id for each in ready.search(typed)] == [
            each.record.id for each in asked.search(typed)
        ]
    ready.put(ActorRecord(id="new", name="Carla"))
    list(ready.index.prepare())
    assert [each.record.id for each in ready.search("arl")] == ["new"]

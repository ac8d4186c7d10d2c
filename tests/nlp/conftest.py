"""Pipelines that tests share: the real English one, and small ones made on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.scheme import scheme_of
from annotator.nlp import pipelines
from annotator.nlp.analyse import Analyser

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    """The default codebook."""
    return codebook_from_toml((ROOT / "resources/codebooks/general-news.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def english(codebook: Codebook) -> Analyser:
    """The pipeline that comes with the program, loaded."""
    analyser = Analyser(None, scheme_of(codebook))
    analyser.pipeline(None)
    return analyser


@pytest.fixture(scope="session")
def seeds() -> dict[str, str]:
    """The sample articles' texts by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a pipeline that loads quickly and knows two names."""
    import spacy

    folder: Path = tmp_path_factory.mktemp("pipelines") / "tiny"
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    patterns = [{"label": "PERSON", "pattern": "Malley"}, {"label": "GPE", "pattern": "Doha"}]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.meta.update({"name": "tiny", "version": "1.2.3"})
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Installs a real small pipeline as a package: a blank one whose entity ruler knows some names."""
    import spacy

    def make(package: str, names: dict[str, str], *, performance: dict[str, object] | None = None) -> Path:
        language, _, name = package.partition("_")
        nlp = spacy.blank(language)
        ruler = nlp.add_pipe("entity_ruler")
        ruler.add_patterns([{"label": label, "pattern": text} for text, label in names.items()])  # type: ignore[attr-defined]
        nlp.meta.update({"name": name, "version": "1.2.3", "performance": performance or {}})
        folder = tmp_path / package / f"{package}-1.2.3"
        folder.parent.mkdir()
        nlp.to_disk(folder)
        (tmp_path / package / "meta.json").write_text(json.dumps(nlp.meta))
        (tmp_path / package / "__init__.py").write_text("")
        info = tmp_path / f"{package}-1.2.3.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2.3\n")
        (info / "entry_points.txt").write_text(f"[spacy_models]\n{package} = {package}\n")
        monkeypatch.syspath_prepend(str(tmp_path))
        pipelines._pipeline_packages.cache_clear()
        return folder

    yield make
    pipelines._pipeline_packages.cache_clear()

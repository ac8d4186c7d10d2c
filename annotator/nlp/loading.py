"""Loading a spaCy pipeline with only the components that suggestions need."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from annotator.core.errors import ModelError
from annotator.nlp.convert import after_line_breaks
from annotator.nlp.datelines import LONGEST, dateline_end
from annotator.nlp.lean import Doc, Language, spacy
from annotator.nlp.pipelines import ANY_LANGUAGE, Model

if TYPE_CHECKING:
    from collections.abc import Iterable

PARAGRAPHS = "annotator_paragraphs"
_FOR_THE_RULES = ("lemmatizer", "trainable_lemmatizer", "attribute_ruler", "tagger", "morphologizer")
"""What only the attribution rules look at."""
_SENTENCE_PARTS = ("senter", "parser", "sentencizer")
"""What can cut sentences, in order of preference: the senter is as good as the parser and faster."""


@Language.factory(PARAGRAPHS, default_config={"cities": []})
class Paragraphs:
    """Starts a sentence after every line break, and after the dateline that a paragraph starts with.

    The sentence cutter keeps that, and the entity recogniser lets no entity run over it.
    """

    def __init__(self, nlp: Language, name: str, cities: list[str]) -> None:
        self._cities = frozenset(cities)

    def __call__(self, doc: Doc) -> Doc:
        """Mark the starts in a document that has been cut into tokens only."""
        starts = after_line_breaks(doc)
        for index in starts:
            doc[index].is_sent_start = True
        if self._cities and len(doc):
            text = doc.text
            for index in (0, *starts):
                self._cut_dateline(doc, text, index)
        return doc

    def _cut_dateline(self, doc: Doc, text: str, first: int) -> None:
        start = doc[first].idx
        length = dateline_end(text[start : start + LONGEST].partition("\n")[0], self._cities)
        if length:
            behind = next((t.i for t in doc[first:] if t.idx >= start + length and not t.is_space), None)
            if behind is not None:
                doc[behind].is_sent_start = True


def load(model: Model, *, parsed: bool = False, cities: Iterable[str] = ()) -> Language:
    """The pipeline, ready to run; with tagger, parser and lemmatizer (if it has them) where ``parsed``.

    ``cities`` may stand in datelines. Raises ModelError if spaCy cannot load it.
    """
    if model.path is None:
        nlp = blank(model.language)
    else:
        try:
            nlp = _load_trained(model, parsed)
        except (OSError, ValueError, ImportError, KeyError, AttributeError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise ModelError(
                f"spaCy {version('spacy')} cannot load this pipeline ({reason})",
                where=model.name,
                cure="Install the release of the pipeline that fits this spaCy, or name another one",
            ) from error
    if not nlp.has_pipe("senter") and not nlp.has_pipe("parser") and not nlp.has_pipe("sentencizer"):
        nlp.add_pipe("sentencizer", first=True)
    nlp.add_pipe(PARAGRAPHS, first=True, config={"cities": sorted(cities)})
    return nlp


def blank(language: str) -> Language:
    """The blank pipeline of a language; spaCy's multi-language one where it has none that works here."""
    try:
        return spacy.blank(language)
    except (ImportError, ValueError, OSError):
        return spacy.blank(ANY_LANGUAGE)


def _load_trained(model: Model, parsed: bool) -> Language:
    assert model.path is not None
    config = spacy.util.load_config(model.path / "config.cfg")
    parts: list[str] = list(config["nlp"]["pipeline"])
    keep = next((part for part in _SENTENCE_PARTS if part in parts), None)
    if parsed and "parser" in parts:
        keep = "parser"
    exclude = [part for part in parts if part in _unneeded(keep, parsed)]
    nlp = spacy.load(
        model.path, exclude=exclude, config={"nlp": {"pipeline": _names_first(parts) if parsed else parts}}
    )
    if keep is not None and keep not in nlp.pipe_names:
        nlp.enable_pipe(keep)
    if "tok2vec" in nlp.pipe_names:
        shared: Any = nlp.get_pipe("tok2vec")
        if not shared.listening_components:
            nlp.remove_pipe("tok2vec")
    return nlp


def _names_first(parts: list[str]) -> list[str]:
    """The recogniser before the parser: it lets no entity run over a sentence that the parser starts.

    Where the parser errs ("Angela. Merkel met …"), the name would be lost.
    """
    if "ner" not in parts or "parser" not in parts:
        return parts
    others = [part for part in parts if part != "ner"]
    place = others.index("parser")
    return [*others[:place], "ner", *others[place:]]


def _unneeded(keep: str | None, parsed: bool) -> Iterable[str]:
    return (*(() if parsed else _FOR_THE_RULES), *(part for part in _SENTENCE_PARTS if part != keep))

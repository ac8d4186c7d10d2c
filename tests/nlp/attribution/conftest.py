"""Reads texts by the real English pipeline and the program's own reporting words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.core.codebook import Codebook
from annotator.core.ports import Suggested, SuggestJob
from annotator.core.scheme import Scheme
from annotator.nlp.analyse import Analyser
from annotator.nlp.attribution import contents
from annotator.nlp.attribution.attributions import Reader
from annotator.nlp.attribution.lexicon import Lexicon, parse_lexicon
from annotator.nlp.attribution.parse import Parse, Range
from annotator.session.suggest import suggestible

type Read = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture(scope="session")
def scheme(codebook: Codebook) -> Scheme:
    return suggestible(codebook)


@pytest.fixture(scope="session")
def lexicon(scheme: Scheme) -> Lexicon:
    return parse_lexicon(scheme.lexicon)


@pytest.fixture(scope="session")
def claiming(scheme: Scheme) -> Analyser:
    """The pipeline that comes with the program, with the rules."""
    analyser = Analyser(None, scheme)
    analyser.pipeline(None)
    return analyser


@pytest.fixture(scope="session")
def parse(claiming: Analyser) -> Callable[[str], Parse]:
    return lambda text: Parse(claiming.pipeline(None).nlp(text))


@pytest.fixture(scope="session")
def read(parse: Callable[[str], Parse], lexicon: Lexicon) -> Read:
    """Source, cue and content (pieces joined by “ … ”) of every attribution in a text."""

    def attributions(text: str, least: float = 0.5) -> list[tuple[str, str, str]]:
        parsed = parse(text)

        def words(ranges: list[Range]) -> str:
            pieces = ("".join(map(_token(parsed), range(*each))).strip() for each in ranges)
            return " … ".join(pieces).replace("\n\n", " … ")

        return [
            (
                words([each.source_at] if each.source_at else []),
                words(list(each.cue_at)),
                words(contents.runs(parsed, each.content)),
            )
            for each in Reader(parsed, lexicon).attributions(least)
        ]

    return attributions


def _token(parsed: Parse) -> Callable[[int], str]:
    return lambda token: (
        parsed.texts[token] + (" " if parsed.spaced[token] and "\n" not in parsed.texts[token] else "")
    )


@pytest.fixture(scope="session")
def suggest(claiming: Analyser) -> Callable[..., Suggested]:
    """Everything suggested in a text."""

    def suggested(text: str, furniture: tuple[tuple[int, int], ...] = ()) -> Suggested:
        (analysed,) = claiming.analyse([SuggestJob("a", text, None, furniture)])
        return analysed.result

    return suggested

"""Gold to score against: exports in ``annotator/1``, and attribution corpora.

A line of an attribution corpus is ``{"name", "text", "attributions": [{"source", "cue", "content"}]}``, each
part a list of half-open code point ranges that may be empty; other keys are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from annotator.core.attributions import Attribution
from annotator.core.errors import AnnotatorError, Problem
from annotator.core.evaluation import Labelled
from annotator.core.model import Fragments, State
from annotator.core.records import replace
from annotator.core.text import normalise
from annotator.core.validate import fragment_problem
from annotator.formats.base import Intake, TooManyProblemsError
from annotator.formats.jsonl import json_lines
from annotator.formats.native_reader import read_line
from annotator.formats.plain import kind_of

_CURE = "Correct that line, or leave it out"
_OFFSETS = "Write it as a list of ranges like [[101,205]]: code points from 0, half-open"
_PARTS = ("source", "cue", "content")


class GoldArticle(Struct, frozen=True, kw_only=True):
    """One line of gold."""

    name: str
    """What a person calls the article: its title, else its id."""
    text: str
    place: str
    """Where in the file it stands: ``line 3``."""
    labelled: Labelled
    """What was accepted in it."""
    annotator: str | None = None
    """Whose it is; None in a corpus."""
    untouched: bool = False
    """Whether nobody has labelled the article, so that it is no gold at all."""


def read_gold(intake: Intake) -> tuple[list[GoldArticle], list[Problem]]:
    """The lines of a file, or what is wrong with them; never raises for what a file can hold.

    Where there is a problem, nothing of the file may be used.
    """
    found: list[GoldArticle] = []
    name = intake.source.name
    try:
        found.extend(_lines(intake))
    except TooManyProblemsError:
        more = f"only the first {len(intake.problems)} problems of this file are listed"
        intake.problems.append(Problem(more, name, "Correct them, then try again"))
    except AnnotatorError as error:
        cure = "Choose a file with one article to a line, as an export has it"
        intake.problems.append(replace(error.problem, cure=cure))
    if not found and not intake.problems:
        intake.problems.append(Problem("there is no article in this file", name, "Choose another file"))
    problems = [replace(each, cure=each.cure or _CURE) for each in intake.problems]
    return ([] if problems else found), problems


def _lines(intake: Intake) -> Iterator[GoldArticle]:
    first = ""
    for value, place in json_lines(intake):
        kind = _kind_of(value)
        if not kind:
            intake.report(
                "this is neither a line of annotator/1 nor one of an attribution corpus",
                place,
                "Give it “format”, as an export has it, or “name”, “text” and “attributions”",
            )
            continue
        first = first or kind
        if kind != first:
            intake.report(
                f"this is a line of {kind}, but those before it are of {first}", place, "Make it two files"
            )
            continue
        line = _native(value, intake, place) if kind == _NATIVE else _corpus(value, intake, place)
        if line is not None:
            yield line


_NATIVE = "annotator/1"
_CORPUS = "an attribution corpus"


def _kind_of(value: Any) -> str:
    """By its keys; empty where it is neither."""
    if not isinstance(value, dict):
        return ""
    if isinstance(form := value.get("format"), str) and form.startswith("annotator/"):
        return _NATIVE
    return _CORPUS if "attributions" in value else ""


def _native(value: dict[str, Any], intake: Intake, place: str) -> GoldArticle | None:
    record = read_line(value, intake, place)
    if record is None:
        return None
    labels = record.labels
    article = labels.article
    return GoldArticle(
        name=article.title or article.external_id or article.id or place,
        text=article.text,
        place=place,
        labelled=Labelled.of(
            (span for span in labels.spans if span.state is State.ACCEPTED),
            (each for each in labels.relations if each.state is State.ACCEPTED),
        ),
        annotator=labels.annotator,
        untouched=labels.annotator is None,
    )


# -- attribution corpora -----------------------------------------------------------------------------


def _corpus(value: dict[str, Any], intake: Intake, place: str) -> GoldArticle | None:
    known = len(intake.problems)
    for key, kind, words in (
        ("name", str, "a text"),
        ("text", str, "a text"),
        ("attributions", list, "a list"),
    ):
        if key not in value:
            intake.report(f"it has no “{key}”", place)
        elif not isinstance(value[key], kind):
            intake.report(f"“{key}” must be {words}, not {kind_of(value[key])}", place)
    if len(intake.problems) > known:
        return None
    text = value["text"]
    if not text.strip():
        intake.report("the text is empty", place)
    if normalise(text) != text:
        intake.report(
            "the text holds a carriage return or a byte order mark, which import would take out",
            place,
            "Write line ends as \\n, and count offsets in that text",
        )
    if len(intake.problems) > known:
        return None
    found = tuple(_attributions(value["attributions"], text, intake, place))
    if len(intake.problems) > known:
        return None
    return GoldArticle(name=value["name"] or place, text=text, place=place, labelled=Labelled(found))


def _attributions(items: list[Any], text: str, intake: Intake, place: str) -> Iterator[Attribution]:
    for nth, item in enumerate(items, 1):
        if not isinstance(item, dict):
            intake.report(f"it must be an object, not {kind_of(item)}", f"{place}, attribution {nth}")
            continue
        given = item.get("id")
        where = f"{place}, attribution {given if isinstance(given, str) and given else nth}"
        if "content" not in item:
            intake.report("it has no “content”", where)
        parts = [_ranges(item, part, text, intake, where) for part in _PARTS]
        yield Attribution(*parts)


def _ranges(item: Mapping[str, Any], part: str, text: str, intake: Intake, where: str) -> Fragments:
    """The ranges of one part in text order; none after reporting what is wrong with them."""
    value = item.get(part) or []
    well_formed = isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(type(each) is int for each in pair)
        for pair in value
    )
    if not well_formed:
        intake.report(f"“{part}” must be a list of pairs of whole numbers", where, _OFFSETS)
        return ()
    fragments = tuple(sorted((start, end) for start, end in value))
    wrong = fragment_problem(fragments, text) if fragments else None
    if wrong:
        intake.report(f"in “{part}”, {wrong}", where, _OFFSETS)
        return ()
    return fragments

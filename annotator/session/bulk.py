"""Deciding on many suggestions at once, in the open article or in the whole project, as one edit."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from annotator.core.alike import alike_of, confident, equal_relations, equal_spans, surest
from annotator.core.commands import Accept, Command, Reject
from annotator.core.history import Edit
from annotator.core.model import Span
from annotator.core.page import Page
from annotator.core.text import counted, excerpt
from annotator.session.editor import Editor


class Bulk(Struct, frozen=True):
    """A decision on several suggestions that has been looked up and not been carried out."""

    verb: str
    what: str
    """The suggestions in words: “Place “Iran””."""
    count: int
    """Suggestions that it decides."""
    plans: tuple[tuple[Page, Command], ...]
    """For each article its page and the command."""
    everywhere: bool = False
    """It was looked for in the whole project."""

    @property
    def title(self) -> str:
        """What it does, for the undo menu and for the question: “Accept 12 × Place “Iran” in 5 articles”."""
        where = f" in {counted(len(self.plans), 'article')}" if self.everywhere else ""
        return f"{self.verb.capitalize()} {self.count:,} × {self.what}{where}"

    def run(self, editor: Editor) -> Edit | None:
        """Carry it out as one edit, which one undo takes back. Raises as :meth:`Editor.run`."""
        return editor.run_across(self.verb, self.title, self.plans)


def alike(editor: Editor, suggestion: str, *, accept: bool, everywhere: bool) -> Bulk | None:
    """The decision on all open suggestions of equal text and label as one that is selected.

    ``everywhere``: in the whole project, else in the open article; relations in the open article only.
    None where the id is no open suggestion.
    """
    page = editor.page
    if page is None:
        return None
    verb = "accept" if accept else "reject"
    span = page.suggestions.get(suggestion)
    if span is None or not page.is_shown(span):
        return _relations_alike(page, suggestion, verb)
    wanted = alike_of(page, span)
    pages = [(page, equal_spans(page, wanted))]
    if everywhere:
        others = editor.repository.open_alike(editor.annotator, wanted)
        pages += [(each, tuple(span.id for span in spans)) for each, spans in _in_sight(page, others)]
    what = f"{wanted.label} “{excerpt(wanted.text, 30)}”"
    return Bulk(
        verb,
        what,
        sum(len(ids) for _, ids in pages),
        tuple((each, Accept(ids) if accept else Reject(ids)) for each, ids in pages),
        everywhere,
    )


def _in_sight(page: Page, others: Iterable[Page]) -> Iterator[tuple[Page, list[Span]]]:
    """The other articles with those of their open suggestions that would be in sight as on the page."""
    for other in others:
        other.show_less_certain(page.shows_less_certain)
        found = [each for each in other.suggestions.values() if other.is_shown(each)]
        if found and other.article.id != page.article.id:
            yield other, found


def _allowed(editor: Editor, page: Page, relation: str) -> bool:
    """Whether the codebook allows a suggested relation between what stands at its ends now."""
    shown = page.relation(relation)
    head, tail = (page.span(page.stand_in(end) or end) for end in (shown.head, shown.tail))
    rule = editor.codebook.relation_type(shown.type)
    return rule is not None and rule.allows(head.kind, tail.kind)


def _relations_alike(page: Page, suggestion: str, verb: str) -> Bulk | None:
    shown = next((each for each in page.visible_relations() if each.id == suggestion), None)
    if shown is None or not shown.is_suggestion:
        return None
    ids = equal_relations(page, shown)
    command: Command = Accept((), ids) if verb == "accept" else Reject((), ids)
    return Bulk(verb, shown.type.replace("_", " "), len(ids), ((page, command),))


def above(
    editor: Editor, least: float, *, everywhere: bool, among: Container[str] | None = None
) -> Bulk | None:
    """The acceptance of every open suggestion with at least a confidence (0 to 1).

    ``everywhere``: in the whole project, there spans only; else spans and relations of the open article.
    ``among``: ids of the open article's suggestions that come into question, where not all do.
    None where there is no such suggestion.
    """
    page = editor.page
    if page is None:
        return None
    spans, relations = confident(page, least, among)
    relations = tuple(each for each in relations if _allowed(editor, page, each))
    pages: list[tuple[Page, Command]] = []
    count = len(spans) + len(relations)
    if count:
        pages.append((page, Accept(spans, relations)))
    if everywhere:
        others = editor.repository.open_above(editor.annotator, least)
        for each, found in _in_sight(page, others):
            ids = surest(found)
            count += len(ids)
            pages.append((each, Accept(ids)))
    what = f"suggestions at {least:.0%} or more"
    return Bulk("accept", what, count, tuple(pages), everywhere) if count else None

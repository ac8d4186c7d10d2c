"""The lines of one article, by several annotators, to what the project file stores of it.

An export line shows what one annotator sees: own labels, and the suggestions that this annotator has not
decided on or has turned down. The project keeps suggestions once, for everybody, and each annotator's
decisions on them apart. Going back from lines to that rests on four observations:

1. A suggestion that a line lists is undecided or rejected by its annotator; its id is the same in every
   line.
2. An own label whose origin is a model was accepted as it stood: it has the kind, label and fragments of
   the suggestion that it came from. Where no line lists that suggestion any more (all have decided), it is
   made again, with an id that only depends on what it is.
3. A suggested relation that joins an own span does so because that span stands in for the suggestion that
   the relation really joins.
4. In an export with suggestions, what a line does *not* list of the suggestions of its article has been
   decided on by its annotator, and not rejected: accepted, or changed into something else. (Or a span of
   the annotator's of the same kind lies exactly there, which hides the suggestion.)

So an export with suggestions, imported into an empty project, exports to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from annotator.core.model import (
    Article,
    Decision,
    Fragments,
    Kind,
    Relation,
    Span,
    State,
    Target,
    Verdict,
)
from annotator.core.ports import ArticleLabels, NewArticle
from annotator.core.records import replace
from annotator.session.line import Ends, Line, ends_of, is_model, key_of, lasting_id, shared, sides_of

type Report = Callable[[str, str], None]
"""Takes what is wrong, and in which line."""


class Present(Struct, frozen=True):
    """What the project has of the article already; empty for a new one."""

    spans: Sequence[Span] = ()
    """Its suggested spans."""
    relations: Sequence[Relation] = ()
    """Its suggested relations."""
    span_ids: frozenset[str] = frozenset()
    """Ids of the spans that annotators have there."""
    relation_ids: frozenset[str] = frozenset()


def merge(
    article: Article,
    lines: Sequence[tuple[str, ArticleLabels]],
    present: Present,
    *,
    shows_suggestions: bool,
    at: str,
    report: Report,
) -> NewArticle:
    """What is to be stored of an article: everything that the lines bring and the project lacks.

    ``lines``: each with its place in the file; no annotator has two. ``shows_suggestions``: whether the
    file is an export with suggestions, as far as can be told. Contradictions between the lines go to
    ``report``; the result may only be used if there are none.
    """
    return _Merge(article, [Line(*each) for each in lines], present, shows_suggestions, at, report).run()


class _Merge:
    def __init__(
        self,
        article: Article,
        lines: Sequence[Line],
        present: Present,
        shows_suggestions: bool,
        at: str,
        report: Report,
    ) -> None:
        self.article = article
        self.lines = lines
        self.people = [line for line in lines if line.annotator is not None]
        self.present = present
        self.shows = shows_suggestions
        self.at = at
        self.report = report
        self.spans = {span.id: span for span in present.spans}
        self.relations = {each.id: each for each in present.relations}
        self.same_as: dict[str, str] = {}
        """Id of a suggested span in the file → id of the equal one that the project has."""
        self.by_key: dict[tuple[Kind, str, Fragments], list[str]] = {}
        self.by_ends: dict[Ends, list[str]] = {}
        self.ends: dict[tuple[str, str], str] = {}
        """Suggested relation and side → the suggested span that it joins there."""
        self.file_spans: dict[str, Span] = {}
        """The suggested spans that the file knows of, as it has them, by the id that they get."""
        self.file_relations: dict[str, Relation] = {}
        for span in present.spans:
            self.by_key.setdefault(key_of(span), []).append(span.id)
        for each in present.relations:
            self.by_ends.setdefault(ends_of(each), []).append(each.id)
            self.ends[each.id, "head"], self.ends[each.id, "tail"] = each.head, each.tail

    def run(self) -> NewArticle:
        for line in self.lines:
            self._list_spans(line)
        self._check_own_ids()
        for line in self.people:
            self._accepted_spans(line)
        self._tie_ends(remake=False)
        for line in self.people:
            self._remake_accepted(line)
        self._tie_ends(remake=False)
        self._tie_ends(remake=True)
        for line in self.people:
            self._infer_spans(line)
        for line in self.lines:
            self._list_relations(line)
        for line in self.people:
            self._accepted_relations(line)
        for line in self.people:
            self._infer_relations(line)
        return self._result()

    # -- spans --------------------------------------------------------------------------------

    def _list_spans(self, line: Line) -> None:
        """Observation 1."""
        for span in line.suggested_spans:
            row = replace(span, state=State.SUGGESTED)
            suggestion = self.same_as.get(span.id, span.id)
            known = self.file_spans.get(suggestion)
            if known is None:
                suggestion = self._new_or_same(row)
            if key_of(self.spans[suggestion]) != key_of(row) or (known is not None and known != row):
                self.report(f"the id of the suggestion {span.id} stands for different spans", line.place)
                continue
            self.file_spans[suggestion] = row
            line.of_spans.listed.add(suggestion)
            if span.state == State.REJECTED:
                self._decide(line, Target.SPAN, suggestion, Verdict.REJECTED, None)

    def _new_or_same(self, row: Span) -> str:
        """The id under which the project has or gets a suggested span that the file names first here."""
        if row.id not in self.spans:
            twins = (each for each in self.by_key.get(key_of(row), ()) if each not in self.file_spans)
            twin = next(twins, None)
            if twin is None:
                self._add_span(row)
            else:
                self.same_as[row.id] = twin
                return twin
        return row.id

    def _add_span(self, row: Span) -> None:
        self.spans[row.id] = row
        self.file_spans[row.id] = row
        self.by_key.setdefault(key_of(row), []).append(row.id)

    def _check_own_ids(self) -> None:
        """Ids are used once in an article; the project keeps its labels apart by nothing else."""
        spans = dict.fromkeys(self.present.span_ids, "the project")
        relations = dict.fromkeys(self.present.relation_ids, "the project")
        suggested = {each.id for line in self.lines for each in line.suggested_relations} | {*self.relations}
        for line in self.people:
            for span_id in line.spans:
                if span_id in spans or span_id in self.spans or span_id in self.same_as:
                    other = spans.get(span_id, "a suggestion")
                    self.report(f"span {span_id} has the id of a different span of {other}", line.place)
                spans[span_id] = line.place
            for each in line.relations:
                if each.id in relations or each.id in suggested:
                    other = relations.get(each.id, "a suggestion")
                    self.report(f"relation {each.id} has the id of a different one of {other}", line.place)
                relations[each.id] = line.place

    def _accepted_spans(self, line: Line) -> None:
        """Observation 2, where the suggestion is there."""
        for own in line.spans.values():
            if is_model(own.origin) and own.id not in line.of_spans.made:
                same = self.by_key.get(key_of(own), ())
                free = [self.spans[each] for each in same if not line.of_spans.closed(each)]
                if free:
                    best = min(free, key=lambda span: span.origin != own.origin)
                    self._link_span(line, own, best.id, Verdict.ACCEPTED)

    def _learn_ends(self) -> None:
        """Observation 3: what a suggested relation joins, where some line or the project tells."""
        for line in self.lines:
            for each in line.suggested_relations:
                for side, end in sides_of(each):
                    suggestion = line.of_spans.made.get(end) or self.same_as.get(end, end)
                    if suggestion in self.spans:
                        self.ends.setdefault((each.id, side), suggestion)

    def _tie_ends(self, *, remake: bool) -> None:
        """Observation 3: own spans that stand in for a suggestion came from it.

        Where nothing tells which one that is (``remake``), it is made again from what it has become.
        """
        self._learn_ends()
        for line in self.people:
            for each in line.suggested_relations:
                for side, end in sides_of(each):
                    own = line.spans.get(end)
                    if own is None or own.id in line.of_spans.made:
                        continue
                    meant = self.ends.get((each.id, side))
                    if meant is None and remake:
                        meant = self._remake(own, each.origin)
                        self.ends[each.id, side] = meant
                    if meant is not None and not line.of_spans.closed(meant):
                        self._link_span(line, own, meant, Verdict.CHANGED)

    def _remake_accepted(self, line: Line) -> None:
        """Observation 2, where no line lists the suggestion.

        Without suggestions in the file, somebody whose line lacks it may not have decided on it; then
        it is made again only if nobody would come to see what another one has accepted.
        """
        self._accepted_spans(line)
        for own in line.spans.values():
            if (
                is_model(own.origin)
                and own.id not in line.of_spans.made
                and (self.shows or all(other.over(own) for other in self.people))
            ):
                suggestion = self._remake(own, own.origin)
                if not line.of_spans.closed(suggestion):
                    self._link_span(line, own, suggestion, Verdict.ACCEPTED)

    def _remake(self, own: Span, origin: str) -> str:
        row = replace(
            own,
            id=lasting_id(self.article.id, own.kind, own.label, own.fragments, origin),
            attributes={},
            actor=None,
            state=State.SUGGESTED,
            origin=origin,
            annotator=None,
            note=None,
        )
        if row.id not in self.spans:
            self._add_span(row)
        return row.id

    def _infer_spans(self, line: Line) -> None:
        """Observation 4: what the annotator made of it is the own span that lies there."""
        if not self.shows:
            return
        made = line.of_spans.made
        for suggestion in self.file_spans:
            if line.of_spans.closed(suggestion):
                continue
            about = self.spans[suggestion]
            best = line.over(about)
            if best is not None and best.id in made:
                continue
            if best is None:
                free = (own for own in line.spans.values() if own.id not in made and shared(own, about))
                best = max(free, key=lambda own: (own.kind == about.kind, shared(own, about)), default=None)
            if best is not None:
                self._link_span(line, best, suggestion, Verdict.CHANGED)
            else:
                self._decide(line, Target.SPAN, suggestion, Verdict.CHANGED, None)

    def _link_span(self, line: Line, own: Span, suggestion: str, verdict: Verdict) -> None:
        line.of_spans.made[own.id] = suggestion
        self._decide(line, Target.SPAN, suggestion, verdict, own.id)

    # -- relations ----------------------------------------------------------------------------

    def _list_relations(self, line: Line) -> None:
        """Observations 1 and 3."""
        for each in line.suggested_relations:
            head, tail = (
                self.ends.get((each.id, side)) or self.same_as.get(end, end) for side, end in sides_of(each)
            )
            row = replace(each, head=head, tail=tail, state=State.SUGGESTED)
            known = self.file_relations.get(each.id)
            fits = head in self.spans and tail in self.spans and (known is None or known == row)
            if fits and line.annotator is not None:
                fits = all(
                    self.same_as.get(end, end) == meant or line.stands_in(end, self.spans[meant])
                    for (_, end), meant in zip(sides_of(each), (head, tail), strict=True)
                )
            if not fits:
                self.report(f"the suggested relation {each.id} joins other spans elsewhere", line.place)
                continue
            suggestion = each.id
            if known is None and each.id not in self.relations:
                twins = (
                    twin for twin in self.by_ends.get(ends_of(row), ()) if twin not in self.file_relations
                )
                suggestion = next(twins, each.id)
            self._add_relation(suggestion, row)
            line.of_relations.listed.add(suggestion)
            if each.state == State.REJECTED:
                self._decide(line, Target.RELATION, suggestion, Verdict.REJECTED, None)

    def _add_relation(self, suggestion: str, row: Relation) -> None:
        self.file_relations[suggestion] = row
        if suggestion not in self.relations:
            self.relations[suggestion] = row
            self.by_ends.setdefault(ends_of(row), []).append(suggestion)

    def _accepted_relations(self, line: Line) -> None:
        """Observation 2, of relations: of those between spans that came from suggestions."""
        for own in line.relations:
            head, tail = line.of_spans.made.get(own.head), line.of_spans.made.get(own.tail)
            if not is_model(own.origin) or head is None or tail is None:
                continue
            same = self.by_ends.get((own.type, head, tail), ())
            free = [self.relations[each] for each in same if not line.of_relations.closed(each)]
            suggestion = min(free, key=lambda each: each.origin != own.origin).id if free else None
            if suggestion is None and (self.shows or len(self.people) == 1):
                suggestion = lasting_id(self.article.id, own.type, head, tail, own.origin)
                if line.of_relations.closed(suggestion):
                    continue
                row = replace(
                    own,
                    id=suggestion,
                    head=head,
                    tail=tail,
                    attributes={},
                    state=State.SUGGESTED,
                    annotator=None,
                    note=None,
                )
                self._add_relation(suggestion, row)
            if suggestion is not None:
                line.of_relations.made[own.id] = suggestion
                self._decide(line, Target.RELATION, suggestion, Verdict.ACCEPTED, own.id)

    def _infer_relations(self, line: Line) -> None:
        """Observation 4, of relations whose ends the annotator sees."""
        if not self.shows:
            return
        made = line.of_spans.made
        free = {
            frozenset((made.get(own.head), made.get(own.tail))): own
            for own in line.relations
            if own.id not in line.of_relations.made
        }
        for suggestion in self.file_relations:
            about = self.relations[suggestion]
            if line.of_relations.closed(suggestion) or not all(
                line.sees(self.spans[end]) for end in (about.head, about.tail)
            ):
                continue
            own = free.pop(frozenset((about.head, about.tail)), None)
            if own is not None:
                line.of_relations.made[own.id] = suggestion
            self._decide(line, Target.RELATION, suggestion, Verdict.CHANGED, own.id if own else None)

    # -- together -----------------------------------------------------------------------------

    def _decide(
        self, line: Line, target: Target, suggestion: str, verdict: Verdict, made: str | None
    ) -> None:
        if line.annotator is not None:
            known = line.of_spans if target == Target.SPAN else line.of_relations
            known.decided[suggestion] = Decision(
                suggestion=suggestion,
                target=target,
                verdict=verdict,
                annotator=line.annotator,
                made=made,
                decided_at=self.at,
            )

    def _result(self) -> NewArticle:
        old_spans = {span.id for span in self.present.spans}
        old_relations = {each.id for each in self.present.relations}
        spans = [span for span in self.spans.values() if span.id not in old_spans]
        relations = [each for each in self.relations.values() if each.id not in old_relations]
        decisions: list[Decision] = []
        for line in self.people:
            spans += _naming(line.spans.values(), line.of_spans.made)
            relations += _naming(line.relations, line.of_relations.made)
            decisions += [*line.of_spans.decided.values(), *line.of_relations.decided.values()]
        return NewArticle(
            article=self.article,
            progress={line.annotator: line.progress for line in self.people if line.annotator is not None},
            spans=spans,
            relations=relations,
            decisions=decisions,
        )


def _naming[T: (Span, Relation)](own: Iterable[T], made: dict[str, str]) -> Iterator[T]:
    """Own labels that name the suggestion that they came from."""
    return (replace(each, suggestion=made[each.id]) if each.id in made else each for each in own)

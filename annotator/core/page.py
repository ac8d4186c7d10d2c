"""One article as one annotator sees it: own labels, the suggestions, and what was decided on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from annotator.core.changes import (
    ActorChange,
    Change,
    ChangeSet,
    CodebookChange,
    DecisionChange,
    FurnitureChange,
    ProgressChange,
    RefusalChange,
    RelationChange,
    SpanChange,
    exchanged,
)
from annotator.core.errors import RuleError
from annotator.core.model import Article, Decision, Fragments, Kind, Progress, Relation, Span
from annotator.core.records import replace
from annotator.core.tiers import is_among, less_certain
from annotator.core.tokens import Tokens


@dataclass(slots=True)
class Page:
    """The working copy that the editor changes and the window shows.

    ``spans`` and ``relations`` are the annotator's own; the suggestions belong to nobody and stay
    whole. A suggestion is *open* while this annotator has neither decided on it nor has an own span
    of the same kind over the same fragments. It is *in sight* while it is open and not hidden as less
    certain (:mod:`annotator.core.tiers`): whatever lists or decides suggestions knows only those.
    """

    article: Article
    annotator: str
    progress: Progress = field(default_factory=Progress)
    spans: dict[str, Span] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)
    suggestions: dict[str, Span] = field(default_factory=dict)
    relation_suggestions: dict[str, Relation] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    tokens: Tokens | None = None
    revision: int = 0
    """Grows with each change; work that was started for an older revision is stale."""
    shows_less_certain: bool = field(default=True, compare=False)
    """Whether the less certain suggestions are in sight; set by :meth:`show_less_certain`."""
    _less_certain: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Ids of the suggested spans and relations that are less certain by themselves."""
    _hidden: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """Those of them that are not in sight."""
    _brought_back: set[str] = field(default_factory=set, repr=False, compare=False)
    """Ids of suggestions that stay in sight since a decision on them was taken back."""
    _counted: tuple[int, int] | None = field(default=None, repr=False, compare=False)
    """For which revision the less certain suggestions were counted, and their number."""
    _own: Counter[tuple[Kind, Fragments]] = field(default_factory=Counter, repr=False)
    _suggested: dict[tuple[Kind, Fragments], list[str]] = field(default_factory=dict, repr=False)
    _links: dict[str, set[str]] = field(default_factory=dict, repr=False)
    _ordered: tuple[dict[str, Span], list[Span]] | None = field(default=None, repr=False, compare=False)
    """The suggestions that were sorted, and the result."""

    def __post_init__(self) -> None:
        self._index_suggestions()
        self._part_tiers()
        self._own = Counter((span.kind, span.fragments) for span in self.spans.values())
        for relation in (*self.relations.values(), *self.relation_suggestions.values()):
            self._link(relation)

    @property
    def text(self) -> str:
        """The article's stored text."""
        return self.article.text

    @property
    def labels(self) -> tuple[object, ...]:
        """Everything that a person has done here, to be compared with another page's."""
        furniture = self.article.furniture
        return (self.spans, self.relations, self.decisions, self.progress, furniture)

    # -- looking things up -------------------------------------------------------------------

    def span(self, span_id: str) -> Span:
        """The own span or suggestion with that id. Raises RuleError where there is none."""
        found = self.spans.get(span_id) or self.suggestions.get(span_id)
        if found is None:
            raise RuleError("that span is no longer there", where=self.article.title)
        return found

    def relation(self, relation_id: str) -> Relation:
        """The own relation or suggested one with that id. Raises RuleError where there is none."""
        found = self.relations.get(relation_id) or self.relation_suggestions.get(relation_id)
        if found is None:
            raise RuleError("that relation is no longer there", where=self.article.title)
        return found

    def is_open(self, suggestion: Span) -> bool:
        """Whether this annotator still has to decide on a suggested span."""
        return (
            suggestion.id not in self.decisions and (suggestion.kind, suggestion.fragments) not in self._own
        )

    def is_open_relation(self, suggestion: Relation) -> bool:
        """Whether a suggested relation is undecided, joins what is in sight, and is not drawn already."""
        if suggestion.id in self.decisions:
            return False
        head, tail = self.stand_in(suggestion.head), self.stand_in(suggestion.tail)
        return (
            head is not None
            and tail is not None
            and head != tail
            and not any(
                (own.type, own.head, own.tail) == (suggestion.type, head, tail)
                for own in self.relations_of(head)
            )
        )

    def is_shown(self, suggestion: Span) -> bool:
        """Whether a suggested span is open and in sight."""
        return suggestion.id not in self._hidden and self.is_open(suggestion)

    def is_shown_relation(self, suggestion: Relation) -> bool:
        """Whether a suggested relation is open and in sight, as both its ends must be."""
        return not is_among(self._hidden, suggestion, self.stand_in) and self.is_open_relation(suggestion)

    def is_less_certain(self, suggestion: Span | Relation) -> bool:
        """Whether a suggestion of this page is less certain, a relation also because of its ends."""
        if isinstance(suggestion, Span):
            return suggestion.id in self._less_certain
        return is_among(self._less_certain, suggestion, self.stand_in)

    def count_less_certain(self) -> int:
        """How many open suggestions are less certain; while those are hidden, only those out of sight.

        Counted once for each change of the page.
        """
        if self._counted is None or self._counted[0] != self.revision:
            ids = self._less_certain if self.shows_less_certain else self._hidden
            count = 0
            if ids:
                count = sum(each in ids and self.is_open(span) for each, span in self.suggestions.items())
                links = self.relation_suggestions.values()
                count += sum(
                    is_among(ids, each, self.stand_in) and self.is_open_relation(each) for each in links
                )
            self._counted = (self.revision, count)
        return self._counted[1]

    def stand_in(self, span_id: str) -> str | None:
        """The id of what this annotator sees for a span.

        An own span or an open suggestion stands for itself, a decided suggestion for the own span
        that the decision made; None if it was rejected or is gone.
        """
        if span_id in self.spans:
            return span_id
        decision = self.decisions.get(span_id)
        if decision is not None:
            return decision.made if decision.made in self.spans else None
        suggestion = self.suggestions.get(span_id)
        if suggestion is None:
            return None
        if self.is_open(suggestion):
            return span_id
        twins = self.own_over(suggestion.kind, suggestion.fragments)
        return twins[0].id if twins else None

    def suggested_over(self, kind: Kind, fragments: Fragments) -> list[str]:
        """Ids of the suggestions of a kind over exactly these fragments, decided ones too."""
        return self._suggested.get((kind, fragments), [])

    def own_over(self, kind: Kind, fragments: Fragments) -> list[Span]:
        """The annotator's spans of a kind over exactly these fragments."""
        if (kind, fragments) not in self._own:
            return []
        return [s for s in self.spans.values() if s.kind == kind and s.fragments == fragments]

    def open_suggestions(self) -> list[Span]:
        """The suggested spans in sight that wait for a decision, in text order."""
        return [span for span in self._in_order() if self.is_shown(span)]

    def _in_order(self) -> list[Span]:
        """All suggested spans in text order; sorted once for as long as they are the same."""
        if self._ordered is None or self._ordered[0] is not self.suggestions:
            ordered = sorted(self.suggestions.values(), key=lambda span: span.order)
            self._ordered = (self.suggestions, ordered)
        return self._ordered[1]

    def visible_spans(self) -> list[Span]:
        """Own spans and the open suggestions in sight, in text order."""
        return sorted((*self.spans.values(), *self.open_suggestions()), key=lambda s: s.order)

    def visible_relations(self) -> list[Relation]:
        """Own relations and open suggested ones in sight, their ends replaced by their stand-ins."""
        shown = list(self.relations.values())
        for each in self.relation_suggestions.values():
            if self.is_shown_relation(each):
                head, tail = self.stand_in(each.head), self.stand_in(each.tail)
                assert head is not None and tail is not None
                shown.append(replace(each, head=head, tail=tail))
        return sorted(shown, key=lambda relation: relation.order)

    def relations_of(self, span_id: str) -> list[Relation]:
        """The own relations that start or end at a span, in order."""
        ids = self._links.get(span_id, ())
        return sorted(
            (self.relations[each] for each in ids if each in self.relations),
            key=lambda relation: relation.order,
        )

    def in_furniture(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` touches a furniture range."""
        return any(start < stop and begin < end for begin, stop in self.article.furniture)

    # -- changing -----------------------------------------------------------------------------

    def check(self, changes: ChangeSet) -> None:
        """Raise RuleError unless every change starts from what is there now.

        Suggestions are everybody's: one that has come or gone in the meantime stands in nobody's way.
        """
        for change in changes.changes:
            if isinstance(change, SpanChange) and change.is_suggestion:
                continue
            if self._current(change) != change.before:
                raise RuleError(
                    "this article has changed in the meantime",
                    where=self.article.title,
                    cure="Repeat the step on what is there now",
                )

    def apply(self, changes: ChangeSet) -> None:
        """Carry out a change set that :meth:`check` accepts. Never fails half-way."""
        self.check(changes)
        self._change_suggestions(changes)
        for change in changes.changes:
            match change:
                case SpanChange() if change.is_suggestion:
                    pass
                case SpanChange(before, after):
                    self._put_span(before, after)
                case RelationChange(before, after):
                    self._put_relation(before, after)
                case DecisionChange(before, after):
                    if before is not None:
                        del self.decisions[before.suggestion]
                    if after is not None:
                        self.decisions[after.suggestion] = after
                case ProgressChange(_, after):
                    self.progress = after
                case FurnitureChange():
                    furniture = exchanged(self.article.furniture, change)
                    self.article = replace(self.article, furniture=furniture)
        self.revision += 1

    def replace_suggestions(self, spans: Iterable[Span], relations: Iterable[Relation]) -> None:
        """Take over what a new run of suggestions left in the project file."""
        for relation in self.relation_suggestions.values():
            self._unlink(relation)
        self.suggestions = {span.id: span for span in spans}
        self._index_suggestions()
        self.relation_suggestions = {relation.id: relation for relation in relations}
        self._part_tiers()
        for relation in self.relation_suggestions.values():
            self._link(relation)
        self.revision += 1

    def show_less_certain(self, shown: bool) -> None:
        """Bring the less certain suggestions into sight, or hide them, those brought back before too."""
        self.shows_less_certain = shown
        self._brought_back.clear()
        self._hide()

    def bring_back(self, changes: ChangeSet) -> None:
        """Keep in sight what a change set makes open again by taking back decisions, with relations' ends.

        It stays so until the less certain suggestions are shown or hidden, or the article is left.
        """
        for change in changes.changes:
            if isinstance(change, DecisionChange) and change.after is None:
                self._brought_back.add(change.key)
                relation = self.relation_suggestions.get(change.key)
                if relation is not None:
                    self._brought_back.update((relation.head, relation.tail))
        self._hide()

    def _part_tiers(self) -> None:
        self._less_certain = less_certain(self.suggestions.values()) | less_certain(
            self.relation_suggestions.values()
        )
        self._hide()

    def _hide(self) -> None:
        self._hidden = frozenset() if self.shows_less_certain else self._less_certain - self._brought_back
        self._counted = None

    def _index_suggestions(self) -> None:
        self._suggested = {}
        for span in self.suggestions.values():
            self._suggested.setdefault((span.kind, span.fragments), []).append(span.id)

    def _current(
        self,
        change: Change,
    ) -> object:
        match change:
            case SpanChange():
                return self.spans.get(change.key)
            case RelationChange():
                return self.relations.get(change.key)
            case DecisionChange():
                return self.decisions.get(change.key)
            case ProgressChange():
                return self.progress
            case FurnitureChange():
                return change.before
            case ActorChange() | RefusalChange() | CodebookChange():
                raise TypeError("this belongs to the project, not to an article")

    def _put_span(self, before: Span | None, after: Span | None) -> None:
        if before is not None:
            del self.spans[before.id]
            key = (before.kind, before.fragments)
            self._own[key] -= 1
            if not self._own[key]:
                del self._own[key]
        if after is not None:
            self.spans[after.id] = after
            self._own[after.kind, after.fragments] += 1

    def _change_suggestions(self, changes: ChangeSet) -> None:
        """Make and take back suggestions, all at once.

        One that equals another is not made, and one that a relation needs or that a model has found too
        stays. The dictionary is another one afterwards, by which listeners see that it has changed.
        """
        concerned = [each for each in changes.changes if isinstance(each, SpanChange) and each.is_suggestion]
        if not concerned:
            return
        suggestions = dict(self.suggestions)
        for change in concerned:
            if change.before is not None and change.before.id not in self._links:
                there = suggestions.get(change.before.id)
                if there is not None and there.origin == change.before.origin:
                    del suggestions[change.before.id]
            new = change.after
            if new is not None and new.id not in suggestions and not self._suggested_alike(new):
                suggestions[new.id] = new
        self.suggestions = suggestions
        self._index_suggestions()
        self._part_tiers()

    def _suggested_alike(self, span: Span) -> bool:
        twins = (self.suggestions.get(each) for each in self.suggested_over(span.kind, span.fragments))
        return any(each is not None and each.label == span.label for each in twins)

    def _put_relation(self, before: Relation | None, after: Relation | None) -> None:
        if before is not None:
            del self.relations[before.id]
            self._unlink(before)
        if after is not None:
            self.relations[after.id] = after
            self._link(after)

    def _link(self, relation: Relation) -> None:
        for end in (relation.head, relation.tail):
            self._links.setdefault(end, set()).add(relation.id)

    def _unlink(self, relation: Relation) -> None:
        for end in (relation.head, relation.tail):
            links = self._links.get(end)
            if links is not None:
                links.discard(relation.id)
                if not links:
                    del self._links[end]

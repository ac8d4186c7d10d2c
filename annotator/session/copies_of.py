"""Articles that nearly repeat each other, wire copy above all, and labels from one to its twins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from annotator.core.aligning import Alignment
from annotator.core.copies import LEAST, Copies
from annotator.core.model import Article, Relation, Span, State, Verdict, new_id, now
from annotator.core.page import Page
from annotator.core.ports import ArticleFilter, ArticleLabels, NewArticle
from annotator.core.records import replace
from annotator.core.text import counted, excerpt, sha256_of

if TYPE_CHECKING:
    from annotator.session.project import Project

type Progressing = Callable[[int, int], None]
"""Called with how much of how much is done."""

MOST_UNASKED = 3_000
"""Articles, those of the project included, among which an import looks for copies without being asked."""
_BEGINNING = 80
"""Characters of a text that stand for its title."""


class Copy(Struct, frozen=True, kw_only=True):
    """An article of a group."""

    id: str
    title: str
    publisher: str | None = None
    published: str | None = None
    """ISO date."""


class Group(Struct, frozen=True):
    """Articles that nearly repeat each other, in import order, the first one first."""

    articles: tuple[Copy, ...]
    similarity: float
    """The share of 5-word sequences in common (0 to 1) at the weakest link that ties it together."""


class Likeness(NamedTuple):
    """That an article nearly repeats one before it."""

    title: str
    """As :func:`called` gives it, like the other one."""
    like: str
    """Title of the other one."""
    similarity: float
    """0 to 1."""


class Copied(Struct):
    """What came of copying labels."""

    articles: int = 0
    """Twins that got suggestions."""
    spans: int = 0
    relations: int = 0
    there: int = 0
    """Spans that were left out, for an equal label or suggestion, decided or not, was there already."""
    relations_there: int = 0
    """And relations."""
    changed: int = 0
    """Labels that were left out, for their words are not in the twin."""

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        parts = _labels(self.spans, self.relations)
        where = counted(self.articles, "article")
        said = [f"{parts} suggested in {where}" if parts else "Nothing new to suggest"]
        if there := _labels(self.there, self.relations_there):
            were = "was" if self.there + self.relations_there == 1 else "were"
            said.append(f"{there} {were} there before")
        if self.changed:
            whose = "its" if self.changed == 1 else "their"
            said.append(f"{counted(self.changed, 'label')} left out, {whose} words have changed")
        return "; ".join(said) + "."


def _labels(spans: int, relations: int) -> str:
    """“2 spans and 1 relation”; empty for none."""
    parts = [(spans, "span"), (relations, "relation")]
    return " and ".join(counted(number, what) for number, what in parts if number)


# -- finding them -----------------------------------------------------------------------------------


def groups(project: Project, progress: Progressing | None = None, *, least: float = LEAST) -> list[Group]:
    """All groups of a project, the largest first. ``least``: share of word sequences in common, 0 to 1."""
    copies, ids = Copies(least), []
    total = project.repository.count_articles(ArticleFilter(), "")
    for number, (article, _, text) in enumerate(project.repository.texts()):
        if progress is not None and number % 50 == 0:
            progress(number, total)
        copies.add(text)
        ids.append(article)
    found = copies.groups()
    rows = _rows_of(project, {ids[number] for numbers, _ in found for number in numbers})
    return [
        Group(tuple(rows[ids[number]] for number in numbers if ids[number] in rows), similarity)
        for numbers, similarity in found
    ]


def first_of_each(project: Project, progress: Progressing | None = None) -> dict[str, str]:
    """Id of each article that is in a group → that of the group's first one, as a split takes them."""
    found = groups(project, progress)
    return {each.id: group.articles[0].id for group in found for each in group.articles}


def _rows_of(project: Project, wanted: set[str]) -> dict[str, Copy]:
    """What is shown of some articles."""
    rows: dict[str, Copy] = {}
    offset, size = 0, 1_000
    while wanted - rows.keys():
        page = project.repository.article_rows(ArticleFilter(), "", offset, size)
        for each in page:
            if each.id in wanted:
                rows[each.id] = Copy(
                    id=each.id, title=each.title, publisher=each.publisher, published=each.published
                )
        offset += size
        if len(page) < size:
            break
    return rows


class Watch(Struct):
    """Looks for copies among the articles of an import, as they come, and those of the project.

    ``skip``: whether they are to be left out; then all are compared, however many there are.
    """

    project: Project
    skip: bool = False
    found: list[tuple[int, Likeness]] = []
    """The articles that nearly repeat others, each with its number."""
    gave_up: bool = False
    """There were too many articles to look for copies unasked."""
    _copies: Copies | None = None
    _titles: list[str] = []
    _hashes: list[str] = []
    _known: set[str] = set()
    """SHA-256 of the texts; exact duplicates are no news."""
    _forgotten: set[int] = set()
    """Numbers of articles that were not taken after all."""

    def begin(self, step: Callable[[], None]) -> int:
        """Before the articles of a file: reads those of the project once. Gives the next number.

        ``step`` is called on the way; what it raises ends it, and it can begin again.
        """
        repository = self.project.repository
        if self._copies is None and not self.gave_up:
            if not self.skip and repository.count_articles(ArticleFilter(), "") > MOST_UNASKED:
                self.gave_up = True
            else:
                copies, texts = Copies(), []
                for _, title, text in repository.texts():
                    step()
                    texts.append((called(title, text), sha256_of(text)))
                    copies.add(text)
                self._copies = copies
                for each in texts:
                    self._note(*each)
        return len(self._titles)

    def forget(self, number: int) -> None:
        """The articles from that number on are not taken after all."""
        self._forgotten.update(range(number, len(self._titles)))
        self._known.difference_update(self._hashes[number:])
        self.found = [each for each in self.found if each[0] < number]

    def drops(self, article: Article) -> bool:
        """Take the next article: whether it is to be left out as nearly the same as one before it."""
        if not self.skip and len(self._titles) >= MOST_UNASKED:
            self.gave_up = True
        if self._copies is None or self.gave_up or article.sha256 in self._known:
            return False
        title = called(article.title, article.text)
        self._note(title, article.sha256)
        pairs = [each for each in self._copies.add(article.text) if each.like not in self._forgotten]
        if pairs:
            best = pairs[0]
            likeness = Likeness(title, self._titles[best.like], round(best.similarity, 3))
            self.found.append((len(self._titles) - 1, likeness))
        return bool(pairs) and self.skip

    def _note(self, title: str, sha256: str) -> None:
        self._titles.append(title)
        self._hashes.append(sha256)
        self._known.add(sha256)


def called(title: str, text: str) -> str:
    """What an article is called among others: its title, or how its text begins where it has none."""
    return " ".join(title.split()) or excerpt(text, _BEGINNING)


def sentence_of(found: Sequence[Likeness], *, skipped: bool) -> str:
    """“2 copies of other articles left out: “A” like “B””; empty for none."""
    if not found:
        return ""
    which = f": “{found[0].title}” like “{found[0].like}”" + (" and others" if found[1:] else "")
    if skipped:
        return f"{len(found):,} left out as nearly the same as others{which}"
    verb = "nearly repeats" if len(found) == 1 else "nearly repeat"
    return f"{len(found):,} {verb} other articles{which}"


# -- labels to twins --------------------------------------------------------------------------------


def copy_labels(project: Project, source: str, targets: Sequence[str], annotator: str) -> Copied:
    """Copy an annotator's accepted labels of one article to twins, as suggestions to be decided on.

    ``source`` and ``targets`` are ids of articles. What is there already, or was suggested there before
    and perhaps rejected, is not suggested again. Raises ProjectError.
    """
    repository = project.repository
    page = repository.load_page(source, annotator)
    done = Copied()
    if not page.spans:
        return done
    made = []
    for target in dict.fromkeys(targets):
        if target != source:
            new = _copied(page, repository.load_page(target, annotator), done)
            if new is not None:
                made.append(new)
    if made:
        repository.add_articles(made, (), repository.codebook_number())
    done.articles = len(made)
    return done


def _copied(page: Page, twin: Page, done: Copied) -> NewArticle | None:
    """What is to be suggested in a twin; None for nothing."""
    origin, at = f"copy:{page.article.id}", now()
    alignment = Alignment(page.text, twin.text)
    spans: list[Span] = []
    ends: dict[str, str | None] = {}
    """Own span of the source → suggestion in the twin; None where an end is there that nothing may join."""
    for span in sorted(page.spans.values(), key=lambda each: each.order):
        fragments = alignment.fragments(span.fragments)
        if fragments is None:
            done.changed += 1
            continue
        known, end = _known(twin, span, fragments, spans)
        if known:
            done.there += 1
            ends[span.id] = end
            continue
        spans.append(
            Span(
                id=new_id(),
                kind=span.kind,
                label=span.label,
                fragments=fragments,
                attributes=span.attributes,
                actor=span.actor,
                state=State.SUGGESTED,
                origin=origin,
                created=at,
                updated=at,
            )
        )
        ends[span.id] = spans[-1].id
    relations: list[Relation] = []
    links = {(each.type, each.head, each.tail) for each in twin.relation_suggestions.values()}
    for relation in sorted(page.relations.values(), key=lambda each: each.order):
        if relation.head not in ends or relation.tail not in ends:
            done.changed += 1
            continue
        head, tail = ends[relation.head], ends[relation.tail]
        if head is None or tail is None or head == tail or (relation.type, head, tail) in links:
            done.relations_there += 1
            continue
        links.add((relation.type, head, tail))
        made = replace(
            relation, id=new_id(), head=head, tail=tail, state=State.SUGGESTED, origin=origin,
            confidence=None, annotator=None, suggestion=None, created=at, updated=at, note=None,
        )  # fmt: skip
        relations.append(made)
    done.spans += len(spans)
    done.relations += len(relations)
    if not spans and not relations:
        return None
    return NewArticle(article=twin.article, present=True, spans=spans, relations=relations)


def _known(
    twin: Page, span: Span, fragments: tuple[tuple[int, int], ...], made: Sequence[Span]
) -> tuple[bool, str | None]:
    """Whether a twin has a span or a suggestion like this, and the suggestion that relations may join."""
    for each in made:
        if (each.kind, each.label, each.fragments) == (span.kind, span.label, fragments):
            return True, each.id
    for suggestion in twin.suggested_over(span.kind, fragments):
        if twin.suggestions[suggestion].label == span.label:
            decision = twin.decisions.get(suggestion)
            rejected = decision is not None and decision.verdict == Verdict.REJECTED
            return True, None if rejected else suggestion
    own = any(each.label == span.label for each in twin.own_over(span.kind, fragments))
    return own, None


def copy_all(
    project: Project,
    annotator: str | None = None,
    progress: Progressing | None = None,
    *,
    least: float = LEAST,
) -> tuple[list[Group], Copied]:
    """Copy the labels that annotators (or one of them) have in a group to its other articles."""
    found = groups(project, progress, least=least)
    total = Copied()
    names = [annotator] if annotator is not None else project.repository.annotators()
    reached: set[str] = set()
    for group in found:
        ids = [each.id for each in group.articles]
        for labels in _labelled(project, ids, names):
            assert labels.annotator is not None
            others = [each for each in ids if each != labels.article.id]
            done = copy_labels(project, labels.article.id, others, labels.annotator)
            total.spans += done.spans
            total.relations += done.relations
            total.there += done.there
            total.relations_there += done.relations_there
            total.changed += done.changed
            if done.articles:
                reached.update(others)
    total.articles = len(reached)
    return found, total


def _labelled(project: Project, ids: Sequence[str], names: Sequence[str]) -> list[ArticleLabels]:
    rows = project.repository.iter_labels(articles=ids)
    return [each for each in rows if each.annotator in names and each.spans]

"""What the rest of the program may ask of the project file and of the suggestion worker.

The store and the worker implement these; session and window know only them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from annotator.core.actor_ports import ActorRepository
from annotator.core.actor_ports import LoggedEdit as LoggedEdit
from annotator.core.actor_ports import Mention as Mention
from annotator.core.model import (
    ActorRecord,
    Article,
    Decision,
    Fragments,
    Kind,
    Progress,
    Relation,
    Span,
    Status,
)

if TYPE_CHECKING:  # whoever has one of these has loaded it
    from annotator.core.alike import Alike
    from annotator.core.carrying import Carrier
    from annotator.core.codebook import Codebook
    from annotator.core.errors import Problem
    from annotator.core.history import Edit
    from annotator.core.learning import Learned, OpenClaims, Tally
    from annotator.core.moves import Move, Touched
    from annotator.core.page import Page
    from annotator.core.reports import CodebookNews, Counts, Version
    from annotator.core.tokens import Tokens


class ArticleFilter(Struct, frozen=True):
    """Which articles a list shows to one annotator; empty parts hold nothing back."""

    statuses: frozenset[Status] = frozenset()
    flagged: bool = False
    """Only the flagged ones."""
    search: str = ""
    """Words that title or text must all hold; each matches the start of a word, any case."""
    less_certain: bool = True
    """Whether less certain suggestions are counted among those that an article has; holds nothing back."""


class ArticleRow(Struct, frozen=True, kw_only=True):
    """What a list shows of one article."""

    id: str
    title: str
    """How its text begins where it has none."""
    status: Status
    flagged: bool
    labels: int
    """The annotator's own spans."""
    suggestions: int
    """Suggested spans that the annotator has not decided on."""
    published: str | None = None
    publisher: str | None = None


class Evidence(Struct, frozen=True):
    """Why a claim is proposed, as the rules saw it."""

    word: str
    """Lemma of its cue; :data:`annotator.core.cue_words.NO_WORD` where it has none."""
    rule: str
    confidence: float
    """As the rule gave it (0 to 1), before anything that the project has learned."""


class SuggestedSpan(Struct, frozen=True):
    """A span that a model or rule proposes; offsets are half-open code points."""

    kind: Kind
    label: str
    fragments: Fragments
    origin: str
    confidence: float | None = None
    attributes: Mapping[str, Any] = {}
    evidence: Evidence | None = None


class SuggestedRelation(Struct, frozen=True):
    """A relation between two of the proposed spans, by their place in the list."""

    type: str
    head: int
    tail: int
    origin: str
    confidence: float | None = None


class SuggestJob(Struct, frozen=True):
    """One article to be worked on, as it is handed to the worker."""

    article: str
    text: str
    language: str | None
    furniture: Fragments


class Suggested(Struct, frozen=True):
    """What a run of the pipeline found in one article."""

    article: str
    spans: tuple[SuggestedSpan, ...]
    relations: tuple[SuggestedRelation, ...]
    tokens: Tokens
    origins: tuple[str, ...]
    """Families of origin that this run speaks for, e.g. ``spacy:``; their older undecided
    suggestions that it did not find again are dropped."""


class ArticleLabels(Struct, frozen=True, kw_only=True):
    """One article with one annotator's labels, as export writes and import reads it."""

    article: Article
    annotator: str | None
    """None: nobody has touched it (suggestions may still be there)."""
    progress: Progress = Progress()
    spans: Sequence[Span] = ()
    """Own spans, then suggestions with the state that this annotator gave them."""
    relations: tuple[Relation, ...] = ()
    actors: tuple[ActorRecord, ...] = ()
    tokens: Tokens | None = None


type Furnish = Callable[[str, str], Fragments]
"""Finds the furniture of a text with a title."""


class NewArticle(Struct, frozen=True, kw_only=True):
    """An article to be added, with every label that comes along; written in one transaction."""

    article: Article
    present: bool = False
    """The article is in the project already and stays as it is; only the labels are added to it."""
    furnished: bool = True
    """False where nobody has looked for its furniture yet."""
    tokens: Tokens | None = None
    progress: Mapping[str, Progress] = {}
    """By annotator."""
    spans: Sequence[Span] = ()
    relations: Sequence[Relation] = ()
    decisions: Sequence[Decision] = ()


class Repository(ActorRepository, Protocol):
    """A project file that is open. Every method may raise ProjectError."""

    # -- for the window
    def load_page(self, article: str, annotator: str) -> Page:
        """One article as one annotator sees it, tokens included. Raises ProjectError if unknown."""
        ...

    def copy_to(self, target: Path) -> None:
        """Copy the project into a new file, also where its own file was deleted meanwhile."""
        ...

    def save_edit(self, edit: Edit) -> Edit:
        """Write an edit and its log entry in one transaction; the annotator's undone edits can no
        longer be redone. Gives the edit with its number, in the words of the codebook that holds now.

        Raises RuleError where its words have no place there any more."""
        ...

    def in_todays_words(self, edit: Edit) -> Edit:
        """An edit that is not saved yet, in the words of the codebook that holds now.

        Raises RuleError where its words have no place there any more."""
        ...

    def next_undo(self, annotator: str) -> Edit | None:
        """The annotator's last edit that stands, in today's words, or None; it may be ``stuck``."""
        ...

    def next_redo(self, annotator: str) -> Edit | None:
        """The annotator's edit that was undone last and can be redone, in the same way, or None."""
        ...

    def save_undo(self, edit: Edit) -> None:
        """Take an edit back and log that, in one transaction."""
        ...

    def save_redo(self, edit: Edit) -> None:
        """Carry an undone edit out again and log that, in one transaction."""
        ...

    def set_aside(self, edit: Edit) -> None:
        """An edit can neither be undone nor done again any more; what it did stays as it is."""
        ...

    def open_alike(self, annotator: str, wanted: Alike) -> list[Page]:
        """Every article with open suggestions of equal kind, label and text, in import order.

        The pages hold these suggestions, the annotator's progress and nothing else, not even the text.
        """
        ...

    def open_above(self, annotator: str, least: float) -> list[Page]:
        """The same for open suggested spans of at least a confidence (0 to 1)."""
        ...

    # -- for the list of articles
    def count_articles(self, which: ArticleFilter, annotator: str) -> int:
        """How many articles a filter lets through."""
        ...

    def article_rows(self, which: ArticleFilter, annotator: str, offset: int, limit: int) -> list[ArticleRow]:
        """A page of the list, in import order."""
        ...

    def position_of(self, article: str, which: ArticleFilter, annotator: str) -> int | None:
        """Where an article stands in the filtered list, from 0; None if it is not in it."""
        ...

    def status_counts(self, annotator: str) -> dict[Status, int]:
        """How many articles the annotator has in each status."""
        ...

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Id, title and text of every article, in import order, read in batches."""
        ...

    # -- for suggestions
    def articles_to_suggest(self, model: str) -> list[str]:
        """Ids of the articles, in import order, that the model of that origin has not seen yet."""
        ...

    def suggest_job(self, article: str) -> SuggestJob:
        """What the worker needs of one article."""
        ...

    def save_suggested(self, results: Sequence[Suggested], model: str) -> int:
        """Store what was found, in one transaction, and that the model has seen these articles.

        A span that is suggested already (same kind, label and fragments) stays as it is, decided or
        not; undecided ones of the same origins that were not found again go. Gives the number of spans
        and relations added.
        """
        ...

    def open_suggestion_page(self, article: str) -> tuple[list[Span], list[Relation], Tokens | None]:
        """The article's suggestions and tokens as they now are, to refresh an open page."""
        ...

    # -- for learning
    def decision_tallies(self) -> dict[str, Tally]:
        """What annotators decided on suggested claims, by the lemma of their cues."""
        ...

    def hand_made_cues(self) -> list[str]:
        """The words of every cue that an annotator marked without a suggestion."""
        ...

    def open_claims(self) -> list[OpenClaims]:
        """Suggested claims with evidence that nobody has decided on, those that are equal together."""
        ...

    def evidence_mark(self) -> str:
        """A text that changes whenever anybody has decided on or marked something; quickly found."""
        ...

    def recalibrate(self, learned: Learned) -> Iterator[int]:
        """Bring undecided suggestions to what was learned, batch by batch, each in one transaction.

        Gives the number of spans changed by each.
        """
        ...

    # -- for import and export
    def known_texts(self, hashes: Iterable[str]) -> dict[str, str]:
        """Article ids by SHA-256, of those hashes that are in the project."""
        ...

    def known_ids(self, ids: Iterable[str]) -> set[str]:
        """Those of the article ids that are in the project."""
        ...

    def add_articles(
        self,
        articles: Iterable[NewArticle],
        records: Iterable[ActorRecord],
        codebook: int | None = None,
        *,
        furnish: Furnish | None = None,
        many: bool = False,
    ) -> int:
        """Add articles with their labels in one transaction (all or nothing).

        ``codebook``: the number of the one in whose words they are; ProjectError where another one holds.
        ``furnish`` finds the furniture of those that are not furnished: a function of a module, for it
        may run in another process. ``many``: whether there are thousands, which takes half the time and a
        second process then.

        The actor records are taken after the last article; one whose id is known stays as it is. Gives
        the number of articles that are new.
        """
        ...

    def iter_labels(
        self,
        *,
        suggestions: bool = False,
        annotator: str | None = None,
        statuses: frozenset[Status] = frozenset(),
        articles: Sequence[str] | None = None,
        many: bool = False,
    ) -> Generator[ArticleLabels]:
        """Every article, in import order, once per annotator who touched it (by name), or once with
        ``annotator=None``; streamed, in a fixed number of queries per batch of articles.

        ``many``: whether there are thousands, which a second process then reads.
        """
        ...

    def iter_suggestions(self, articles: Sequence[str] | None = None) -> Iterator[ArticleLabels]:
        """Every article, in import order, once with all that was ever suggested in it and is kept, as
        undecided, whatever annotators have decided; streamed like :meth:`iter_labels`."""
        ...

    # -- about the project
    def counts(self) -> Counts:
        """Everything that ``annotator info`` shows."""
        ...

    def check(
        self,
        *,
        quick: bool = False,
        articles: Sequence[str] | None = None,
        progress: Callable[[int, int], bool] | None = None,
    ) -> Iterator[Problem]:
        """Everything that is wrong with the file and its labels, one by one; ``quick``: with the file,
        ``articles``: only with these and their labels. ``progress`` is told how many articles of how many
        are done; where it gives False, the check ends early."""
        ...

    def codebook(self) -> Codebook:
        """The project's codebook."""
        ...

    def used_categories(self, annotator: str, attributes: Sequence[str]) -> list[list[str]]:
        """The values that an annotator's claims have of attributes which take categories, the latest last.

        Of at most 2,000 claims in the last articles, so that it is quick in any project.
        """
        ...

    def codebook_number(self) -> int:
        """The place of the codebook that holds in the list of them; it grows with each change."""
        ...

    def touched(self, moves: Sequence[Move]) -> list[Touched]:
        """How many labels (spans, relations, records' values) and suggestions each move touches, in order."""
        ...

    def narrowed(self, carrier: Carrier) -> tuple[int, int]:
        """How many values a change of the codebook clears since their labels can have them no more.

        And how many relations, suggested ones too, it leaves that their type does not allow any more.
        """
        ...

    def codebook_versions(self) -> list[Version]:
        """Every codebook that the project has had, oldest first."""
        ...

    def codebook_version(self, number: int) -> Codebook:
        """One of them by its place in the list. Raises ProjectError if there is none."""
        ...

    def codebook_news(self, after: int, annotator: str) -> list[CodebookNews]:
        """What came after the codebook of that number, oldest first, and did to an annotator's labels."""
        ...

    def annotators(self) -> list[str]:
        """Names of everybody who has labelled, sorted."""
        ...

    def setting(self, name: str, default: str | None = None) -> str | None:
        """A value kept in the project file, e.g. the article that was open last."""
        ...

    def wait_at_most(self, seconds: float) -> None:
        """Changes give up so soon where another program is writing; otherwise after a few seconds."""
        ...

    def set_setting(self, name: str, value: str) -> None:
        """Keep a value in the project file."""
        ...

    def close(self) -> None:
        """Close the file and fold the write-ahead log into it."""
        ...

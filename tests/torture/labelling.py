"""Kills while somebody labels: every edit that was acknowledged must be there, the next one whole or not."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

from annotator.core.carrying import Carrier
from annotator.core.changes import PROJECT, ActorChange, ChangeSet, CodebookChange, RefusalChange, carried
from annotator.core.errors import RuleError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord, Alias, Kind, Relation, Span, Verdict, new_id
from annotator.core.page import Page
from annotator.core.ports import ArticleFilter, NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session import bulk
from annotator.session.editor import Editor
from annotator.session.exporting import export_labels
from annotator.session.project import Project, default_codebook
from annotator.store.repository import SqlRepository
from tests.conftest import Wanderer
from tests.recoding import Recoder
from tests.torture.killing import FAILED, Figures, Tell, Victim

ANNOTATOR = "ana"
ARTICLES = 6
_A_ROUND = 10
"""Kills that one project goes through before everything in it is undone."""
_MOST_EDITS = 25
"""Acknowledged edits before a kill."""
_AN_EDIT, _AN_OPENING = 0.006, 0.06
"""Seconds that an edit and the opening of a project take at most, more or less."""

type Snapshot = dict[str, tuple[Any, ...]]


class Announcing:
    """A repository that tells of each edit before it is saved."""

    def __init__(self, repository: SqlRepository, tell: Tell) -> None:
        self._repository = repository
        self._tell = tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._repository, name)

    def save_edit(self, edit: Edit) -> Edit:
        self._tell(("trying", "do", edit))
        return self._repository.save_edit(edit)

    def save_undo(self, edit: Edit) -> None:
        self._tell(("trying", "undo", edit))
        self._repository.save_undo(edit)

    def save_redo(self, edit: Edit) -> None:
        self._tell(("trying", "redo", edit))
        self._repository.save_redo(edit)


class Hands(Wanderer):
    """Labels through the editor at full speed, all articles, with every command there is."""

    def __init__(self, editor: Editor, random: Random) -> None:
        self.editor, self.codebook, self.random = editor, editor.codebook, random
        self.look()

    def look(self) -> None:
        """Open an article."""
        self.page = self.editor.open(f"a{self.random.randrange(ARTICLES)}")

    def act(self) -> None:
        """Do one thing; the rules may forbid it."""
        editor, random = self.editor, self.random
        assert editor.page is not None
        self.page = editor.page  # undo may have opened another one
        self.tokens = rough_tokens(self.page.text)
        self.codebook = editor.codebook
        roll = random.random()
        try:
            if roll < 0.08:
                self.look()
            elif roll < 0.22:
                editor.undo()
            elif roll < 0.32:
                editor.redo()
            elif roll < 0.40:
                self.decide_on_many()
            elif roll < 0.43:
                self.recode()
            elif roll < 0.60:
                self.work_on_actors()
            else:
                editor.run(self.command())
        except RuleError:
            return

    def decide_on_many(self) -> None:
        """One edit of several articles."""
        suggestions = list(self.page.suggestions)
        accept = self.random.random() < 0.5
        made = None
        if suggestions and self.random.random() < 0.9:
            one = self.random.choice(suggestions)
            made = bulk.alike(self.editor, one, accept=accept, everywhere=True)
        elif self.random.random() < 0.1:
            made = bulk.above(self.editor, 0.4, everywhere=True)
        if made is not None:
            made.run(self.editor)

    def recode(self) -> None:
        """Another codebook, into which the labels are carried."""
        after, moves = Recoder(self.random).change(self.editor.codebook)
        self.editor.change_codebook(after, moves, "Change the codebook")

    def work_on_actors(self) -> None:
        """One edit of actor records, or of the links to them."""
        actors, random = self.editor.actors, self.random
        known = sorted(actors.registry.records)
        spans = [each.id for each in self.page.spans.values() if each.kind == Kind.ACTOR]
        spans += [each.id for each in self.page.open_suggestions() if each.kind == Kind.ACTOR]
        roll = random.random()
        if roll < 0.25 or not known:
            name = " ".join(random.choices(("Rob", "Malley", "Iran", "Envoy"), k=2))
            record = ActorRecord(id=new_id(), name=name, aliases=(Alias(name.split()[1], "en"),))
            actors.create(record, random.sample(spans, min(len(spans), random.randrange(3))))
        elif roll < 0.4 and spans:
            actors.link([random.choice(spans)], random.choice([*known, None]))
        elif roll < 0.5 and spans:
            one = random.choice(spans)
            many = actors.alike(one, everywhere=True, actor=random.choice(known), suggestions=True)
            if many is not None:
                many.run()
        elif roll < 0.6 and spans:
            actors.refuse(random.choice(spans), random.choice(known))
        elif roll < 0.7:
            actors.merge(random.sample(known, min(len(known), 2)), random.choice(known))
        elif roll < 0.75:
            actors.unmerge(random.choice(known))
        elif roll < 0.85:
            one = random.choice(known)
            mentions = [each.span for each in actors.mentions(one, annotator=ANNOTATOR)]
            if mentions:
                actors.split(one, random.sample(mentions, (len(mentions) + 1) // 2), _split())
        elif roll < 0.95:
            changed = replace(actors.registry.records[random.choice(known)], note=str(roll))
            actors.edit(changed)
        else:
            actors.delete(random.choice(known), unlink=True)


def _split() -> ActorRecord:
    return ActorRecord(id=new_id(), name="Somebody else", type="person")


def label(path: Path, seed: int, tell: Tell) -> None:
    """What the victim does: label for ever, and tell of each edit when the editor has returned.

    Now and then it closes the project and opens it again.
    """
    random = Random(seed)
    while True:
        with Project.open(path) as project:
            editor = project.editor(ANNOTATOR)
            editor.repository = Announcing(project.repository, tell)  # type: ignore[arg-type]
            edits: list[Edit] = []
            editor.listeners.append(lambda changed, edits=edits: edits.append(changed.edit))
            hands = Hands(editor, random)
            for _ in range(random.randint(5, 60)):
                hands.act()
                for edit in edits:
                    tell(("done", edit.number))
                edits.clear()


class Book:
    """What the project must hold by all that was acknowledged."""

    def __init__(self, repository: SqlRepository) -> None:
        self.pages = pages_of(repository)
        self.actors = repository.actors()
        self.refusals = set(repository.refusals())
        self.codebook = repository.codebook()
        self.uncarried: dict[int, tuple[dict[str, Page], dict[str, ActorRecord]]] = {}
        """By number of an edit of the codebook: pages and records as they were before it."""
        self.done: list[Edit] = []
        self.undone: list[Edit] = []
        self.log = 0

    def take(self, what: str, edit: Edit) -> None:
        """Carry out what the editor carried out."""
        recoding = edit.codebook_change
        if recoding is not None:
            self.take_codebook(what, edit.number, recoding)
        for changes in edit.inverses() if what == "undo" else edit.changes:
            if changes.article == PROJECT:
                self.take_project(changes)
            else:
                self.pages[changes.article].apply(changes)
        self.log += 1
        if what == "do":
            self.done.append(edit)
            self.undone.clear()
        else:
            source, target = (self.done, self.undone) if what == "undo" else (self.undone, self.done)
            assert source.pop().number == edit.number
            target.append(edit)

    def take_project(self, changes: ChangeSet) -> None:
        """Carry out what belongs to no article; a record that goes is gone from the suggestions, too."""
        for change in changes.changes:
            if isinstance(change, ActorChange):
                record = carried(self.actors.get(change.key), change)
                self.actors.pop(change.key, None)
                if record is not None:
                    self.actors[change.key] = record
                    continue
                for page in self.pages.values():
                    page.suggestions = {
                        each.id: replace(each, actor=None) if each.actor == change.key else each
                        for each in page.suggestions.values()
                    }
            elif isinstance(change, RefusalChange):
                self.refusals -= {change.before} if change.before else set()
                self.refusals |= {change.after} if change.after else set()

    def take_codebook(self, what: str, number: int, change: CodebookChange) -> None:
        """Carry every label along; undone, all is as it was."""
        self.codebook = change.before if what == "undo" else change.after
        if what == "undo":
            self.pages, self.actors = deepcopy(self.uncarried[number])
            return
        self.uncarried[number] = deepcopy((self.pages, self.actors))
        carrier = Carrier.between(change.before, change.after, change.moves)
        self.pages = {article: carried_page(page, carrier) for article, page in self.pages.items()}
        self.actors = {key: carrier.record(record) for key, record in self.actors.items()}

    @property
    def state(self) -> tuple[Any, ...]:
        """Everything that labelling can change, to be compared."""
        return snapshot(self.pages), self.actors, self.refusals, self.codebook


def state_of(repository: SqlRepository) -> tuple[Any, ...]:
    """The same as the project holds it."""
    pages = snapshot(pages_of(repository))
    return pages, repository.actors(), set(repository.refusals()), repository.codebook()


def carried_page(page: Page, carrier: Carrier) -> Page:
    """A page whose labels were carried into another codebook, with what depends on those that are gone."""

    def spans_of(all_spans: dict[str, Span]) -> dict[str, Span]:
        found = {each: carrier.span(span) for each, span in all_spans.items()}
        return {each: span for each, span in found.items() if span is not None}

    def links_of(links: dict[str, Relation], ends: dict[str, Span]) -> dict[str, Relation]:
        found = {each: carrier.relation(link) for each, link in links.items()}
        return {each: link for each, link in found.items() if link and {link.head, link.tail} <= ends.keys()}

    suggestions = spans_of(page.suggestions)
    relation_suggestions = links_of(page.relation_suggestions, suggestions)
    proposed = suggestions.keys() | relation_suggestions.keys()

    def still_from[T: (Span, Relation)](label: T) -> T:
        return label if label.suggestion in proposed else replace(label, suggestion=None)

    spans = {each: still_from(span) for each, span in spans_of(page.spans).items()}
    relations = {each: still_from(link) for each, link in links_of(page.relations, spans).items()}
    decisions = {}
    for each, decision in page.decisions.items():
        if each in proposed:
            is_whole = decision.made is None or decision.made in spans or decision.made in relations
            rejected = replace(decision, verdict=Verdict.REJECTED, made=None)
            decisions[each] = decision if is_whole else rejected
    return Page(
        page.article, page.annotator, page.progress, spans, relations, suggestions, relation_suggestions,
        decisions, page.tokens,
    )  # fmt: skip


def pages_of(repository: SqlRepository) -> dict[str, Page]:
    """Every article as the annotator sees it."""
    rows = repository.article_rows(ArticleFilter(), ANNOTATOR, 0, ARTICLES)
    return {row.id: repository.load_page(row.id, ANNOTATOR) for row in rows}


def snapshot(pages: dict[str, Page]) -> Snapshot:
    """Everything that labelling can change, to be compared."""
    return {
        article: (
            dict(page.spans), dict(page.relations), dict(page.decisions), page.progress,
            page.article.furniture, dict(page.suggestions), dict(page.relation_suggestions),
        )
        for article, page in pages.items()
    }  # fmt: skip


def fill(path: Path, random: Random) -> None:
    """Make a project with a few articles that share words, and suggestions."""
    codebook = default_codebook()
    with Project.create(path, codebook) as project:
        project.repository.add_articles(list(_articles(random)), [])


def _articles(random: Random) -> Iterator[NewArticle]:
    for number in range(ARTICLES):
        drawn = Wanderer(default_codebook(), Random(random.random()))
        page = drawn.page
        text = f"Article {number}. {page.text}"
        moved = len(text) - len(page.text)
        yield NewArticle(
            article=replace(page.article, id=f"a{number}", text=text, sha256=sha256_of(text)),
            tokens=rough_tokens(text),
            spans=[
                replace(each, fragments=tuple((start + moved, end + moved) for start, end in each.fragments))
                for each in page.suggestions.values()
            ],
            relations=list(page.relation_suggestions.values()),
        )


def exported(path: Path) -> bytes:
    """The whole project as an export, suggestions included."""
    out = path.with_suffix(".jsonl")
    with Project.open(path) as project:
        export_labels(project, out, include_suggestions=True)
    return out.read_bytes()


def torture(kills: int, random: Random, folder: Path) -> Figures:
    """Kill somebody who labels, again and again in the same project."""
    figures = Figures("label")
    path = folder / "label.annot"
    book = first = None
    while figures.kills < kills:
        if book is None or first is None:
            for each in folder.glob("label*"):
                each.unlink()
            fill(path, random)
            first = exported(path)
            with Project.open(path) as project:
                book = Book(project.repository)
        figures.kills += 1
        trying = _kill_once(path, book, random, figures)
        if not _found(path, book, trying, random, figures):
            book = None
        elif figures.kills % _A_ROUND == 0 or figures.kills == kills:
            _undo_all(path, first, figures)
            book = None
    return figures


def _kill_once(path: Path, book: Book, random: Random, figures: Figures) -> tuple[str, Edit] | None:
    """Let somebody label and kill them. Gives the edit in flight; the others are in the book."""
    seed = random.randrange(2**32)
    victim = Victim(lambda tell: label(path, seed, tell))
    trying: tuple[str, Edit] | None = None
    acknowledged = 0

    def hear(told: tuple[Any, ...]) -> None:
        nonlocal trying, acknowledged
        if told[0] == FAILED:
            figures.fault(told[1])
        elif told[0] == "trying":
            trying = told[1], told[2]
        elif trying is not None:
            what, edit = trying
            book.take(what, replace(edit, number=told[1]))
            trying = None
            acknowledged += 1

    way = random.random()
    if way < 0.1:  # while it opens
        time.sleep(random.uniform(0, _AN_OPENING))
    else:  # after some edits: just as it saves the next one, or whatever it does then
        edits = random.randint(0, _MOST_EDITS)
        for told in victim.heard():
            hear(told)
            if acknowledged >= edits and (trying is not None or way > 0.7):
                break
        time.sleep(random.uniform(0, _AN_EDIT) * random.random())
    for told in victim.kill():
        hear(told)
    figures.counts["edits acknowledged"] += acknowledged
    return trying


def _found(path: Path, book: Book, trying: tuple[str, Edit] | None, random: Random, figures: Figures) -> bool:
    """Whether the project holds what the book says; the edit in flight is entered where it is there."""
    place = path
    if random.random() < 0.5:  # look at a copy: the next one to open the file itself finds it as it was left
        place = path.with_name("label-copy.annot")
        for ending in ("", "-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
            left = path.with_name(path.name + ending)
            if left.exists() and ending != "-shm":
                shutil.copyfile(left, place.with_name(place.name + ending))
    faults = len(figures.faults)
    with Project.open(place) as project:
        repository = project.repository
        there = state_of(repository)
        if trying is not None:
            figures.counts["in flight"] += 1
        if there != book.state or repository.counts().edits != book.log:
            if trying is None:
                figures.fault("the project does not hold what was acknowledged")
            else:
                what, edit = trying
                number = edit.number or repository.counts().edits
                book.take(what, replace(edit, number=number))
                figures.counts["of these saved"] += 1
                if there != book.state or repository.counts().edits != book.log:
                    figures.fault(f"the project holds neither the state before nor after {what} {edit.title}")
        for stack, edit_found in (
            (book.done, repository.next_undo(ANNOTATOR)),
            (book.undone, repository.next_redo(ANNOTATOR)),
        ):
            expected = stack[-1] if stack else None
            if (edit_found and edit_found.number) != (expected and expected.number):
                figures.fault(f"to undo or redo next is {edit_found}, not {expected}")
        for problem in repository.check():
            figures.counts["check problems"] += 1
            figures.fault(problem)
    return len(figures.faults) == faults


def _undo_all(path: Path, first: bytes, figures: Figures) -> None:
    """Take everything back; then the export must be the first one again."""
    with Project.open(path) as project:
        editor = project.editor(ANNOTATOR)
        editor.open("a0")
        while editor.undo() is not None:
            figures.counts["edits undone afterwards"] += 1
    figures.counts["whole projects undone"] += 1
    if exported(path) != first:
        figures.fault("the export after undoing everything is not the first one")

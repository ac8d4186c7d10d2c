"""What an import did, and how that is told."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath

from msgspec import Struct, field

from annotator.core.errors import Problem
from annotator.core.text import counted
from annotator.formats.base import Source
from annotator.session.copies_of import Likeness
from annotator.session.copies_of import sentence_of as copies_sentence
from annotator.session.foreign import sentence_of

_NAMED = 3
"""Of files that were skipped, how many are named."""


class ImportReport(Struct, kw_only=True):
    """What an import did; with problems, nothing was taken of the files that they name."""

    files: int = 0
    """Files that were taken."""
    articles: int = 0
    """Articles that were added."""
    first_article: str | None = None
    """Id of the first article that was added."""
    duplicates: int = 0
    """Articles, or an annotator's labels of one, that were there already and were skipped."""
    labelled: int = 0
    """Articles that were there already and got labels of further annotators."""
    labels: int = 0
    """Own spans and relations of annotators that came along."""
    suggestions: int = 0
    """Suggested spans and relations that came along."""
    annotators: set[str] = set()
    """Those whose labels came along."""
    problems: list[Problem] = []
    refused: list[Source] = []
    """Files of which nothing was taken."""
    left: list[Source] = []
    """Files of which nothing was taken, as the person stopped the import: the one that was being read and
    those after it."""
    unknown: list[str] = []
    """Files in folders and archives that were skipped, as they are of no known kind."""
    encodings: dict[str, str] = {}
    """File → its encoding, where that is not UTF-8."""
    dry_run: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    """What the mapping leaves out of other tools' labels, by what it is: span, relation, …"""
    unheld: Counter[str] = field(default_factory=Counter)
    """What the files have and a project cannot hold, by what it is: span without text, …"""
    copies: list[Likeness] = []
    """New articles that nearly repeat others, of the project or of the files."""
    copies_skipped: bool = False
    """Whether they were left out."""
    copies_unknown: bool = False
    """There were too many articles to look for copies unasked."""
    extension: str = ""
    """What was added to the codebook before: “Adds 2 labels”."""
    extended: list[str] = []
    """What it added to the codebook, by name; a line for each part of it."""

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        parts = [self._stopped if self.left else self._added]
        if self.labelled:
            verb = "would get" if self.dry_run else "got"
            parts.append(f"{counted(self.labelled, 'article')} {verb} labels of further annotators")
        if self.duplicates:
            parts.append(f"{counted(self.duplicates, 'duplicate')} skipped")
        if self.unknown:
            parts.append(_skipped(self.unknown))
        if alike := copies_sentence(self.copies, skipped=self.copies_skipped):
            parts.append(alike)
        if left := sentence_of(self.left_out):
            parts.append(left)
        if self.unheld:
            parts.append(f"not taken: {', '.join(_some(what, n) for what, n in sorted(self.unheld.items()))}")
        if self.extension:
            would = "would be " if self.dry_run else ""
            # “Adds 1 label, 2 attributes, changes 1 relation type”
            added, _, changed = f"{self.extension[0].lower()}{self.extension[1:]}".partition("changes ")
            if added:
                parts.append(f"{added.removeprefix('adds ').rstrip(', ')} {would}added to the codebook")
            if changed:
                parts.append(f"{changed} of the codebook {would}changed")
        for name, encoding in list(self.encodings.items())[:3]:
            parts.append(f"{name} was read as {encoding}")
        if len(self.encodings) > 3:
            parts.append(f"{len(self.encodings) - 3} more files were not UTF-8")
        return "; ".join(parts) + "."

    @property
    def interruption(self) -> str:
        """The same where ``Ctrl+C`` has ended it."""
        if self.dry_run:
            return "Interrupted. Nothing was added."
        return f"Interrupted. {self.sentence.removeprefix('Stopped. ')}"

    @property
    def _added(self) -> str:
        done = "would be added" if self.dry_run else "added"
        if not self.articles:
            return f"No article {done}"
        came = " and ".join(self._labels_counted)
        return f"{counted(self.articles, 'article')} {done}{f' with {came}' if came else ''}"

    @property
    def _stopped(self) -> str:
        """What stays and what does not, where the person stopped the import."""
        rest = self.left[0].short_name
        if more := len(self.left) - 1:
            rest += " or the file after it" if more == 1 else f" or the {more:,} files after it"
        came = [*([counted(self.articles, "article")] if self.articles else []), *self._labels_counted]
        if not came:
            return f"Stopped. Nothing of {rest} was added"
        were = "was" if self.files == 1 else "were"
        *others, last = came
        told = f"{', '.join(others)} and {last}" if others else last
        return f"Stopped. {counted(self.files, 'file')} with {told} {were} added; nothing of {rest} was"

    @property
    def _labels_counted(self) -> list[str]:
        came = [(self.labels, "label"), (self.suggestions, "suggestion")]
        return [counted(number, what) for number, what in came if number]


def _skipped(names: list[str]) -> str:
    """“2 files of unknown kinds were skipped: notes.xyz and map.gif”."""
    short = [PurePath(each).name for each in names[:_NAMED]]
    if more := len(names) - len(short):
        short.append(f"{more:,} more")
    named = " and ".join([", ".join(short[:-1]), short[-1]] if len(short) > 1 else short)
    kinds = "file of an unknown kind was" if len(names) == 1 else "files of unknown kinds were"
    return f"{len(names):,} {kinds} skipped: {named}"


def _some(what: str, number: int) -> str:
    """“1 span without text”, “2 spans without text”: the first word is the noun."""
    noun, _, rest = what.partition(" ")
    return f"{counted(number, noun)} {rest}".rstrip()

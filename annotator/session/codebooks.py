"""The codebooks that come with the program, those in files, and putting one in a project's place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.errors import InputError, Problem, UsageError
from annotator.core.history import Edit
from annotator.core.moves import Move, Part, Touched
from annotator.runtime.resources import resource
from annotator.store.file_kind import is_database

if TYPE_CHECKING:
    from annotator.session.editor import Editor
    from annotator.session.project import Project

SHIPPED = {
    "general-news": "Who says what in the news: actors, claims, categories and entities",
    "political-claims": "Political claims analysis: claimant, addressee, form, issue, position",
    "discourse-network": "Discourse networks: person, organization, category, agreement",
}
"""By file name: what each is for, in one line. The first is the one that new projects start with."""


def shipped_codebooks() -> list[tuple[str, str, Codebook]]:
    """The codebooks that ship with the program: file name, one line on what it is for, codebook."""
    return [(name, line, shipped_codebook(name)) for name, line in SHIPPED.items()]


def shipped_codebook(name: str) -> Codebook:
    """One of them by its file name. Raises KeyError if there is none."""
    if name not in SHIPPED:
        raise KeyError(name)
    path = resource("codebooks", f"{name}.toml")
    return codebook_from_toml(path.read_text(encoding="utf-8"), path.name)


def default_codebook() -> Codebook:
    """The codebook that a new project starts with."""
    return shipped_codebook(next(iter(SHIPPED)))


def write_codebook(codebook: Codebook, path: Path) -> None:
    """Write a codebook as TOML; a file of that name is replaced when it is whole, a project never.

    Raises InputError where it cannot be written.
    """
    from annotator.core.codebook_toml import codebook_to_toml

    write_replacing(path, codebook_to_toml(codebook))


def write_replacing(path: Path, text: str) -> None:
    """Write a text as UTF-8, as :func:`write_codebook` does. Raises InputError."""
    from annotator.session.targets import replacing

    with replacing(path) as stream:
        stream.write(text.encode())


MOST_BYTES = 10_000_000
"""The largest file that is read as a codebook."""


def codebook_named(name: str) -> Codebook:
    """A shipped codebook by its name, or the one of a TOML file (``-``: stdin) or of another project.

    Raises InputError, and ProjectError for a project that cannot be read.
    """
    if name in SHIPPED:
        return shipped_codebook(name)
    try:
        if name != "-" and is_database(Path(name)):
            return _of_project(Path(name))
        data = sys.stdin.buffer.read(MOST_BYTES + 1) if name == "-" else _read(Path(name))
        text = data.decode("utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(
            "there is no such file, nor a codebook of that name",
            where=name,
            cure=f"Name a TOML file, or one of {', '.join(SHIPPED)}",
        ) from error
    except UnicodeDecodeError as error:
        raise InputError("this is not a text in UTF-8", where=name, cure="Save it as UTF-8") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {why}", where=name) from error
    if len(data) > MOST_BYTES:
        raise InputError("this is far too large for a codebook", where=name, cure="Choose another file")
    return codebook_from_toml(text.replace("\r\n", "\n"), "standard input" if name == "-" else name)


def _of_project(path: Path) -> Codebook:
    from annotator.session.project import Project  # not at the top: it starts with a codebook from here

    with Project.open_to_read(path) as project:
        return project.codebook


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def refuse_for_old(project: Path | None) -> None:
    """Raise UsageError where a codebook is chosen for a project that has one already."""
    if project is not None and project.exists():
        raise UsageError(
            f"{project} has a codebook already",
            cure=f"annotator codebook {project} --load FILE puts another one in its place",
        )


class Exchange(Struct, frozen=True):
    """Another codebook for a project that has been looked at and not been put in place."""

    after: Codebook
    homeless: tuple[tuple[Move, Touched], ...]
    """What is in use and has no word of that name in the other codebook, each with how often."""

    def problems(self) -> list[Problem]:
        """One for each word that labels would lose."""
        from annotator.core.drafting.effects import bearers

        return [
            Problem(
                f"the {move.part} “{move.old[-1]}” is in use by {bearers(move.part, count)}"
                " and is not in that codebook",
                cure="--remove takes it away; the window's codebook editor can rename or merge it",
            )
            for move, count in self.homeless
        ]

    def taken(self) -> str:
        """What carrying it out takes away: “1 span and 3 suggestions, 2 values”; empty for nothing."""
        from annotator.core.drafting.effects import bearers

        numbers: dict[Part, Touched] = {}
        for move, count in self.homeless:
            numbers[move.part] = numbers.get(move.part, Touched()) + count
        return ", ".join(bearers(part, number) for part, number in numbers.items())

    def run(self, editor: Editor) -> Edit | None:
        """Put it in place as one edit, taking away what is homeless; None where nothing changes."""
        moves = [move for move, _ in self.homeless]
        return editor.change_codebook(self.after, moves, f"Load the codebook “{self.after.name}”")


def exchange(project: Project, after: Codebook) -> Exchange:
    """What putting another codebook in a project's place means; labels keep words of equal name."""
    from annotator.core.carrying import Carrier

    unplaced = Carrier.between(project.codebook, after, ()).unplaced()
    counts = project.repository.touched(unplaced)
    found = tuple((move, count) for move, count in zip(unplaced, counts, strict=True) if count)
    return Exchange(after, found)

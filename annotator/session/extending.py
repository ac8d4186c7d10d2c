"""An import that adds to the codebook what it lacks of the files' names: one edit before it, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.drafting.effects import effect
from annotator.core.errors import Problem
from annotator.core.extending import extended
from annotator.core.mapping import ImportMapping
from annotator.formats.source import Source
from annotator.session.gathering import gather
from annotator.session.people import person
from annotator.session.surveying import survey

if TYPE_CHECKING:
    from annotator.session.importing import Progressing
    from annotator.session.project import Project


@dataclass(slots=True)
class Extension:
    """What an import that extends the codebook goes by."""

    sources: list[Source]
    mapping: ImportMapping
    """Complete, and not to extend anything any more."""
    before: Codebook
    after: Codebook
    problems: list[Problem]

    @property
    def sentence(self) -> str:
        """What is added to the codebook: “Adds 2 labels”; empty for nothing."""
        return effect(self.before, self.after, (), ()).rstrip(".")


def extension(
    project: Project,
    paths: Iterable[Path | str | Source],
    format: str,  # noqa: A002 - the word of the command line
    mapping: ImportMapping,
    progress: Progressing | None,
) -> Extension:
    """Look through the files for names that the codebook lacks; changes nothing."""
    problems: list[Problem] = []
    sources = gather(paths, problems)
    before = project.repository.codebook()
    found = survey(project, sources, format=format, mapping=mapping, progress=progress)
    # a problem of the survey comes up again when the file is read
    after = extended(before, found.names, found.mapping)
    return Extension(sources, replace(found.mapping, extend=False), before, after, problems)


def extend(project: Project, plan: Extension, annotator: str | None) -> bool:
    """Carry it out as one edit, by the annotator or whoever uses the program; whether anything changed.

    Raises InputError where names of the files cannot be names in a codebook, and ProjectError.
    """
    if plan.after == plan.before:
        return False
    editor = project.editor(person(annotator))
    title = "Add the names of imported labels to the codebook"
    return editor.change_codebook(plan.after, (), title) is not None

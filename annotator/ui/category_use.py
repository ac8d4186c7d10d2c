"""Which categories the annotator has used, kept up with every edit; read from the file once per project."""

from __future__ import annotations

from PySide6.QtCore import QObject

from annotator.core.changes import SpanChange
from annotator.core.codebook import AttributeType, Codebook
from annotator.core.errors import AnnotatorError
from annotator.core.ranking import CategoryUse
from annotator.session.editor import Changed
from annotator.ui.workbench import Workbench


class UsedCategories(QObject):
    """Call it for what is known now; the first call of a project looks into the file."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._use: CategoryUse | None = None
        bench.project_changed.connect(self._forget)
        bench.codebook_changed.connect(self._forget)  # they may be called otherwise now
        bench.edited.connect(self._on_edited)

    def __call__(self) -> CategoryUse:
        """What the annotator has used."""
        if self._use is None:
            self._use = self._read()
        return self._use

    def _forget(self) -> None:
        self._use = None

    def _read(self) -> CategoryUse:
        project, codebook = self._bench.project, self._bench.codebook
        if project is None or codebook is None:
            return CategoryUse()
        try:
            return CategoryUse(project.repository.used_categories(self._bench.annotator, _names(codebook)))
        except AnnotatorError:
            return CategoryUse()  # only their order depends on it

    def _on_edited(self, changed: Changed) -> None:
        codebook = self._bench.codebook
        if self._use is None or codebook is None:
            return
        names = _names(codebook)
        for change in changed.changes.changes:
            if isinstance(change, SpanChange) and change.after is not None and not change.is_suggestion:
                before = change.before.attributes if change.before is not None else {}
                for name in names:
                    there = before.get(name) or ()
                    self._use.add(
                        code for code in change.after.attributes.get(name) or () if code not in there
                    )


def _names(codebook: Codebook) -> list[str]:
    return [each.name for each in codebook.attributes if each.type is AttributeType.CATEGORIES and each.kinds]

"""Records of other tools' files to lines of the project, by a mapping of their names."""

from __future__ import annotations

from annotator.core.codebook import Codebook
from annotator.core.mapping import ImportMapping
from annotator.formats.base import Intake, Record


class Translator:
    """Brings foreign labels to the words of a codebook; what cannot be brought is reported or counted."""

    def __init__(
        self, codebook: Codebook, mapping: ImportMapping, annotator: str | None, *, as_suggestions: bool
    ) -> None:
        self.codebook = codebook
        self.mapping = mapping
        self.annotator = annotator
        self.as_suggestions = as_suggestions

    def native(self, record: Record, intake: Intake) -> Record | None:
        """The record with its labels as spans and relations, or None after reporting what is wrong."""
        raise NotImplementedError

"""The names that files of other tools' formats have for the labels of a codebook."""

from __future__ import annotations

from annotator.core.codebook import Codebook
from annotator.core.model import Kind


def written_label(codebook: Codebook, kind: Kind, label: str) -> str:
    """The name that a span's label is written by: its own where no other kind has it, else ``kind:Label``."""
    only = not any(each.name == label and each.kind != kind for each in codebook.labels)
    return label if only and split_label(label)[0] is None else f"{kind}:{label}"


def split_label(name: str) -> tuple[Kind | None, str]:
    """The inverse: kind (None where the name does not tell) and label of what :func:`written_label` gives."""
    before, colon, label = name.partition(":")
    if colon and before in Kind:
        return Kind(before), label
    return None, name

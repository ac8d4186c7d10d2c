"""Names as brat takes them (letters, digits, ``_`` and ``-``), and the file that has the true ones."""

from __future__ import annotations

import re
from unicodedata import combining, normalize

from msgspec import Struct

LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
"""What ends a line for brat: neither an annotation nor its words may hold one."""
OWN_ACTOR, OWN_REFERENCE = "actor", "external"
"""What stands for the data base in normalizations of ours: a record without, and with an external id."""

_OURS = "# The names as the codebook of Annotator has them."
_ANNOTATOR = "# annotator "
"""Before the name of one as it stands in the files' names, and as it is."""
_NUMBERED = re.compile(r"-\d+$")
"""Behind the names of files that would be called the same."""
_NOT_TAKEN = re.compile(r"[^A-Za-z0-9_-]")


class Names:
    """Gives each name its own that brat takes."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._taken: set[str] = set()

    def add(self, name: str) -> str:
        """The name to be written; the same for the same name, another one for every other name."""
        known = self._written.get(name)
        if known is None:
            plain = "".join(c for c in normalize("NFKD", name) if not combining(c))
            wanted = written = _NOT_TAKEN.sub("_", plain.replace(":", "-")) or "_"
            number = 1
            while written in self._taken:
                number += 1
                written = f"{wanted}-{number}"
            self._taken.add(written)
            self._written[name] = known = written
        return known

    def renamed(self) -> dict[str, str]:
        """The names that had to be changed: as they are written → as they are."""
        return {written: name for name, written in self._written.items() if name != written}


def visual_conf(renamed: dict[str, str], annotators: dict[str, str]) -> str:
    """The ``visual.conf`` of brat, which says how names are shown.

    ``annotators``: those in the names of files, as they stand there → as they are.
    """
    labels = (f"{written} | {name}" for written, name in renamed.items() if is_showable(name))
    return (
        "\n".join(
            [
                _OURS,
                *(f"{_ANNOTATOR}{written} | {name}" for written, name in annotators.items()),
                "[labels]",
                *labels,
                "[drawing]",
                "SPAN_DEFAULT\tfgColor:black, bgColor:lightgreen",
                "ARC_DEFAULT",
            ]
        )
        + "\tcolor:black, arrowHead:triangle-5\n"
    )


def is_showable(name: str) -> bool:
    """Whether a name comes back from ``visual.conf`` as it is."""
    return "|" not in name and name == " ".join(name.split())


class Shown(Struct, frozen=True):
    """What a ``visual.conf`` of ours says."""

    names: dict[str, str] = {}
    """The names that are written otherwise → as they are."""
    annotators: dict[str, str] = {}
    """Annotators as they stand in the names of files → as they are."""

    def annotator(self, stem: str) -> str | None:
        """Whose a file is by its name without ending, ``NAME.ANNOTATOR``; None where it does not say."""
        for written in (stem, _NUMBERED.sub("", stem)):
            fits = [name for name in self.annotators if written.endswith(f".{name}")]
            if fits:
                return self.annotators[max(fits, key=len)]
        return None


def names_shown(data: bytes) -> Shown:
    """What a ``visual.conf`` says; nothing where it is not ours."""
    text = data.decode("utf-8", "replace")
    if not text.startswith(_OURS):
        return Shown()
    shown = Shown()
    for line in text.split("\n"):
        row = line.removeprefix(_ANNOTATOR).split(" | ")
        if len(row) == 2 and row[1]:
            to = shown.annotators if line.startswith(_ANNOTATOR) else shown.names
            to[row[0]] = row[1]
    return shown

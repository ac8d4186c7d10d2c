"""Which formats there are. A new one is a module with a :class:`Format`, and its line here."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from annotator.core.errors import InputError, UsageError
from annotator.formats import archive
from annotator.formats.base import Format, Source
from annotator.formats.brat import BRAT
from annotator.formats.cas import UIMA_JSON, UIMA_XMI
from annotator.formats.conll import CONLL
from annotator.formats.dataturks import DATATURKS
from annotator.formats.docbin import DOCBIN
from annotator.formats.doccano import DOCCANO, DOCCANO_GRAPHEMES
from annotator.formats.docx import DOCX
from annotator.formats.encoding import decode, refuse_binary
from annotator.formats.feed import FEED
from annotator.formats.html import HTML
from annotator.formats.jsonl import JSON, JSONL
from annotator.formats.label_studio import LABEL_STUDIO, LABEL_STUDIO_CONFIG
from annotator.formats.mail import MAIL
from annotator.formats.nexis import NEXIS
from annotator.formats.pdf import PDF
from annotator.formats.prodigy import PRODIGY
from annotator.formats.pubannotation import PUBANNOTATION
from annotator.formats.rtf import RTF
from annotator.formats.table import CSV, TSV
from annotator.formats.tables import CSV_TABLES
from annotator.formats.text import TEXT
from annotator.formats.webanno_tsv import WEBANNO_TSV

FORMATS: tuple[Format, ...] = (
    TEXT, JSONL, JSON, CSV, TSV, CSV_TABLES,
    BRAT, CONLL, DOCBIN, DOCCANO, DOCCANO_GRAPHEMES, LABEL_STUDIO, LABEL_STUDIO_CONFIG, PRODIGY, UIMA_JSON,
    UIMA_XMI, WEBANNO_TSV, PUBANNOTATION, DATATURKS,
    DOCX, FEED, HTML, MAIL, NEXIS, PDF, RTF,
)  # fmt: skip
"""Ours, other tools' with labels, and those of articles alone.

Each says by :attr:`Format.sniff` what is surely one of its files; where none does, the first one here that
has a file's ending reads it.
"""
READERS = {form.name: form for form in FORMATS if form.read is not None}
WRITERS = {form.name: form for form in FORMATS if form.write is not None}
AUTO = "auto"
_BY_ENDING: dict[str, Format] = {}
for _form in READERS.values():
    for _ending in _form.endings:
        _BY_ENDING.setdefault(_ending, _form)  # the others that have it are told by what is in a file
ENDINGS = (*_BY_ENDING, archive.ENDING)
"""Endings of the names of files that can be imported, with the dot, in small letters."""
_COMPANIONS = frozenset({"typesystem.xml", "thumbs.db", "desktop.ini"})
_ABOUT = frozenset({"readme", "credits", "license", "licence", "copying", "notice", "changelog"})
"""What files are called that tell about others."""
_USUAL = list(dict.fromkeys(form.endings[0] for form in READERS.values()))
USUAL_ENDINGS = f"{', '.join(_USUAL)} or {archive.ENDING}"
"""One for each kind of file, for a person to read."""


def has_known_ending(path: Path | PurePosixPath) -> bool:
    """Whether a file can be imported, by its name."""
    return path.suffix.lower() in ENDINGS


def belongs_to_others(path: Path | PurePosixPath) -> bool:
    """Whether a file that cannot be imported, by its name, is one of which nobody expects it.

    It is part of a format, a saved web page or a project, tells about the others, or is the system's own.
    """
    name = path.name.lower()
    return (
        name in _COMPANIONS
        or path.stem.lower() in _ABOUT
        or name.endswith((".conf", ".toml"))
        or ".annot" in path.suffixes
        or path.suffix.startswith(".annot-")  # the log of a project that is open
        or path.parent.name.endswith("_files")
    )


def may_be_articles(source: Source) -> bool:
    """Whether a file that nobody has named, in a folder or an archive, is one to import.

    XML holds everything under the sun: only what looks like a known kind of it is.
    """
    if source.ending != ".xml":
        return True
    try:
        return any(form.sniff(source) for form in READERS.values() if form.sniff is not None)
    except (OSError, InputError):
        return True  # reading it will say what is wrong


def told_by_name(source: Source) -> Format | None:
    """The format that a file's ending names, without a look into it; None where it names none."""
    return _BY_ENDING.get(source.ending)


def read_along(source: Source) -> set[str]:
    """Names of other files beside a source that are read with it, by the formats of its ending."""
    return {
        name
        for form in READERS.values()
        if form.also is not None and source.ending in form.endings
        for name in form.also(source)
    }


def reader_for(source: Source, name: str = AUTO) -> Format:
    """The format to read a file with: the named one, or the one that it looks like.

    What has no name is JSON by its first character, otherwise plain text. Raises UsageError for an
    unknown name, InputError where nothing tells what it is, OSError where it cannot be read.
    """
    if name != AUTO:
        return _named(name, READERS)
    for form in READERS.values():
        if form.sniff is not None and form.sniff(source):
            return form
    named = told_by_name(source)
    if named is not None:
        return named
    if source.path is None or not source.path.is_file():
        start = decode(source.data, source.name).text.lstrip()[:1]
        return {"{": JSONL, "[": JSON}.get(start, TEXT)
    refuse_binary(source.head(), source.name)
    raise InputError(
        "its name does not tell what kind of file this is",
        where=source.name,
        cure=f"Let its name end in {USUAL_ENDINGS}, or name its format",
    )


def writer_for(name: str) -> Format:
    """The format to write with. Raises UsageError for an unknown name."""
    return _named(name, WRITERS)


def _named(name: str, known: dict[str, Format]) -> Format:
    if name not in known:
        raise UsageError(f"there is no format “{name}”", cure=f"Choose one of {', '.join(known)}")
    return known[name]

"""What the command line understands."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from annotator import __version__
from annotator.core.text import shown

COMMANDS = (
    "import", "suggest", "words", "actors", "copies", "export", "formats", "evaluate", "info", "check",
    "codebook", "recover", "schema",
)  # fmt: skip
_USAGE = (
    "annotator [--annotator NAME] [PROJECT.annot] [ARTICLE …]\n"
    f"       annotator {{{','.join(COMMANDS)}}} …\n"
    "       annotator --smoke-test | --version | --help"
)


def _top() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="annotator",
        usage=_USAGE,
        description="Label actors, claims and relations in news articles.",
        epilog="Without a command the window opens. `annotator COMMAND --help` explains a command.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"annotator {__version__}")
    parser.add_argument("--annotator", metavar="NAME", help="whose labels are shown and made")
    parser.add_argument(
        "--smoke-test", action="store_true", help="try the whole program once over, without a display"
    )
    return parser


def make_window_parser() -> argparse.ArgumentParser:
    """The parser of what opens the window; ``paths`` are a project and articles."""
    parser = _top()
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="a project, articles")
    _add_codebook(parser)
    parser.set_defaults(command=None)
    return parser


def make_parser() -> argparse.ArgumentParser:
    """The parser of the commands; ``command`` is the one that was named."""
    # Not at the top: the window starts without them.
    from annotator.cli.exporting import DEFAULT
    from annotator.core.model import Kind, State, Status
    from annotator.formats.registry import WRITERS

    parser = _top()
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="annotator")

    def add(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=words.capitalize() + ".", allow_abbrev=False)

    _fill_import(add("import", "add articles, with labels if they have some"))
    suggest = add("suggest", "let spaCy read the articles and suggest entities and claims")
    _add_project(suggest)
    suggest.add_argument("--model", metavar="NAME", help="an installed pipeline, or the folder of one")
    suggest.add_argument(
        "--workers",
        type=_number("a number of processes such as 2"),
        default=1,
        metavar="N",
        help="processes to read with",
    )
    suggest.add_argument("--articles", nargs="+", metavar="ID", help="only these articles")
    add_words = add("words", "list the words that report claims, and what annotators have taught about them")
    _add_project(add_words)
    add_words.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="WORD=USE",
        help="use a word as learned (learned), as the rules say (rules), always, or never",
    )
    add_words.add_argument("--json", action="store_true", help="as JSON")
    actors = add("actors", "list the actor records with their mentions, or write or read them as a table")
    _add_project(actors)
    actors.add_argument("--export", metavar="FILE", help="write them to this CSV file, or - for stdout")
    actors.add_argument("--import", metavar="FILE", dest="table", help="read such a file, or - for stdin")
    actors.add_argument("--annotator", metavar="NAME", help="who imports; otherwise as in the window")
    copies = add("copies", "list articles that nearly repeat each other, or copy labels between them")
    _add_project(copies)
    copies.add_argument(
        "--labels-to-copies",
        action="store_true",
        help="suggest the labels of an article in the others of its group",
    )
    copies.add_argument("--annotator", metavar="NAME", help="copy only this annotator's labels")
    copies.add_argument(
        "--least", type=_share, metavar="P", help="how much of their wording articles share at least, 0 to 1"
    )
    copies.add_argument("--json", action="store_true", help="as JSON")
    export = add("export", "write the labels")
    _add_project(export)
    export.add_argument(
        "out", metavar="OUT", help="a file, a new folder or NAME.zip for several, or - for stdout"
    )
    export.add_argument(
        "--format",
        metavar="NAME",
        help=f"one of {', '.join(WRITERS)}; otherwise by OUT's ending, or {DEFAULT}",
    )
    one = export.add_mutually_exclusive_group()
    one.add_argument(
        "--include-suggestions",
        action="store_true",
        help="also what has not been decided on or was rejected, with its state",
    )
    for where, option, known, what in (
        (one, "--state", State, "labels in this state"),
        (export, "--status", Status, "articles in this status"),
        (export, "--kind", Kind, "spans of this kind, and relations between such"),
    ):
        where.add_argument(
            option,
            action="extend",
            default=[],
            type=_some_of([str(each) for each in known]),
            metavar=option.removeprefix("--").upper(),
            help=f"only {what}: {', '.join(known)}; may be repeated",
        )
    export.add_argument("--annotator", metavar="NAME", help="only this annotator's labels")
    export.add_argument(
        "--split", metavar="SHARES", help="into parts by article: 80/10/10 (train/dev/test) or 80/20"
    )
    export.add_argument(
        "--seed", type=_seed, metavar="N", help="with --split: another number, other parts (0)"
    )
    export.add_argument(
        "--copies-together",
        action="store_true",
        help="with --split: articles that nearly repeat each other stay in one part",
    )
    formats = add("formats", "list the formats of files, and what each cannot hold")
    formats.add_argument("--json", action="store_true", help="as JSON")
    evaluate = add("evaluate", "score suggestions or labels against gold, or against another annotator")
    _add_project(evaluate)
    evaluate.add_argument(
        "gold",
        nargs="?",
        type=Path,
        metavar="GOLD",
        help="an export, or an attribution corpus, as JSON Lines",
    )
    evaluate.add_argument("--annotator", metavar="NAME", help="score this annotator's labels")
    evaluate.add_argument("--against", metavar="NAME", help="against this annotator's, without a gold file")
    evaluate.add_argument("--gold-annotator", metavar="NAME", help="whose labels in the gold file count")
    evaluate.add_argument(
        "--least", type=_share, metavar="P", help="only suggestions of at least this confidence, 0 to 1"
    )
    evaluate.add_argument("--json", action="store_true", help="as JSON")
    for name, words in (
        ("info", "count articles and labels"),
        ("check", "check that the file is whole and the labels agree with it"),
    ):
        sub = add(name, words)
        _add_project(sub)
        sub.add_argument("--json", action="store_true", help="as JSON")
        if name == "check":
            sub.add_argument("--quick", action="store_true", help="only the file, not every label")
    codebook = add("codebook", "show, save or exchange a project's codebook")
    _add_project(codebook)
    way = codebook.add_mutually_exclusive_group()
    way.add_argument("--save", metavar="FILE", help="write it as TOML, - for stdout")
    way.add_argument(
        "--load", metavar="NAME|FILE", help="use this one, or another project's, instead; - for stdin"
    )
    way.add_argument("--versions", action="store_true", help="list every codebook that it has had")
    codebook.add_argument(
        "--number",
        type=_number("a version number such as 3"),
        metavar="N",
        help="with --save: an earlier one, by its number in the list",
    )
    codebook.add_argument(
        "--remove", action="store_true", help="with --load: take away what has no place in the new one"
    )
    codebook.add_argument("--annotator", metavar="NAME", help="with --load: who does it, and can undo it")
    codebook.add_argument("--json", action="store_true", help="with --versions: as JSON")
    recover = add("recover", "save what can be read of a damaged project into a new file")
    _add_project(recover)
    recover.add_argument("out", type=Path, metavar="OUT", help="the new project file, NAME.annot")
    add("schema", "print the JSON Schema of annotator/1")
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed arguments; ``command`` is None where the window is to open. Exits with 2 on wrong use."""
    named = bool(arguments) and arguments[0] in COMMANDS
    helped = any(each in ("-h", "--help") for each in arguments)
    return (make_parser() if named or helped else make_window_parser()).parse_args(arguments)


def _fill_import(parser: argparse.ArgumentParser) -> None:
    """The options of the import."""
    from annotator.formats.registry import READERS

    _add_project(parser)
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="files, folders, ZIP archives, or - for stdin"
    )
    parser.add_argument(
        "--format",
        default="auto",
        metavar="NAME",
        help=f"auto (by name and content), or one of {', '.join(READERS)}",
    )
    parser.epilog = "`annotator formats` tells what each format is. Most can be left to auto."
    _add_codebook(parser)
    parser.add_argument("--annotator", metavar="NAME", help="whose the labels are that do not say")
    parser.add_argument("--map", type=Path, metavar="FILE", help="what columns and labels mean, as TOML")
    parser.add_argument(
        "--propose-map",
        type=Path,
        metavar="FILE",
        help="write such a file for these articles, to be corrected, and change nothing",
    )
    parser.add_argument(
        "--extend", action="store_true", help="add what labels use and the codebook lacks to the codebook"
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument(
        "--as-suggestions", action="store_true", help="take other tools' labels as suggestions to decide on"
    )
    whose.add_argument(
        "--all-mine",
        action="store_true",
        help="take other tools' labels as --annotator's, whoever the files name",
    )
    parser.add_argument(
        "--skip-copies", action="store_true", help="leave out articles that nearly repeat others"
    )
    parser.add_argument("--dry-run", action="store_true", help="read and report, but change nothing")


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT", help="the project file, NAME.annot")


def _add_codebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--codebook", metavar="NAME|FILE", help="of a new project: one that ships, or a TOML file"
    )


def _share(text: str) -> float:
    """A number from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"it takes a number from 0 to 1 such as 0.8, not {shown(text)}")
    return share


def _some_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    """Reads one of the words, or several with commas between them."""

    def read(text: str) -> list[str]:
        words = text.split(",")
        wrong = [each for each in words if each not in known]
        if wrong:
            raise argparse.ArgumentTypeError(f"it takes {', '.join(known)}, not {shown(wrong[0])}")
        return words

    return read


def _seed(text: str) -> int:
    """Any whole number from 0 on."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise argparse.ArgumentTypeError(f"it takes a whole number such as 7, not {shown(text)}")
    return int(text)


def _number(what: str) -> Callable[[str], int]:
    """Reads a whole number from 1 on; ``what`` it is, with an example, tells who gives something else."""

    def read(text: str) -> int:
        number = int(text) if text.isdecimal() and len(text) < 10 else 0
        if number < 1:
            raise argparse.ArgumentTypeError(f"it takes {what}, not {shown(text)}")
        return number

    return read

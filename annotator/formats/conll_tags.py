"""The tags of CoNLL files, which say of each token whether it begins, goes on with or ends a span."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

TAG = re.compile(r"O|[BIESLUM](?:[-_]\S.*)?")
_BARE = re.compile(r"[^\s]+\t([A-Za-z][\w/&.-]*)")
_WHOLE = re.compile(r"^(\S+\t)(?!O$)(?=\S)", re.MULTILINE)
_LOOKED_AT = 500
_LEAST_OUTSIDE = 3
"""One of how many tokens is no part of a span, at least."""
ENDED = "Get the file again, or end its last line with a line break if it is whole"
"""The cure for a file that seems to be cut off."""
_NAME = re.compile(r"(?:[^a-z]*[a-z]){2}.*")
"""A label of that kind, not a symbol or grade: it has small letters."""
_BEGINS, _ENDS = frozenset("BSU"), frozenset("ELSU")


def is_bare(text: str) -> bool:
    """Whether a text has, as Few-NERD, a token and a tab in each line and behind it its label or ``O``.

    A list of words is none: sentences have empty lines between them, and many of their tokens have an ``O``.
    """
    lines = text[: 200 * _LOOKED_AT].rstrip("\n").split("\n")[:_LOOKED_AT]
    if len(lines) == _LOOKED_AT or len(text) > 200 * _LOOKED_AT:
        del lines[-1]  # which may be cut off
    found = [_BARE.fullmatch(line) for line in lines if line]
    labels = [match[1] for match in found if match is not None]
    outside = labels.count("O")
    return (
        "" in lines
        and len(labels) == len(found)
        and outside * _LEAST_OUTSIDE >= len(labels)
        and outside < len(labels)
        and all(_NAME.fullmatch(each) and not TAG.fullmatch(each) for each in set(labels) - {"O"})
    )


def with_tags(text: str) -> str:
    """Such a text with tags for labels; tokens with one label behind one another are one span."""
    return _WHOLE.sub(r"\1I-", text)


def seems_cut(tag: str, others: Collection[str]) -> bool:
    """Whether a file seems to be cut off in its last tag: its label is no other's, but begins like one."""
    labels = {each[2:] for each in others if each not in ("O", tag)}
    return tag != "O" and tag[2:] not in labels and any(each.startswith(tag[2:]) for each in labels)


def features_of(cell: str) -> dict[str, str]:
    """What the last column of CoNLL-U says of a token or word."""
    return dict(each.split("=", 1) for each in cell.split("|") if "=" in each)


def lent(cell: str, words: str) -> str:
    """The last column of a token with the tags of a word in it, where none of the words before has one."""
    there = features_of(cell)
    for name, tag in features_of(words).items():
        if there.get(name, "O") == "O" and TAG.fullmatch(tag):
            there[name] = tag
    return "|".join(f"{name}={value}" for name, value in there.items())


def spans_of(tags: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Label, first and last token of each span; takes IOB1, IOB2, BIOES and BILOU alike."""
    label, first = "", -1
    for nth, tag in enumerate(tags):
        same = first >= 0 and tag != "O" and tag[0] not in _BEGINS and tag[2:] == label
        if not same:
            if first >= 0:
                yield label, first, nth - 1
            label, first = tag[2:], nth if tag != "O" else -1
        if tag[0] in _ENDS and first >= 0:
            yield label, first, nth
            first = -1
    if first >= 0:
        yield label, first, len(tags) - 1

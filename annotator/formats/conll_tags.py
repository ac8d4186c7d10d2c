"""The tags of CoNLL files, which say of each token whether it begins, goes on with or ends a span."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

TAG = re.compile(r"O|[BIESLUM](?:[-_]\S.*)?")
ENDED = "Get the file again, or end its last line with a line break if it is whole"
"""The cure for a file that seems to be cut off."""
_BEGINS, _ENDS = frozenset("BSU"), frozenset("ELSU")


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

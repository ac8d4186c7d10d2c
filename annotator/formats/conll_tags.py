"""The tags of CoNLL files, which say of each token whether it begins, goes on with or ends a span."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

TAG = re.compile(r"O|[BIESLUM](?:[-_]\S.*)?")
_BEGINS, _ENDS = frozenset("BSU"), frozenset("ELSU")


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

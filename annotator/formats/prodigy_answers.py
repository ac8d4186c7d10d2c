"""Who has answered a task, and several answers about one text.

Prodigy's binary recipes ask about every span by itself, and sessions with names have every task answered by
everybody. They share the hash of their input.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.core.model import ActorRecord, Progress, Status
from annotator.core.records import replace
from annotator.formats.base import Record
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.source import Source

PEOPLE = ("_annotator_id", "_session_id")
_NOBODY = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$")
"""The session of somebody who has not given a name."""
_HASH = re.compile(rb'"_input_hash"\s*+:\s*+(-?\d{1,20})(?!\d)')
_CHUNK = 1 << 22
_LONGEST = 64
"""Bytes that a match may have, at the end of a chunk."""
_LATEST = (Status.DONE, Status.SKIPPED, Status.IN_PROGRESS, Status.NEW)
"""What several answers come to: the first of these that is among them."""


def annotator_of(data: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    """Who has answered, and the keys that say nothing more then."""
    for key in PEOPLE:
        who = data.get(key)
        if type(who) is str and who.strip() and not _NOBODY.search(who):
            return who.strip(), PEOPLE
    return None, tuple(key for key in PEOPLE if data.get(key) is None)


def repeated_inputs(source: Source) -> dict[int, int]:
    """The input hashes that occur several times in a file, and how often. Raises OSError."""
    found: Counter[bytes] = Counter()
    kept = b""
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            data = kept + chunk
            end = 0
            for match in _HASH.finditer(data):
                if match.end() == len(data):
                    break  # the number may go on
                found[match[1]] += 1
                end = match.end()
            kept = data[max(end, len(data) - _LONGEST) :]
    return {int(number): times for number, times in found.items() if times > 1}


def together(records: Iterable[Record]) -> Iterator[Record]:
    """One record for each text and annotator; the article is as the first record of its text has it."""
    groups: dict[tuple[str, str | None], list[Record]] = {}
    first: dict[str, Record] = {}
    for record in records:
        assert record.foreign is not None
        sha256 = record.labels.article.sha256
        first.setdefault(sha256, record)
        groups.setdefault((sha256, record.foreign.annotator), []).append(record)
    for (sha256, _), group in groups.items():
        foreigns = [each.foreign for each in group if each.foreign is not None]
        foreign = foreigns[0] if len(foreigns) == 1 else _one(foreigns)
        yield replace(group[0], labels=first[sha256].labels, foreign=foreign)


def _weight(span: ForeignSpan) -> int:
    """What was accepted counts before what was rejected, and that before what was passed over."""
    return 2 if not span.suggested else int(span.rejected)


def _one(foreigns: list[Foreign]) -> Foreign:
    """One annotator's answers as one; what was accepted in one of them is not rejected by another."""
    spans: dict[tuple[object, ...], ForeignSpan] = {}
    relations: list[ForeignRelation] = []
    actors: dict[str, ActorRecord] = {}
    for nth, foreign in enumerate(foreigns):
        ids: dict[str, str] = {}
        for span in foreign.spans:
            key = (span.label, span.fragments)
            known = spans.get(key)
            if known is None:
                known = spans[key] = span._replace(id=f"{nth}/{span.id}")
            elif _weight(span) > _weight(known):
                known = spans[key] = span._replace(id=known.id)
            ids[span.id] = known.id
        relations += (
            link._replace(id=f"{nth}/{link.id}", head=ids[link.head], tail=ids[link.tail])
            for link in foreign.relations
        )
        actors.update((each.id, each) for each in foreign.actors)
    made = {each.progress.status for each in foreigns}
    notes = dict.fromkeys(each.progress.note for each in foreigns if each.progress.note)
    return Foreign(
        annotator=foreigns[0].annotator,
        progress=Progress(
            next(each for each in _LATEST if each in made),
            any(each.progress.flagged for each in foreigns),
            "\n".join(notes) or None,
        ),
        spans=tuple(spans.values()),
        relations=tuple(relations),
        actors=tuple(actors.values()),
    )

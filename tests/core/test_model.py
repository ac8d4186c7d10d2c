"""The glossary's records: order, ids, times, fragments."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.model import Fragments, Kind, Relation, Span, new_id, normalise_fragments, now

fragments = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    min_size=1,
    max_size=6,
).map(tuple)


def covered(ranges: Fragments) -> set[int]:
    return {offset for start, end in ranges for offset in range(start, end)}


@given(fragments)
def test_normal_fragments_are_sorted_apart_and_cover_the_same(ranges: Fragments) -> None:
    normal = normalise_fragments(ranges)
    assert covered(normal) == covered(ranges)
    assert all(end < start for (_, end), (start, _) in pairwise(normal))
    assert normalise_fragments(normal) == normal
    assert normalise_fragments(tuple(reversed(ranges))) == normal


def test_touching_fragments_are_one() -> None:
    assert normalise_fragments(((5, 8), (0, 3), (3, 5), (20, 21))) == ((0, 8), (20, 21))


def test_ids_are_short_different_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{18}", each) for each in ids)
    times = [each[:9] for each in ids]
    assert times == sorted(times)


def test_the_time_is_utc_with_milliseconds() -> None:
    stamp = now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stamp)
    assert abs(datetime.fromisoformat(stamp) - datetime.now(UTC)) < timedelta(seconds=5)


def test_spans_sort_by_start_then_the_longer_first_then_kind() -> None:
    def span(id_: str, kind: Kind, *ranges: tuple[int, int]) -> Span:
        return Span(id=id_, kind=kind, label="x", fragments=ranges)

    inner = span("1", Kind.ENTITY, (4, 8))
    outer = span("2", Kind.CLAIM, (4, 9), (20, 22))
    actor = span("9", Kind.ACTOR, (4, 8))
    first = span("0", Kind.ENTITY, (0, 1))
    assert sorted([inner, outer, actor, first], key=lambda each: each.order) == [first, outer, actor, inner]
    assert (outer.start, outer.end) == (4, 22)


def test_only_what_belongs_to_nobody_is_a_suggestion() -> None:
    assert Span(id="1", kind=Kind.CUE, label="Cue", fragments=((0, 1),)).is_suggestion
    assert not Relation(id="1", type="about", head="2", tail="3", annotator="ana").is_suggestion

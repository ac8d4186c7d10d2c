"""Lanes and ports of the margins."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from annotator.ui.canvas.margin import Lanes, Place, Ports

places = st.tuples(st.integers(0, 6), st.integers(0, 3))
reaches = st.tuples(places, places).map(lambda two: (min(two), max(two)))
names = st.sampled_from("abcdefgh")
steps = st.lists(st.tuples(names, st.none() | reaches), max_size=25)


def assert_apart(lanes: Lanes) -> None:
    assert lanes.lane.keys() == lanes.span.keys()
    for one, other in combinations(lanes.lane, 2):
        if lanes.lane[one] == lanes.lane[other]:
            (low, high), (begin, end) = lanes.span[one], lanes.span[other]
            assert high < begin or end < low


@given(st.dictionaries(names, reaches))
def test_packed_lanes_never_overlap_and_leave_none_empty(items: dict[str, tuple[Place, Place]]) -> None:
    lanes = Lanes()
    lanes.pack(items)
    assert lanes.span == items
    assert_apart(lanes)
    assert set(lanes.lane.values()) == set(range(len(set(lanes.lane.values()))))


@given(steps)
def test_adding_and_removing_keeps_the_others_where_they_are(
    drawn: list[tuple[str, tuple[Place, Place] | None]],
) -> None:
    lanes, there = Lanes(), {}
    for name, reach in drawn:
        others = {each: lane for each, lane in lanes.lane.items() if each != name}
        if reach is None:
            lanes.discard(name)
            there.pop(name, None)
        else:
            lanes.add(name, *reach)
            there[name] = reach
        assert {each: lane for each, lane in lanes.lane.items() if each != name} == others
        assert lanes.span == there
        assert_apart(lanes)


def test_short_ones_are_innermost_and_an_item_takes_the_first_free_lane() -> None:
    lanes = Lanes()
    lanes.pack({"long": ((0, 0), (9, 0)), "short": ((3, 0), (3, 1)), "other": ((5, 0), (6, 0))})
    assert lanes.lane == {"short": 0, "other": 0, "long": 1}
    lanes.add("new", (3, 1), (4, 0))
    assert lanes.lane["new"] == 2
    lanes.discard("short")
    lanes.add("late", (3, 0), (4, 9))
    assert lanes.lane["late"] == 0


@given(st.lists(st.tuples(names, st.none() | st.tuples(places, places)), max_size=25))
def test_ports_after_any_edits_are_those_of_a_fresh_start(
    drawn: list[tuple[str, tuple[Place, Place] | None]],
) -> None:
    ports, there = Ports(6.0, 18.0), {}
    for name, ends in drawn:
        if ends is None:
            ports.discard(name)
            there.pop(name, None)
        else:
            ports.add(name, *ends)
            there[name] = ends
    fresh = Ports(6.0, 18.0)
    for name, ends in there.items():
        fresh.add(name, *ends)
    assert ports.ends == fresh.ends == there
    assert ports.moved == fresh.moved
    assert ports.moved.keys() == {(name, is_head) for name in there for is_head in (True, False)}


def test_ends_on_one_line_are_fanned_out_evenly_within_their_room() -> None:
    ports = Ports(6.0, 18.0)
    here, there = (1, 0), [(2, 0), (3, 0), (4, 0)]
    for nth, tail in enumerate(there):
        ports.add(str(nth), here, tail)
    assert [ports.moved[str(nth), True] for nth in range(3)] == [-6.0, 0.0, 6.0]
    assert all(ports.moved[str(nth), False] == 0.0 for nth in range(3))
    for nth in range(3, 19):
        ports.add(str(nth), here, (9, nth))
    spread = [ports.moved[str(nth), True] for nth in range(19)]
    assert max(spread) - min(spread) <= 18.0 + 1e-9


def test_both_ends_may_lie_on_one_line() -> None:
    ports = Ports(6.0, 18.0)
    ports.add("a", (1, 0), (1, 0))
    assert sorted(ports.moved.values()) == [-3.0, 3.0]
    ports.discard("a")
    assert not ports.moved

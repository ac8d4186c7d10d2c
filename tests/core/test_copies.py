"""Near-duplicates are found, and different stories of one event are not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.copies import FEWEST, LEAST, Copies, resemblance, shingles, sketch
from annotator.runtime.resources import seeds_folder

SAMPLE = (seeds_folder() / "us-urges-iran-drone-sales.txt").read_text(encoding="utf-8")
SEEDS = [path.read_text(encoding="utf-8") for path in sorted(seeds_folder().glob("*.txt"))]
OTHER = """Tehran rejects American drone demand

The US has asked Iran to stop selling drones to Russia, the Financial Times reported. Officials of both
countries met in Qatar for talks that also touched on prisoners and frozen funds. Washington worries that
the drones are used in the war in Ukraine. Iran has denied that it supplies Moscow with drones for the war.
"""
RANDOM = Random(7)
WORDS = ["".join(RANDOM.choices("abcdefghijklmno", k=RANDOM.randint(2, 9))) for _ in range(3_000)]


def groups_of(texts: Iterable[str], least: float = LEAST) -> list[tuple[list[int], float]]:
    copies = Copies(least)
    for text in texts:
        copies.add(text)
    return copies.groups()


def story(paragraphs: int = 10) -> list[str]:
    return [" ".join(RANDOM.choices(WORDS, k=60)) + "." for _ in range(paragraphs)]


def exact(one: str, other: str) -> float:
    """The same by Python's own sets."""

    def seen(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z0-9]+", text.casefold())
        return {tuple(words[nth : nth + 5]) for nth in range(max(1, len(words) - 4))}

    return len(seen(one) & seen(other)) / len(seen(one) | seen(other))


def test_wire_copy_is_found_whatever_stands_around_it() -> None:
    body = story()
    copies = {
        "headline": "\n\n".join(["Something else entirely", *body]),
        "dateline": "\n\n".join([f"BERLIN (AP) — {body[0]}", *body[1:]]),
        "ending": "\n\n".join([*body[:-1], " ".join(RANDOM.choices(WORDS, k=60))]),
        "quotes": "\n".join(body).replace(" a", " “a").replace("e ", "e” ").upper(),
        "shorter": "\n\n".join(body[:-2]),
    }
    for what, text in copies.items():
        found = Copies()
        found.add("\n\n".join(["The headline of it", *body]))
        pairs = found.add(text)
        assert pairs, what
        assert pairs[0].like == 0


def test_the_sample_article_is_found_under_another_headline() -> None:
    lines = SAMPLE.split("\n")
    copy = "\n".join(["Washington asks Tehran to stop drone sales", *lines[2:]])
    assert groups_of([*SEEDS, copy, OTHER]) == [([0, len(SEEDS)], pytest.approx(exact(SAMPLE, copy)))]
    assert exact(SAMPLE, OTHER) < LEAST / 3


def test_different_stories_are_not_copies() -> None:
    assert groups_of([*SEEDS, OTHER, "", " \n", "…", "Short.", "Other."]) == []


@pytest.mark.parametrize("share", [0.95, 0.85, 0.75, 0.5])
def test_similarity_is_exact(share: float) -> None:
    words = RANDOM.choices(WORDS, k=600)
    one = " ".join(words)
    kept = int(len(words) * share)
    other = " ".join([*words[:kept], *RANDOM.choices(WORDS, k=600 - kept)])
    assert resemblance(shingles(one), shingles(other)) == pytest.approx(exact(one, other))
    alike = (sketch(shingles(one)) == sketch(shingles(other))).mean()
    assert alike == pytest.approx(exact(one, other), abs=0.2)


def test_groups_hold_all_copies_and_name_the_weakest_link() -> None:
    body = story(20)
    texts = ["\n".join(body), "\n".join(story()), "\n".join(body[1:]), "\n".join(body[:-2]), "\n".join(body)]
    ((numbers, least),) = groups_of(texts)
    assert numbers == [0, 2, 3, 4]
    assert LEAST <= least < 0.97
    assert groups_of(texts, least=0.99) == [([0, 4], 1.0)]


def test_many_copies_of_one_text_cost_no_more_than_others() -> None:
    copies = Copies()
    for nth in range(300):
        copies.add(f"{SAMPLE}\n{nth}")
    ((numbers, _),) = copies.groups()
    assert len(numbers) == 300
    assert len(copies.pairs) < 5 * 300


def test_other_scripts() -> None:
    chinese = "美国要求伊朗停止向俄罗斯出售无人机，双方官员在卡塔尔举行了会谈。" * 3
    third = "完全不同的文章，讲的是足球比赛和天气。"
    assert groups_of([chinese + "新的结尾。", "标题。" + chinese, third])[0][0] == [0, 1]
    arabic = " ".join(["طلبت", "الولايات", "المتحدة", "من", "إيران", "وقف", "بيع", "الطائرات", "لروسيا"] * 3)
    assert resemblance(shingles(arabic), shingles(arabic + " 😀")) > 0.6


def test_long_texts_are_hashed_in_pieces() -> None:
    words = RANDOM.choices(WORDS, k=40_000)
    one, other = " ".join(words), " ".join(["new", *words[1:]])
    assert resemblance(shingles(one), shingles(other)) > 0.98


def test_there_is_no_randomness() -> None:
    assert shingles("One two three four five six.").tolist() == [116935291166877750, 16703919683124689128]
    assert shingles("A b c d e f").tolist() == shingles("a, B – c: “d” e!\n\nF.").tolist()


@given(st.lists(st.text(max_size=90), max_size=6))
def test_any_text_will_do(texts: list[str]) -> None:
    groups = groups_of(texts)
    seen = [number for numbers, _ in groups for number in numbers]
    assert len(seen) == len(set(seen))
    for numbers, least in groups:
        assert numbers == sorted(numbers)
        assert LEAST <= least <= 1


@given(st.text(min_size=1))
def test_equal_texts_are_copies(text: str) -> None:
    assert resemblance(shingles(text), shingles(text)) in (0.0, 1.0)
    if len(shingles(text * 9)) >= FEWEST:
        assert groups_of([text * 9, text * 9]) == [([0, 1], 1.0)]

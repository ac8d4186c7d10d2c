"""Furniture is found where it is, and real paragraphs are left alone."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.text import paragraphs
from annotator.nlp.furniture import LINE_RULES, LineRule, find_furniture, line_rule


def found(text: str, title: str = "") -> list[str]:
    return [text[start:end] for start, end in find_furniture(text, title)]


def test_the_sample_article_has_exactly_its_furniture(seeds: dict[str, str]) -> None:
    text = seeds["us-urges-iran-drone-sales.txt"]
    title = text.split("\n")[0]
    ranges = find_furniture(text, title)
    lines = text.split("\n")
    expected = [
        nth
        for nth, line in enumerate(lines)
        if nth == 1 or line.startswith(("Also Read:", "Join NewsTrack", "Related News"))
    ]
    assert len(expected) == 6
    assert [paragraphs(text)[nth] for nth in expected] == list(ranges)
    assert ranges[0][0] > 0, "the first occurrence of the title stays"


def test_only_captions_with_credits_are_found_on_wikinews(seeds: dict[str, str]) -> None:
    texts = [text for name, text in seeds.items() if name.startswith("wikinews")]
    assert len(texts) == 12
    credited = re.compile(r"Image: [A-Z][\w /]+\.\s*$")
    for text in texts:
        lines = [text[start:end] for start, end in paragraphs(text)]
        assert found(text, lines[0]) == [line for line in lines if credited.search(line)]


FURNITURE = [
    "X",
    "x · Facebook · Email",
    "Also Read: Peace Hopes Rise",
    "ALSO READ | Who is Rob Malley?",
    "Read also: Talks in Doha resume",
    "Read More: Talks in Doha resume",
    "Read more",
    "Read more about the talks in Doha",
    "Read the full story here",
    "See also: The 2015 deal",
    "• Related: The 2015 deal",
    "Related Articles: The 2015 deal",
    "Must Read - The 2015 deal",
    "WATCH: Malley in Doha",
    "Don’t miss: Malley in Doha",
    "Join NewsTrack Whatsapp group",
    "👉 Join our Telegram channel for instant updates",
    "Click here to join our WhatsApp channel",
    "Follow us on Twitter and Facebook",
    "Follow The Daily Post on Google News for the latest.",
    "Like us on Facebook",
    "Related Stories",
    "You may also like",
    "Most read",
    "Photo: Ana Ruiz",
    "(Photo by Ana Ruiz/Getty Images)",
    "Malley arrives in Doha on Monday. Photo: Ana Ruiz / AFP",
    "The first competition was held in Washington D.C. Image: United States Navy.",
    "Malley in Doha. Ana Ruiz/Getty Images",
    "AP Photo/J. Doe, File",
    "REUTERS/Ana Ruiz",
    "Getty Images",
    "Image credit: Shutterstock",
    "File photo of Rob Malley",
    "Advertisement",
    "— ADVERTISEMENT —",
    "Sponsored content",
    "Story continues below advertisement",
    "Subscribe to our newsletter",
    "Sign up for our free daily newsletter and never miss a story",
    "Get the day’s news in your inbox",
    "Share this:",
    "Share on Facebook",
    "Facebook Twitter WhatsApp Email Print",
    "12 Comments",
    "Leave a comment",
    "© 2023 NewsTrack. All rights reserved.",
    "Copyright 2023 The Associated Press. All rights reserved.",
    "Click here for more news from Iran",
    "To read the report, click here.",
    "Tags: Iran, drones, Russia",
    "Topics",
    "We use cookies to improve your experience on our site.",
    "Accept all cookies",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_lines_are_found(line: str) -> None:
    text = f"A title\n\nA paragraph.\n\n{line}\n\nAnother paragraph."
    assert found(text) == [line]


REAL = [
    "Related to this, the minister said that talks would go on.",
    "Read aloud by the judge, the verdict took an hour.",
    "More stories like this one are needed, she said.",
    "Join us or fall behind, the minister told the delegates from the other side of the river.",
    "Join the group of nations, he urged in a speech to the parliament in Doha on Tuesday evening.",
    "“Join our Telegram channel,” the group told its followers, “and bring your friends.”",
    "Like many others, she posted the picture on Instagram.",
    "Following the attack, the army moved on Facebook groups that had called for it.",
    "Photo-sharing app Instagram said on Monday it would hide likes.",
    "Photographs by Ansel Adams fetched a million dollars at an auction.",
    "Images by satellite showed trenches along the river.",
    "He described the image: a burning car in an empty street.",
    "The court adjourned to Monday. (Reuters)",
    "The agency that broke the story was Reuters.",
    "Getty Images sued the company over its use of pictures.",
    "AP reported that the talks had failed.",
    "Advertisement revenue fell by ten percent in March.",
    "Subscribers of the paper will get their money back.",
    "Share prices fell on Monday.",
    "Print sales have halved since 2010.",
    "Copyright law in the European Union is about to change.",
    "Category 5 storms have become more frequent.",
    "Topics of the talks were sanctions and drones.",
    "We baked cookies for the soldiers at the gate, she said.",
    "The site uses cookies made of almonds in its bakery, the owner joked, and then she laughed for a while.",
    "Comments made by the minister caused an outcry.",
    "Watch the skies, the astronomer advised.",
    "Twitter sacked half of its staff on Friday.",
    '"Cool clock, Ahmed. Want to bring it to the White House?"',
    "Disney",
    "Video games, movies, and more",
    "Displays of charity at event",
]


@pytest.mark.parametrize("line", REAL)
def test_real_paragraphs_are_left_alone(line: str) -> None:
    assert line_rule(line) is None


@pytest.mark.parametrize("line", FURNITURE)
def test_a_long_paragraph_is_never_furniture(line: str) -> None:
    rest = " and so the talks went on, as the ministers had said they would" * 8
    assert line_rule(f"{line}{rest}.") is None


def test_a_repeated_title_is_compared_without_case_space_and_punctuation() -> None:
    text = "US urges Iran:  stop!\nBy Ana\nUS URGES IRAN – STOP\n\nUS urges Iran to stop.\n"
    assert found(text, "US urges Iran: stop!") == ["US URGES IRAN – STOP"]
    assert found(text) == ["US URGES IRAN – STOP"]


def test_a_title_that_comes_again_further_down_stays() -> None:
    text = "\n\n".join(["Vote now", *(f"Paragraph {n}." for n in range(8)), "Vote now"])
    assert found(text, "Vote now") == []


def test_a_title_is_never_furniture_itself() -> None:
    assert found("Watch: the skies\n\nA paragraph.") == []
    assert found("Advertisement\nWatch: the skies\n\nA paragraph.", "Watch: the skies") == [
        "Advertisement",
        "Watch: the skies",
    ]


def test_related_news_takes_the_titles_after_it_to_the_end() -> None:
    tail = ["Related News", "Putin and Xi meet in Moscow", "Qatar: talks go on", "Also Read: Grain deal ends"]
    text = "A title\n\nA paragraph.\n\n" + "\n".join(tail)
    assert found(text) == tail


def test_related_news_in_the_middle_takes_only_itself() -> None:
    text = "A title\n\nRelated News\n\nPutin and Xi meet\n\nThe article goes on with a sentence."
    assert found(text) == ["Related News"]


@given(st.text(st.sampled_from("aZ .:\n\n\u2028\xa0😀©'()/|-"), max_size=200))
def test_ranges_are_whole_lines_in_order(text: str) -> None:
    lines = set(paragraphs(text))
    ranges = find_furniture(text, "")
    assert set(ranges) <= lines
    assert list(ranges) == sorted(ranges)
    assert all(text[start:end].strip() for start, end in ranges)


@given(st.sampled_from(["share ", "x ", "join our ", "follow us ", "© ", "image: A"]), st.integers(1, 200))
def test_no_rule_takes_long_over_a_line(word: str, times: int) -> None:
    line_rule(word * times)
    line_rule(word * times + "!")


def test_lines_that_could_end_in_many_ways_take_no_longer() -> None:
    lines = (
        "subscribe " + "a " * 20 + "app " * 7 + "-" * 100 + "x",
        "follow us " + "on " * 15 + "x " * 35 + ".-x",
    )
    begun = process_time()
    assert [line_rule(line) for line in lines * 25] == [None] * 50
    assert process_time() - begun < 0.1


@pytest.mark.parametrize("rule", LINE_RULES, ids=lambda rule: rule.name)
@settings(max_examples=10, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_is_seen_before_a_pattern_is_tried_excludes_nothing(rule: LineRule, data: st.DataObject) -> None:
    """That a rule's beginnings, marks and ends are those of all lines that its pattern matches."""
    line = data.draw(st.from_regex(rule.pattern)).split("\n")[0].strip()
    line = re.sub("reserved", "reserved", line, flags=re.IGNORECASE)  # of which other cases are ignored
    if line and len(line) <= rule.limit and rule.pattern.match(line):
        assert line_rule(line) is not None


def test_every_rule_has_a_name_and_a_reason() -> None:
    assert len({rule.name for rule in LINE_RULES}) == len(LINE_RULES)
    assert all(rule.reason.endswith((".", "”")) for rule in LINE_RULES)

"""Status, flag, note and furniture of an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.commands import SetFlag, SetNote, SetStatus, ToggleFurniture
from annotator.core.commands.articles import paragraph_at
from annotator.core.errors import RuleError
from annotator.core.model import Fragments, Progress, Status, normalise_fragments
from annotator.core.records import replace
from annotator.core.text import paragraphs


def test_status_flag_and_note(table: Any) -> None:
    table.run(SetFlag(True))
    assert table.page.progress == Progress(Status.NEW, True, None)
    table.run(SetNote("again tomorrow"))
    table.run(SetStatus(Status.DONE))
    assert table.page.progress == Progress(Status.DONE, True, "again tomorrow")
    assert table.title == "Mark as done"
    assert not table.run(SetStatus(Status.DONE))
    assert not table.run(SetFlag(True))
    assert not table.run(SetNote("again tomorrow"))
    table.run(SetNote(""))
    table.run(SetFlag(False))
    table.run(SetStatus(Status.NEW))
    assert table.page.progress == Progress()


def test_a_paragraph_is_toggled_as_a_whole(table: Any) -> None:
    start, end = table.at("Also Read: Something else")
    table.run(ToggleFurniture(start + 5))
    assert table.page.article.furniture == ((start, end),)
    assert table.title == "Mark the paragraph as furniture"
    table.run(ToggleFurniture(end))
    assert table.page.article.furniture == ()
    assert table.title == "Back to the article"


def test_an_empty_line_is_no_paragraph(table: Any) -> None:
    for offset in (table.at("\n\n")[0] + 1, len(table.page.text), 9999):
        with pytest.raises(RuleError, match="no paragraph here"):
            table.run(ToggleFurniture(offset))


def test_taking_a_paragraph_out_of_a_longer_range_keeps_the_rest(table: Any) -> None:
    page = table.page
    page.article = replace(page.article, furniture=((0, len(page.text)),))
    start, end = paragraph_at(page.text, table.at("Malley")[0])
    table.run(ToggleFurniture(start))
    assert page.article.furniture == ((0, start), (end, len(page.text)))
    assert not page.in_furniture(start, end)


@given(st.text("ab \n", min_size=1, max_size=30), st.data())
def test_toggling_twice_dims_what_was_dimmed(
    make_page: Callable[[str, Fragments], Any], text: str, data: st.DataObject
) -> None:
    lines = [each for each in paragraphs(text) if text[slice(*each)].strip()]
    if not lines:
        return
    table = make_page(text, normalise_fragments(tuple(data.draw(st.lists(st.sampled_from(lines))))))

    def dimmed() -> set[int]:
        return {nth for low, high in table.page.article.furniture for nth in range(low, high)}

    before = dimmed()
    start, end = data.draw(st.sampled_from(lines))
    offset = data.draw(st.integers(start, end))
    table.run(ToggleFurniture(offset))
    assert dimmed() == before ^ set(range(start, end))
    table.run(ToggleFurniture(offset))
    assert dimmed() == before

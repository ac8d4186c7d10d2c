"""One line that says what, where and what to do."""

from __future__ import annotations

import pytest

from annotator.core.errors import AnnotatorError, InputError, ModelError, Problem, ProjectError, RuleError


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("it is empty"), "it is empty."),
        (Problem("it is empty", "news.txt"), "news.txt: it is empty."),
        (Problem("it is empty.", "a.txt", "Leave it out."), "a.txt: it is empty. Leave it out."),
        (Problem("two\n  lines", "a.txt\n, line 3"), "a.txt , line 3: two lines."),
    ],
)
def test_a_problem_is_one_line(problem: Problem, line: str) -> None:
    assert str(problem) == line


@pytest.mark.parametrize("kind", [InputError, ProjectError, RuleError, ModelError])
def test_an_error_carries_its_problem(kind: type[AnnotatorError]) -> None:
    error = kind("it is gone", where="x.annot", cure="Choose another")
    assert error.problem == Problem("it is gone", "x.annot", "Choose another")
    assert str(error) == "x.annot: it is gone. Choose another."
    assert isinstance(error, AnnotatorError)


def test_what_is_quoted_of_a_file_is_short_and_harmless_on_a_terminal() -> None:
    line = str(Problem("the key “\x1b]0;x\x07\u202e" + "y" * 100_000 + "” is unknown"))
    assert len(line) < 1_010
    assert not {"\x1b", "\x07", "\u202e"} & set(line)

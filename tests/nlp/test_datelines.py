"""Datelines, and paragraphs that only look as if they had one."""

from __future__ import annotations

import pytest

from annotator.nlp.datelines import dateline_end

CITIES = {"Washington", "London", "New Delhi"}


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("WASHINGTON (Reuters) - The Senate", "WASHINGTON (Reuters) - "),
        ("Washington: Recent reports", "Washington: "),
        ("LONDON — The minister", "LONDON — "),
        ("NEW DELHI, March 3 — The minister", "NEW DELHI, March 3 — "),
        ("CONCORD, N.H. (AP) — The governor", "CONCORD, N.H. (AP) — "),
        ("Trump: I won", ""),
        ("Biden — who won — said", ""),
        ("The plan (Plan B) was dead - and gone", ""),
        ("NATO - the alliance - said", ""),
        ("WASHINGTON said", ""),
        ("", ""),
    ],
)
def test_datelines_end_where_the_report_begins(text: str, dateline: str) -> None:
    assert text[: dateline_end(text, CITIES)] == dateline

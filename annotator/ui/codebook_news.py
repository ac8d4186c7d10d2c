"""What the window says when somebody else, or another program, has changed the project's codebook."""

from __future__ import annotations

from annotator.core.reports import CodebookNews

_DONE = {
    "do": "changed the codebook",
    "undo": "took back a change of the codebook",
    "redo": "changed the codebook again",
}


def sentence_of(news: CodebookNews, annotator: str) -> str:
    """Who changed it and what they did, what went of the annotator's labels, and the way back."""
    version = news.version
    here = version.annotator == annotator
    who = version.annotator or "Somebody"
    done = _DONE[version.action if version.action in _DONE else "do"]
    where = ", in another window or program" if here else ""
    said = f"{f'You ({who})' if here else who} {done}{where}: “{version.title}”."
    if news.removed or news.carried:
        numbers = [(news.removed, "removed"), (news.carried, "carried along")]
        parts = [
            f"{number:,} {'was' if number == 1 else 'were'} {verb}" for number, verb in numbers if number
        ]
        said += f" Of your labels, {' and '.join(parts)}."
    if version.action != "undo":
        them = "it" if not news.removed else "it, which brings back what was removed"
        said += f" {'You' if here else who} can undo {them}."
    return said

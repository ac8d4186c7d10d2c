"""Actions (keys, clicks, drags) that the gold labelling of the sample article takes, beside other tools."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from effort import gold, session
from effort.hands import Keyboard, Mouse
from effort.others import TOOLS, Needs, total


def run() -> list[tuple[str, str]]:
    """Label by keyboard alone and by mouse alone, without and with suggestions; then the others' counts."""
    folder = Path(tempfile.mkdtemp(prefix="annotator-effort-"))
    os.environ["ANNOTATOR_HOME"] = str(folder / "home")
    rows: list[tuple[str, str]] = []
    lines = []
    needs = Needs(0, 0, 0, 0)
    for suggestions in (False, True):
        for hand in (Keyboard, Mouse):
            done = session.run(folder, hand, suggestions=suggestions)
            lines.append(gold.labelled(done.line))
            counts = done.tally.counts
            spans = counts["spans"] + counts["review"]
            values = [each for c in gold.CLAIMS for each in (c.stance, c.form, c.quotation) if each]
            choices = len(values)
            needs = Needs(done.spans, done.relations, choices, len(gold.CLAIMS))
            what = f"{done.hand} alone, {'with' if suggestions else 'without'} suggestions"
            rows.append(
                (
                    what,
                    f"{counts.total() - counts['scrolling']} actions and {counts['scrolling']} to scroll:"
                    f" {spans / done.spans:.1f} a span,"
                    f" {counts['relations'] / done.relations:.1f} a relation,"
                    f" {counts['attributes'] / (needs.choices + needs.categories):.1f} an attribute"
                    + ("" if done.right else " — BUT THE EXPORT IS NOT THE GOLD"),
                )
            )
            rows += [(f"  at most for {piece}", str(most)) for piece, most in done.tally.most.items()]
    same = all(each == lines[0] for each in lines)
    rows.append(("the four exports", f"{'say the same' if same else 'DIFFER'}; they are in {folder}"))
    attributes_in_all = needs.choices + needs.categories
    rows.append(
        ("the gold", f"{needs.spans} spans, {needs.relations} relations, {attributes_in_all} attributes")
    )
    for tool in TOOLS:
        spans, relations, attributes = total(tool, needs)
        parts = [f"{spans:.0f} for spans ({tool.how_span})"]
        drawn = "no" if relations is None else f"{relations:.0f} for"
        parts.append(f"{drawn} relations ({tool.how_relation})")
        parts.append("no attributes of spans" if attributes is None else f"{attributes:.0f} for attributes")
        everything = f"{spans + (relations or 0) + (attributes or 0):.0f}"
        rows.append((f"{tool.name}, from its documentation", f"{everything}: {', '.join(parts)}"))
        rows.append(("", tool.source))
    dna = "statements only: select, right click, type, 2 for each variable, 1 to close; no entities or cues"
    rows.append(("DNA, from its manual", dna))
    rows.append(("", "https://github.com/leifeld/dna"))
    return rows

"""The actions about what the codebook asks for, and about articles that nearly repeat each other.

They stand in the table of :mod:`annotator.ui.actions`.
"""

from __future__ import annotations

from annotator.ui.action_row import ActionRow

ON_LABELS: tuple[ActionRow, ...] = (
    ActionRow(
        "categories",
        "&Label",
        "&Categories",
        ("K",),
        slot="completing.categories",
        help="Go to the categories of the selected claim: type to find one, Enter adds it",
    ),
    ActionRow(
        "next_missing",
        "&Label",
        "What is still &missing",
        ("F2",),
        slot="completing.go",
        help="Go to the first required attribute that is missing; again: to the next",
    ),
)

ON_ARTICLES: tuple[ActionRow, ...] = (
    ActionRow(
        "problems",
        "&Article",
        "Pro&blems…",
        slot="checking.show",
        help="Check the project and list everything that is wrong, each with a way to it",
    ),
    ActionRow(
        "near_duplicates",
        "&Article",
        "Near-&duplicates…",
        slot="twins.show",
        help="List articles that nearly repeat each other, and copy labels between them as suggestions",
    ),
)

ON_HELP: tuple[ActionRow, ...] = (
    ActionRow(
        "guideline",
        "&Help",
        "&Guideline of the label",
        ("F1",),
        slot="guiding.show",
        help="Read what the codebook says about the label or attribute that is pointed at or selected",
    ),
)

"""The actions about actor records. They stand in the table of :mod:`annotator.ui.actions`."""

from __future__ import annotations

from annotator.ui.action_row import ActionRow

LINKING: tuple[ActionRow, ...] = (
    ActionRow(
        "identity",
        "&Label",
        "Link with an actor record…",
        ("I",),
        slot="identities.ask",
        separator=True,
        help="Say who the selected actor is: find its record by name or alias, or make a new one",
    ),
    ActionRow(
        "accept_identity",
        "&Label",
        "Link as proposed",
        ("Shift+I",),
        slot="identities.accept_proposal",
        help="Link the selected actor with the record that is proposed for it",
    ),
    ActionRow(
        "unlink",
        "&Label",
        "Unlink the actor record",
        slot="identities.unlink",
        help="Take the selected actor's link with its record away",
    ),
)

RECORDS: tuple[ActionRow, ...] = (
    ActionRow(
        "actors",
        "&Article",
        "Act&ors…",
        ("Ctrl+Shift+A",),
        slot="identities.show_window",
        help="Every actor record of the project: names, aliases, attributes, mentions, merging and splitting",
    ),
)

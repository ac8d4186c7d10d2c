"""What the same gold takes in other tools, counted from their documentation; nothing here was measured.

Each count is the shortest way that the documentation describes for a practised person: one action is a
key, a click or a drag, as for our own hands; scrolling, mistakes and changing to another layer or mode
are left out, and a label or type is counted only where it has to be chosen each time.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """Actions per span, per relation and per attribute; None where the tool has no such thing."""

    name: str
    span: float
    how_span: str
    relation: float | None
    how_relation: str
    choice: float | None
    """Actions for an attribute with a few choices."""
    category: float | None
    """Actions for one category of a tree."""
    source: str
    once: int = 0
    """Actions once for the whole article: each label and type chosen once, where it stays chosen."""


TOOLS = (
    Tool(
        "Prodigy",
        1,
        "drag; the label stays chosen",
        2,
        "click the head, click the child; the type stays chosen",
        None,
        None,
        "https://prodi.gy/docs/dependencies-relations",
        once=10 + 5 + 2,
    ),
    Tool(
        "Label Studio",
        2,
        "key of the label, drag",
        6,
        "select a region, Create Relation, select the other; then its menu, the list of labels, one of them",
        1,
        2,
        "https://labelstud.io/guide/labeling (Add relations between annotations)",
    ),
    Tool(
        "doccano",
        2,
        "drag, choose the label",
        3,
        "click one span, click the other, choose the type",
        None,
        None,
        "https://doccano.github.io/doccano/tutorial/",
    ),
    Tool(
        "brat",
        3,
        "drag; in the dialog choose the type, OK",
        3,
        "drag from span to span; in the dialog choose the type, OK",
        2,
        2,
        "https://brat.nlplab.org/manual.html",
    ),
    Tool(
        "INCEpTION",
        3,
        "drag; open the list of values, choose",
        3,
        "drag from span to span; open the list of values, choose",
        2,
        2,
        "https://inception-project.github.io/releases/35.0/docs/user-guide.html (Annotation)",
    ),
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What the gold consists of."""

    spans: int
    relations: int
    choices: int
    categories: int


def total(tool: Tool, needs: Needs) -> tuple[float, float | None, float | None]:
    """Actions for the spans, the relations and the attributes; None for what the tool cannot hold."""
    spans = tool.span * needs.spans + tool.once
    relations = None if tool.relation is None else tool.relation * needs.relations
    attributes = None
    if tool.choice is not None and tool.category is not None:
        attributes = tool.choice * needs.choices + tool.category * needs.categories
    return spans, relations, attributes

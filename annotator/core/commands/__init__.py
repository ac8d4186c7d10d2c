"""One small class per verb of labelling. A command plans a change set; it changes nothing itself."""

from annotator.core.commands.actors import LinkActor
from annotator.core.commands.articles import SetFlag, SetNote, SetStatus, ToggleFurniture
from annotator.core.commands.attributes import SetAttribute, SetLabelNote
from annotator.core.commands.base import Command, Desk
from annotator.core.commands.decisions import Accept, AcceptRelation, Reject, RejectRelation
from annotator.core.commands.propose import Propose
from annotator.core.commands.relations import (
    DeleteRelation,
    DrawRelation,
    FlipRelation,
    RetypeRelation,
)
from annotator.core.commands.spans import DeleteSpan, MakeSpan, MoveEdges, Relabel

__all__ = [
    "Accept",
    "AcceptRelation",
    "Command",
    "DeleteRelation",
    "DeleteSpan",
    "Desk",
    "DrawRelation",
    "FlipRelation",
    "LinkActor",
    "MakeSpan",
    "MoveEdges",
    "Propose",
    "Reject",
    "RejectRelation",
    "Relabel",
    "RetypeRelation",
    "SetAttribute",
    "SetFlag",
    "SetLabelNote",
    "SetNote",
    "SetStatus",
    "ToggleFurniture",
]

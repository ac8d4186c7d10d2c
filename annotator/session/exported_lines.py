"""What an export writes of an article: its labels as they can be drawn, and its tokens."""

from __future__ import annotations

from annotator.core.codebook import Codebook
from annotator.core.model import State
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace


def as_exported(labels: ArticleLabels, codebook: Codebook, *, tokens: bool = True) -> ArticleLabels:
    """A line as the project has it, made ready to be written; with tokens unless nobody looks at them."""
    lawful = _lawful(labels, codebook)
    return _with_tokens(lawful) if tokens else lawful


def _with_tokens(labels: ArticleLabels) -> ArticleLabels:
    """The line with its article's tokens, where there is a span that needs them."""
    if labels.tokens is not None or not labels.spans:
        return labels
    from annotator.nlp.tokenize import tokens_for

    return replace(labels, tokens=tokens_for(labels.article.text, labels.article.language))


def _lawful(labels: ArticleLabels, codebook: Codebook) -> ArticleLabels:
    """The line without suggested relations that cannot be drawn any more.

    Their ends may have become spans of another kind, or one and the same span.
    """
    if all(each.state == State.ACCEPTED for each in labels.relations):
        return labels
    kinds = {span.id: span.kind for span in labels.spans}
    kept = []
    for each in labels.relations:
        rule = codebook.relation_type(each.type)
        head, tail = kinds.get(each.head), kinds.get(each.tail)
        allowed = rule is not None and head is not None and tail is not None and rule.allows(head, tail)
        if each.state == State.ACCEPTED or (allowed and each.head != each.tail):
            kept.append(each)
    return replace(labels, relations=tuple(kept))

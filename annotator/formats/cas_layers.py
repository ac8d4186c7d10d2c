"""The type system that our CAS files have: INCEpTION's own types, our layers, and one for the article."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from annotator.formats.uima_layers import (
    ACTOR,
    ACTOR_ID,
    FRAGMENTS,
    KIND,
    LABEL,
    NOTE,
    RELATION,
    SOURCE,
    SPAN,
    TARGET,
    Scheme,
)

if TYPE_CHECKING:
    from cassis import TypeSystem

TOKEN = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token"
SENTENCE = "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence"
DOCUMENT = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
ARTICLE = "webanno.custom.Article"
"""What else is known of the article and of the work on it; INCEpTION has such layers for documents."""
ARTICLE_FEATURES = (
    "external_id", "publisher", "author", "url", "published", "language", "meta", "furniture", "annotator",
    "status", "flagged", "note",
)  # fmt: skip
_DOCUMENT_FEATURES = ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri")
_STRING, _STRINGS, _ANNOTATION = "uima.cas.String", "uima.cas.StringArray", "uima.tcas.Annotation"


def type_system_of(scheme: Scheme, *, lists: bool = True) -> TypeSystem:
    """The type system for a codebook's scheme. ``lists``: attributes with several values are arrays."""
    from cassis import TypeSystem

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        types = TypeSystem()
        types.create_type(TOKEN, _ANNOTATION)
        types.create_type(SENTENCE, _ANNOTATION)
        made = types.create_type(DOCUMENT, "uima.tcas.DocumentAnnotation")
        for name in _DOCUMENT_FEATURES:
            types.create_feature(made, name, _STRING)
        span = types.create_type(SPAN, _ANNOTATION, "Labels of Annotator")
        for name in (KIND, LABEL):
            types.create_feature(span, name, _STRING)
        for attribute, feature in scheme.of_spans.items():
            several = lists and attribute in scheme.lists
            types.create_feature(span, feature, _STRINGS if several else _STRING, description=attribute)
        for name in (ACTOR, ACTOR_ID, NOTE, FRAGMENTS):
            types.create_feature(span, name, _STRING)
        relation = types.create_type(RELATION, _ANNOTATION, "Relations of Annotator")
        types.create_feature(relation, SOURCE, SPAN)
        types.create_feature(relation, TARGET, SPAN)
        types.create_feature(relation, LABEL, _STRING)
        for attribute, feature in scheme.of_relations.items():
            several = lists and attribute in scheme.lists
            types.create_feature(relation, feature, _STRINGS if several else _STRING, description=attribute)
        types.create_feature(relation, NOTE, _STRING)
        article = types.create_type(ARTICLE, "uima.cas.AnnotationBase", "Articles of Annotator")
        for name in ARTICLE_FEATURES:
            types.create_feature(article, name, _STRING)
    return types

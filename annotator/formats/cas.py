"""UIMA CAS, as XMI and as JSON: one file per article, in INCEpTION's layers.

XMI needs the type system beside it; JSON has it within. A span of several fragments, which a CAS does not
have, is one annotation from its first to its last one, and names them in a feature of its own.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from annotator.core.model import Progress
from annotator.core.ports import ArticleLabels
from annotator.core.text import Utf16Map
from annotator.formats.base import Format
from annotator.formats.cas_layers import ARTICLE, ARTICLE_FEATURES, DOCUMENT, SENTENCE, TOKEN, type_system_of
from annotator.formats.cas_reader import read_json, read_xmi
from annotator.formats.cas_source import type_system_names
from annotator.formats.losing import Held, cannot_hold, count_common
from annotator.formats.offsets import Unit
from annotator.formats.output import Losses, Output
from annotator.formats.source import Source
from annotator.formats.uima_layers import (
    FRAGMENTS,
    RELATION,
    SOURCE,
    SPAN,
    TARGET,
    TYPE_SYSTEM,
    Scheme,
    as_text,
    named_lines,
    sentences_of,
)

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

_HOLDS = frozenset(
    (Held.RELATIONS, Held.OVERLAPS, Held.DISCONTINUOUS, Held.SPAN_ATTRIBUTES, Held.RELATION_ATTRIBUTES,
     Held.ACTORS, Held.SPAN_NOTES, Held.RELATION_NOTES, Held.ARTICLE_NOTES, Held.FLAGS, Held.STATUSES,
     Held.ANNOTATORS, Held.TITLES, Held.METADATA, Held.FURNITURE)
)  # fmt: skip
_BEYOND_XML = "articles with characters that XML does not have"
_VALUES_BEYOND = "values with characters that XML does not have"
# What XML 1.0 leaves out (section 2.2); a set of all that it has would take Python ten times as long to make.
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xmi(lines: Iterable[ArticleLabels], output: Output) -> None:
    """Write each line as an XMI file of its own, and their type system once."""
    assert output.file is not None
    scheme = Scheme.of(output.codebook)
    types = type_system_of(scheme)
    for name, labels in named_lines(lines):
        if _NOT_XML.search(labels.article.text):
            output.losses.add(_BEYOND_XML)
            continue
        held = count_common(labels, output.losses, _HOLDS)
        cas = _cas(held, scheme, types, _clean(output.losses))
        with output.file(f"{name}.xmi") as stream:
            stream.write(cas.to_xmi(pretty_print=False).encode())
    with output.file(TYPE_SYSTEM) as stream:
        stream.write(types.to_xml().encode())


def write_json(lines: Iterable[ArticleLabels], output: Output) -> None:
    """Write each line as a JSON file of its own."""
    assert output.file is not None
    scheme = Scheme.of(output.codebook)
    types = type_system_of(scheme)
    for name, labels in named_lines(lines):
        held = count_common(labels, output.losses, _HOLDS)
        cas = _cas(held, scheme, types, lambda text: text)
        with output.file(f"{name}.json") as stream:
            stream.write(cas.to_json(pretty_print=False).encode())


def _clean(losses: Losses) -> Callable[[str], str]:
    def clean(text: str) -> str:
        made, number = _NOT_XML.subn("\ufffd", text)
        if number:
            losses.add(_VALUES_BEYOND, "written with “\ufffd” for each of them")
        return made

    return clean


def _cas(labels: ArticleLabels, scheme: Scheme, types: TypeSystem, clean: Callable[[str], str]) -> Cas:
    """The line as a CAS; the same line gives the same one."""
    from cassis import Cas

    article = labels.article
    text = article.text
    strings = types.get_type("uima.cas.StringArray")

    def taken(values: dict[str, Any], several: frozenset[str]) -> dict[str, Any]:
        return {
            name: strings(elements=[clean(as_text(each)) for each in value])
            if name in several and isinstance(value, (list, tuple))
            else clean(as_text(value))
            for name, value in values.items()
        }

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cas = Cas(typesystem=types, sofa_string=text, sofa_mime="text/plain")
        about = {
            "documentTitle": article.title, "documentId": article.external_id or article.id,
            "documentUri": article.url, "language": article.language or "x-unspecified",
        }  # fmt: skip
        cas.add(types.get_type(DOCUMENT)(begin=0, end=len(text), **_filled(about, clean)))
        cas.add(types.get_type(ARTICLE)(**_filled(_about(labels), clean)))
        token, sentence = types.get_type(TOKEN), types.get_type(SENTENCE)
        for words in sentences_of(labels):
            cas.add(sentence(begin=words[0][0], end=words[-1][1]))
            for start, end in words:
                cas.add(token(begin=start, end=end))
        actors = {each.id: each for each in labels.actors}
        units = Utf16Map(text)
        made = {}
        span_type, relation_type = types.get_type(SPAN), types.get_type(RELATION)
        for span in sorted(labels.spans, key=lambda each: each.order):
            values = taken(scheme.span_values(span, actors), scheme.span_lists)
            if len(span.fragments) > 1:
                values[FRAGMENTS] = " ".join(
                    f"{units.to_units(start)}-{units.to_units(end)}" for start, end in span.fragments
                )
            made[span.id] = span_type(begin=span.start, end=span.end, **values)
            cas.add(made[span.id])
        for relation in labels.relations:
            tail = made[relation.tail]
            values = taken(scheme.relation_values(relation), scheme.relation_lists)
            values |= {SOURCE: made[relation.head], TARGET: tail}
            cas.add(relation_type(begin=tail.begin, end=tail.end, **values))
    return cas


def _filled(values: dict[str, str | None], clean: Callable[[str], str]) -> dict[str, str]:
    return {name: clean(value) for name, value in values.items() if value}


def _about(labels: ArticleLabels) -> dict[str, str | None]:
    """What the type for articles holds of one, and of the work on it."""
    article, progress = labels.article, labels.progress
    ranges = [list(each) for each in article.furniture]
    values = (
        article.external_id, article.publisher, article.author, article.url, article.published,
        article.language, json.dumps(dict(article.meta)) if article.meta else None,
        json.dumps(ranges) if ranges else None, labels.annotator,
        progress.status if progress != Progress() else None, "true" if progress.flagged else None,
        progress.note,
    )  # fmt: skip
    return dict(zip(ARTICLE_FEATURES, values, strict=True))


def _is_xmi(source: Source) -> bool:
    return b"http://www.omg.org/XMI" in source.head()[:4096]


def _is_json(source: Source) -> bool:
    head = source.head()
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and (
        b'"%FEATURE_STRUCTURES"' in head or b'"%TYPES"' in head
    )


UIMA_XMI = Format(
    name="uima-xmi",
    title="UIMA CAS XMI (INCEpTION)",
    endings=(".xmi",),
    unit=Unit.UTF16,
    cannot_hold=(*cannot_hold(_HOLDS), _BEYOND_XML, _VALUES_BEYOND),
    sniff=_is_xmi,
    read=read_xmi,
    write=write_xmi,
    many=True,
    also=type_system_names,
)
UIMA_JSON = Format(
    name="uima-json",
    title="UIMA CAS JSON (INCEpTION)",
    endings=(".json",),
    unit=Unit.UTF16,
    cannot_hold=cannot_hold(_HOLDS),
    sniff=_is_json,
    read=read_json,
    write=write_json,
    many=True,
    also=lambda _source: (TYPE_SYSTEM,),
)

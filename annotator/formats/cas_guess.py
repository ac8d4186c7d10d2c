"""The type system of an XMI file that came without one, as far as what the file has tells it.

Values are taken as texts. Only what is named as INCEpTION names the ends of relations, the links of chains
and what fills slots is taken as a reference, since any number may look like one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from lxml.etree import _Element

_ID = "{http://www.omg.org/XMI}id"
_BUILT_IN = ("{http:///uima/cas.ecore}", "{http:///uima/tcas.ecore}")
_REFERENCES = frozenset(
    (
        "Governor",
        "Dependent",
        "governor",
        "dependent",
        "source",
        "target",
        "Source",
        "Target",
        "next",
        "first",
    )
)
_TEXT, _TEXTS, _ONE, _LINKS = (
    "uima.cas.String", "uima.cas.StringArray", "uima.tcas.Annotation", "uima.cas.FSArray",
)  # fmt: skip


class _Type(Struct):
    supertype: str = "uima.cas.TOP"
    features: dict[str, str] = {}
    """Feature → its range; a text, once a value of it has been one."""


def guessed_types(root: _Element) -> bytes:
    """A type system's description with the types that an XMI's elements have."""
    from lxml import etree

    by_id = {each.get(_ID): each for each in root}
    types: dict[str, _Type] = {}
    for each in root:
        name = _name(each)
        if not name:
            continue
        made = types.setdefault(name, _Type())
        if name.endswith(".DocumentMetaData"):
            made.supertype = "uima.tcas.DocumentAnnotation"
        elif each.get("begin") is not None:
            made.supertype = _ONE
        elif each.get("sofa") is not None and made.supertype == "uima.cas.TOP":
            made.supertype = "uima.cas.AnnotationBase"
        inherited = {"language"} if made.supertype == "uima.tcas.DocumentAnnotation" else set()
        for feature, held in _features(each, by_id):
            if feature in inherited:
                continue
            if made.features.setdefault(feature, held) != held:
                made.features[feature] = _TEXT
    described = etree.Element("typeSystemDescription")
    listed = etree.SubElement(described, "types")
    for name, made in types.items():
        element = etree.SubElement(listed, "typeDescription")
        etree.SubElement(element, "name").text = name
        etree.SubElement(element, "supertypeName").text = made.supertype
        features = etree.SubElement(element, "features")
        for feature, held in made.features.items():
            one = etree.SubElement(features, "featureDescription")
            etree.SubElement(one, "name").text = feature
            etree.SubElement(one, "rangeTypeName").text = held
    data: bytes = etree.tostring(described)
    return data


def _name(element: _Element) -> str:
    """The name of an element's type; empty for those that every CAS has."""
    tag = str(element.tag)
    if tag.startswith(_BUILT_IN) or not tag.startswith("{http:///"):
        return ""
    package, _, name = tag.removeprefix("{http:///").partition(".ecore}")
    return name if package == "uima/noNamespace" else f"{package.replace('/', '.')}.{name}"


def _features(element: _Element, by_id: dict[str | None, _Element]) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        feature = str(key)
        if feature == _ID or feature in ("sofa", "begin", "end"):
            continue
        others = [by_id.get(part) for part in str(value).split()]
        ends = [each for each in others if each is not None]
        held = _TEXT
        if ends and len(ends) == len(others):
            if feature in _REFERENCES and len(ends) == 1 and ends[0].get("begin") is not None:
                held = _ONE
            elif all(each.get("target") is not None and each.get("begin") is None for each in ends):
                held = _LINKS
        yield feature, held
    for tag in {str(child.tag) for child in element}:
        yield tag, _TEXTS

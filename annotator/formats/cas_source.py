"""CAS files as strangers may have made them: checked, and only then given to dkpro-cassis.

XML is parsed without entities, without a network and without document types. The text is taken out before
the library sees the file, so that its offsets stay as they are in the file: they are brought to the stored
text by :class:`Offsets`. Type systems are bounded, since the library takes time that grows with the square
of a type's features; and their names are checked, since it makes Python code of them.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.text import excerpt
from annotator.formats.cas_guess import guessed_types
from annotator.formats.encoding import decode
from annotator.formats.source import Source
from annotator.formats.uima_layers import TYPE_SYSTEM
from annotator.formats.xml_faults import xml_fault

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem
    from lxml.etree import _Element

LARGEST = 100_000_000
"""Bytes of a file."""
MOST_TYPES, MOST_FEATURES, DEEPEST, MOST_SOFAS = 2_000, 200, 40, 20
MOST_WORK = 400_000
"""The squares of the numbers of features of all types, in sum; INCEpTION's own have about 10,000."""
EXPORT_AGAIN = "Export it again from INCEpTION"
_XMI, _CAS = "{http://www.omg.org/XMI}", "{http:///uima/cas.ecore}"
_UNNAMED = "{http:///uima/noNamespace.ecore}"
"""Of types without a package."""
_NO_TYPES = (
    f"Put the type system that was exported along with it beside it, as {TYPE_SYSTEM}, or export it as "
    "UIMA CAS JSON, which has it within"
)
_RENAMED = "_feature"


class Loaded(Struct, frozen=True):
    """A CAS whose offsets are those of the file, and its text as the file has it."""

    cas: Cas
    view: str
    """The name of the view that has the text."""
    text: str
    others: int = 0
    """Further texts, which are not read."""


def load_xmi(source: Source) -> Loaded:
    """Read an XMI file with the type system beside it. Raises InputError."""
    root = _xml(_bytes(source), source.name)
    if root.tag != f"{_XMI}XMI":
        raise InputError("this XML file is no UIMA CAS XMI", where=source.name, cure=EXPORT_AGAIN)
    types, renamed = _types_beside(source) or _type_system(guessed_types(root), source.name)
    texts: list[tuple[str, str]] = []
    sofas = root.findall(f"{_CAS}Sofa")
    for sofa in sofas:
        text = sofa.attrib.pop("sofaString", None)
        if text is not None:
            texts.append((str(sofa.get("sofaID", "")), str(text)))
    _check_sofas(len(sofas), source.name)
    chosen = _chosen(texts, source.name)
    known = {each.name for each in types.get_types()}
    for tag in {str(element.tag) for element in root}:
        if tag.startswith(_UNNAMED):
            _check_type(tag.removeprefix(_UNNAMED), known, source.name)
    if renamed:
        for element in root.iter():
            for name in renamed & set(element.attrib):
                element.attrib[name + _RENAMED] = element.attrib.pop(name)
            if element.tag in renamed:
                element.tag = f"{element.tag}{_RENAMED}"
    from cassis import load_cas_from_xmi
    from lxml import etree

    data = io.BytesIO(etree.tostring(root))
    cas: Cas = _by_library(lambda: load_cas_from_xmi(data, typesystem=types), source.name)
    return Loaded(cas, *chosen, len(texts) - 1)


def load_json(source: Source) -> Loaded:
    """Read a UIMA CAS JSON file. Raises InputError."""
    import json

    from orjson import JSONDecodeError, loads

    data = _bytes(source)
    if not data.startswith(b"{"):
        data = decode(data, source.name).text.encode()
    try:
        whole = loads(data)
    except JSONDecodeError as error:
        what = "breaks off in the middle" if "unexpected end" in error.msg else f"is no JSON: {error.msg}"
        raise InputError(
            f"the file {what}", where=f"{source.name}, line {error.lineno}", cure=EXPORT_AGAIN
        ) from error
    structures = whole.get("%FEATURE_STRUCTURES") if isinstance(whole, dict) else None
    entries = list(structures.values()) if isinstance(structures, dict) else structures
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise InputError("this JSON file is no UIMA CAS JSON", where=source.name, cure=EXPORT_AGAIN)
    types: TypeSystem | None = None
    if "%TYPES" in whole:
        _check_json_types(whole["%TYPES"], source.name)
        names = {name for each in whole["%TYPES"].values() for name in each if not name.startswith("%")}
        renamed = frozenset(name for name in names if _unusable(name, source.name))
        for each in whole["%TYPES"].values():
            _rename(each, renamed)
    else:
        beside = _types_beside(source)
        if beside is None:
            raise InputError("its type system is missing", where=source.name, cure=_NO_TYPES)
        types, renamed = beside
    known = {each.name for each in types.get_types()} if types is not None else set(whole["%TYPES"])
    texts: list[tuple[str, str]] = []
    sofas = 0
    for each in entries:
        if each.get("%TYPE") == "uima.cas.Sofa":
            sofas += 1
            text = each.pop("sofaString", None)
            if isinstance(text, str):
                texts.append((str(each.get("sofaID", "")), text))
        _rename(each, renamed)
        _check_type(each.get("%TYPE"), known, source.name)
    _check_sofas(sofas, source.name)
    chosen = _chosen(texts, source.name)
    if not isinstance(whole.get("%VIEWS"), dict):
        raise InputError("this UIMA CAS JSON file has no views", where=source.name, cure=EXPORT_AGAIN)
    from cassis import load_cas_from_json

    def load() -> Cas:
        if types is not None:
            return load_cas_from_json(json.dumps(whole), typesystem=types, merge_typesystem=False)
        return load_cas_from_json(json.dumps(whole))

    return Loaded(_by_library(load, source.name), *chosen, len(texts) - 1)


def _check_type(name: Any, known: set[str], where: str) -> None:
    """Raise InputError for a type that is not known by its whole name, which the library seeks for long."""
    plain = name.removesuffix("[]") if isinstance(name, str) else ""
    if plain not in known and not plain.startswith("uima."):
        raise InputError(
            f"its type system has no type “{excerpt(str(name))}”", where=where, cure=EXPORT_AGAIN
        )


def _rename(record: dict[str, Any], names: frozenset[str]) -> None:
    """Give features that the library cannot have, or references by them, other names."""
    for name in names:
        for key in (name, f"@{name}", f"#{name}"):
            if key in record:
                record[key + _RENAMED] = record.pop(key)


def _bytes(source: Source) -> bytes:
    if source.size > LARGEST:
        raise InputError(
            f"this file has more than {LARGEST // 1_000_000} MB", where=source.name,
            cure="Divide the document into smaller ones",
        )  # fmt: skip
    data = source.data
    if not data.strip():
        raise InputError("the file is empty", where=source.name, cure="Leave it out")
    return data


def _by_library[T](load: Callable[[], T], where: str) -> T:
    """What the library makes of it; it may raise anything for what is wrong with a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = load()
        except InputError:
            raise
        except Exception as error:
            told = excerpt(str(error), 120)
            if isinstance(error, KeyError):
                told = f"it refers to {told}, which it does not have"
            elif type(error).__module__.partition(".")[0] == "cassis":
                told = excerpt(str(getattr(error, "message", told)), 120)
            elif not isinstance(error, (ValueError, RuntimeError)) or not told:
                told = "its parts are not what they have to be"
            raise InputError(f"this CAS cannot be read: {told}", where=where, cure=EXPORT_AGAIN) from error
    return made


def _chosen(texts: list[tuple[str, str]], where: str) -> tuple[str, str]:
    """The view that is read: the first one of UIMA, else the first with a text."""
    for name, text in texts:
        if name == "_InitialView":
            return name, text
    if not texts:
        raise InputError("this CAS has no text", where=where, cure=EXPORT_AGAIN)
    return texts[0]


def _check_sofas(number: int, where: str) -> None:
    if number > MOST_SOFAS:
        raise InputError(f"this CAS has more than {MOST_SOFAS} texts", where=where, cure=EXPORT_AGAIN)


# -- XML --------------------------------------------------------------------------------------------


def _xml(data: bytes, where: str) -> _Element:
    """The document's root. Raises InputError for what is no XML, and for document types."""
    from lxml import etree

    if b"<!DOCTYPE" in data[:65536]:
        raise _document_type(where)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InputError(
            f"this is no valid XML: {excerpt(xml_fault(error), 100)}",
            where=f"{where}, line {line}" if line else where,
            cure=f"{EXPORT_AGAIN}, or as UIMA CAS JSON",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _document_type(where)
    return root


def _document_type(where: str) -> InputError:
    return InputError(
        "this XML file declares a document type, which no CAS does and which may be an attack", where=where,
        cure=EXPORT_AGAIN,
    )  # fmt: skip


# -- type systems -----------------------------------------------------------------------------------


def type_system_names(source: Source) -> tuple[str, ...]:
    """What a type system beside a file may be called."""
    return TYPE_SYSTEM, "typesystem.xml", "typeSystem.xml", f"{source.stem}.xml"


def _types_beside(source: Source) -> tuple[TypeSystem, frozenset[str]] | None:
    for name in type_system_names(source):
        other = source.beside(name)
        if other is not None and other.size <= LARGEST and b"typeSystemDescription" in other.head():
            return _type_system(other.data, other.name)
    return None


@lru_cache(maxsize=2)
def _type_system(data: bytes, where: str) -> tuple[TypeSystem, frozenset[str]]:
    """A type system, and the features whose names the library cannot have, which are renamed in it."""
    from cassis import load_typesystem
    from lxml import etree

    root = _xml(data, where)
    supertypes: dict[str, str] = {}
    features: dict[str, int] = {}
    renamed = set()
    for described in root.iterfind(".//{*}typeDescription"):
        name = (described.findtext("{*}name") or "").strip()
        supertypes[name] = (described.findtext("{*}supertypeName") or "").strip()
        features[name] = 0
        for feature in described.iterfind("{*}features/{*}featureDescription/{*}name"):
            features[name] += 1
            own = feature.text = (feature.text or "").strip()
            if _unusable(own, where):
                renamed.add(own)
                feature.text = own + _RENAMED
    _check_types(supertypes, features, where)
    text = io.BytesIO(etree.tostring(root))
    types: TypeSystem = _by_library(lambda: load_typesystem(text), where)
    return types, frozenset(renamed)


_NAME = re.compile(r"[^\W\d_]\w{0,199}")


def _unusable(feature: str, where: str) -> bool:
    """Whether a feature has to be renamed: the library makes classes with it, as Python code.

    Raises InputError for a name that UIMA does not allow, which could be code.
    """
    if _NAME.fullmatch(feature) is None or not feature.isidentifier():
        raise InputError(
            f"its type system has a feature with the name “{excerpt(feature)}”, which UIMA does not allow",
            where=where,
            cure=EXPORT_AGAIN,
        )
    return iskeyword(unicodedata.normalize("NFKC", feature))


def original(feature: str) -> str:
    """A feature's name as the file has it."""
    name = feature.removesuffix(_RENAMED)
    if name != feature and iskeyword(name):
        return name
    return feature[:-1] if feature in ("self_", "type_") else feature


def _check_json_types(types: Any, where: str) -> None:
    supertypes: dict[str, str] = {}
    features: dict[str, int] = {}
    if not isinstance(types, dict):
        types = {"": None}
    for name, described in types.items():
        if not isinstance(described, dict) or not isinstance(described.get("%SUPER_TYPE"), str):
            raise InputError(f"the type “{excerpt(name)}” is not described", where=where, cure=EXPORT_AGAIN)
        supertypes[name] = described["%SUPER_TYPE"]
        features[name] = sum(not each.startswith("%") for each in described)
    _check_types(supertypes, features, where)


def _check_types(supertypes: Mapping[str, str], features: Mapping[str, int], where: str) -> None:
    """Raise InputError for a type system that is in a circle, or that is larger than any real one."""

    def refuse(what: str) -> None:
        raise InputError(f"its type system {what}", where=where, cure=EXPORT_AGAIN)

    if len(supertypes) > MOST_TYPES:
        refuse(f"has more than {MOST_TYPES:,} types")
    work = 0
    for name in supertypes:
        steps, above, number = 0, name, 0
        while above in supertypes:
            number += features[above]
            above = supertypes[above]
            steps += 1
            if steps > DEEPEST:
                circle = above == name or steps > len(supertypes)
                refuse(
                    f"has types in a circle, at “{excerpt(name)}”"
                    if circle
                    else "has types within types too deep"
                )
        if number > MOST_FEATURES:
            refuse(f"has a type with more than {MOST_FEATURES} features, “{excerpt(name)}”")
        work += number * number
    if work > MOST_WORK:
        refuse("has too many features in all")

"""brat's standoff files, both ways: ``NAME.ann`` with the labels, beside ``NAME.txt`` with the text.

The shared tasks of BioNLP, from which the format comes, part the labels into ``NAME.a1``, which are given,
and ``NAME.a2``, which are to be found.

Each line is an annotation: its id, what it is, and for text-bound ones the words they cover, parted by
tabs. Offsets count code points of the text file as it is, with its own line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.model import ActorRecord, Fragments
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import BOM, excerpt, normalise
from annotator.core.validate import fragment_problem
from annotator.formats import brat_writer
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.brat_names import OWN_ACTOR, OWN_REFERENCE, Shown, names_shown
from annotator.formats.brat_places import Bound, Line, agrees, best_offsets, fragments_of, joined_lines
from annotator.formats.encoding import decode
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.offsets import Unit
from annotator.formats.plain import article_of
from annotator.formats.text import title_of

_GROUPING = "grouping of arguments into events of one trigger"
_CURE = "Correct the line, or remove it"
_WRONG_TEXT = "Take the text file for which these annotations were made"

_ID = re.compile(r"[A-Za-z]+\d+[^\s]*|\*")
_BOUND = re.compile(r"(\S+) ([\d ;]+)")
_RANGE = re.compile(r"(\d{1,12}) (\d{1,12})")
_ARGUMENT = re.compile(r"([^\s:]+):(\S+)")
_NORMALIZATIONS = (
    (re.compile(r"(\S+) Annotation:(\S+) Referent:(\S+)"), (1, 2, 3)),
    (re.compile(r"(\S+) Referent:(\S+) Annotation:(\S+)"), (1, 3, 2)),
    (re.compile(r"(\S+) (\S+) ([^\s:]+:\S+)"), (1, 2, 3)),
)
"""The first two as the shared task of 2013 wrote them, which brat reads as well."""
_MOST_PARTS = 10_000
"""Fragments of a span, or arguments of an event."""
_NOTE = re.compile(r"\S+ (\S+)")
_NUMBERED = re.compile(r"(.*?\D)\d+")

type _Value = str | bool | list[str]


class _Extras(Struct):
    """What other lines say of a span or relation."""

    attributes: dict[str, _Value] = {}
    notes: list[str] = []
    actor: str | None = None

    def add(self, name: str, value: str | bool) -> None:
        """One more value of an attribute; several become a list of texts."""
        there = self.attributes.get(name)
        if there is None or there == value:
            self.attributes[name] = value
        elif isinstance(there, list):
            there.append(_text(value))
        else:
            self.attributes[name] = [_text(there), _text(value)]

    @property
    def note(self) -> str | None:
        return "\n".join(self.notes) or None


def _text(value: _Value) -> str:
    return value if isinstance(value, str) else "true"


def text_name(source: Source) -> str:
    """The name of the text file that belongs to an ``.ann``."""
    return f"{source.stem}.txt"


def also(source: Source) -> Iterable[str]:
    """Files that are read, or of no use, together with an ``.ann`` or ``.a1``."""
    second = (f"{source.stem}.a2",) if source.ending == ".a1" else ()
    return (text_name(source), *second)


def read(intake: Intake) -> Iterator[Record]:
    """The one article of an ``.ann`` and its ``.txt``, with its labels."""
    source = intake.source
    name = text_name(source)
    beside = source.beside(name)
    if beside is None:
        raise InputError(
            f"its text, “{name}”, is not beside it",
            where=source.name,
            cure="Put both files into one folder (or archive), and import that",
        )
    data = beside.data
    text = decode(data, beside.name)
    intake.encoding = text.encoding
    if not normalise(text.text).strip():
        raise InputError(
            "the text is empty", where=beside.name, cure="Put the article's text into it, or leave both out"
        )
    raw = BOM + text.text if data.startswith(b"\xef\xbb\xbf") else text.text
    shown = _shown(source)
    found = _Reading(intake, shown.names).read(_lines(source), raw)
    found = replace(found, annotator=shown.annotator(source.stem))
    if intake.problems:
        return
    article = article_of(raw, title_of(normalise(raw), source.stem))
    yield Record(labels=ArticleLabels(article=article, annotator=None), foreign=found)


def _lines(source: Source) -> Iterator[Line]:
    """The lines that are not empty, of both files where the labels are parted into ``.a1`` and ``.a2``."""
    other = {".a1": ".a2", ".a2": ".a1"}.get(source.ending)
    beside = source.beside(f"{source.stem}{other}") if other else None
    both = [source] if beside is None else [source, beside]
    for each in both:
        text = decode(each.data, each.name).text.replace("\r\n", "\n")
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                id_, _, rest = line.partition("\t")
                data, _, tail = rest.partition("\t")
                file = "" if each is source else each.short_name
                yield Line(number, id_, data.rstrip(), tail.rstrip("\r"), file)


def _shown(source: Source) -> Shown:
    """The proper names of those that had to be written otherwise, in files of ours."""
    visual = source.beside("visual.conf")
    if visual is None or visual.size > 1 << 20:
        return Shown()
    return names_shown(visual.data)


class _Reading:
    """Reads the lines of one file."""

    def __init__(self, intake: Intake, shown: dict[str, str]) -> None:
        self.intake = intake
        self.shown = shown
        self.extras: dict[str, _Extras] = {}
        """By the id of the span or relation."""
        self.target: dict[str, str] = {}
        """The span or relation that an id means in the end; events mean their triggers."""
        self.actors: dict[str, ActorRecord] = {}
        self.given: set[str] = set()
        """The ids of all lines, also of those that something is wrong with."""
        self.triggers: set[str] = set()
        """Those of the events so far."""
        self.linked: set[tuple[str, str, str]] = set()
        """What those say: role, trigger and argument."""

    def name(self, name: str) -> str:
        return self.shown.get(name, name)

    def wrong(self, what: str, line: Line, cure: str = _CURE) -> None:
        self.intake.report(what, line.place, cure)

    def read(self, given: Iterable[Line], raw: str) -> Foreign:
        given = list(given)
        lines = list(self.lines(given))
        by_letter: dict[str, list[Line]] = {}
        self.given = {each for line in given for each in (line.id, *line.id.split()[:1])}
        for line in lines:
            by_letter.setdefault(line.id[0], []).append(line)
        bounds = [bound for line in by_letter.get("T", ()) if (bound := self.bound(line)) is not None]
        self.target.update((bound.line.id, bound.line.id) for bound in bounds)
        for line in by_letter.get("E", ()):
            self.event_id(line)
        relations = [
            *(each for line in by_letter.get("R", ()) for each in self.relation(line)),
            *(each for line in by_letter.get("E", ()) for each in self.event(line)),
            *(each for line in by_letter.get("*", ()) for each in self.equivalent(line)),
        ]
        for line in (*by_letter.get("A", ()), *by_letter.get("M", ())):
            self.attribute(line)
        for line in by_letter.get("N", ()):
            self.normalization(line)
        for line in by_letter.get("#", ()):
            self.note(line)
        nothing = _Extras()
        spans = []
        for bound, fragments in self.placed(bounds, raw):
            extra = self.extras.get(bound.line.id, nothing)
            spans.append(
                ForeignSpan(
                    bound.line.id,
                    self.name(bound.label),
                    fragments,
                    attributes=extra.attributes,
                    note=extra.note,
                    actor=extra.actor,
                    place=bound.line.place,
                )
            )
        linked = tuple(
            each._replace(attributes=more.attributes, note=more.note)
            if (more := self.extras.get(each.id)) is not None
            else each
            for each in relations
        )
        return Foreign(spans=tuple(spans), relations=linked, actors=tuple(self.actors.values()))

    def lines(self, given: Iterable[Line]) -> Iterator[Line]:
        """The lines with an id; reports those without, and ids that stand there twice."""
        seen: set[str] = set()
        for line in given:
            id_ = line.id
            if id_.startswith("#"):
                yield line
            elif not _ID.fullmatch(id_) or id_[0] not in "TREAMN*":
                cure = "Begin it with an id such as T1, and put a tab behind it; or remove the line"
                self.wrong(f"“{excerpt(id_, 20)}” is no id of an annotation", line, cure)
            elif id_ in seen:
                self.wrong(f"the id {id_} stands there twice", line, "Give each annotation its own id")
            else:
                if id_ != "*":
                    seen.add(id_)
                yield line

    def bound(self, line: Line) -> Bound | None:
        if line.data.count(";") > _MOST_PARTS:
            self.wrong(f"it has more than {_MOST_PARTS:,} fragments", line)
            return None
        match = _BOUND.fullmatch(line.data)
        ranges = [_RANGE.fullmatch(each.strip()) for each in match[2].split(";")] if match else [None]
        if match is None or None in ranges:
            what = "this is not a label with its offsets, such as “Person 0 5”"
            self.wrong(what, line)
            return None
        return Bound(line, match[1], sorted((int(each[1]), int(each[2])) for each in ranges if each))

    # -- offsets

    def placed(self, bounds: list[Bound], raw: str) -> Iterator[tuple[Bound, Fragments]]:
        """The text-bound annotations with their fragments; reports those that do not fit the text."""
        offsets = best_offsets(bounds, raw)
        for bound in bounds:
            fragments = fragments_of(bound, offsets)
            if fragments is None:
                start, end = bound.ranges[0][0], bound.ranges[-1][1]
                bad = [each for each in bound.ranges if each[0] >= each[1]]
                what = f"the span {start}–{end} lies beyond the text, which has {len(raw)} characters"
                if bad:
                    what = f"the span {bad[0][0]}–{bad[0][1]} is empty"
                self.wrong(what, bound.line, _CURE if bad else _WRONG_TEXT)
                continue
            problem = fragment_problem(fragments, offsets.text)
            if problem:
                self.wrong(problem, bound.line)
                continue
            if not agrees(bound, fragments, offsets.text):
                is_there = " ".join(offsets.text[start:end] for start, end in fragments)
                what = f"its text is “{excerpt(bound.line.tail)}”, but its offsets hold “{excerpt(is_there)}”"
                self.wrong(what, bound.line, _WRONG_TEXT)
                continue
            yield bound, joined_lines(fragments, offsets.text)

    # -- what refers to others

    def meant(self, id_: str, line: Line, *, relation: bool = False) -> str | None:
        """The span (or relation, if that may be) that an id means; reports it where there is none."""
        target = self.target.get(id_)
        if target is None and id_ in self.given and self.intake.problems:
            return None  # what is wrong with that line was told
        if target is None or (target[0] != "T" and not relation):
            cure = "Add the missing line, or remove this one"
            self.wrong(f"there is no annotation “{excerpt(id_, 20)}” to which it could refer", line, cure)
            return None
        return target

    def parts(self, line: Line) -> list[str]:
        """The words of a line; reports it where there are too many."""
        parts = line.data.split(maxsplit=_MOST_PARTS)
        if len(parts) > _MOST_PARTS:
            self.wrong(f"it refers to more than {_MOST_PARTS:,} others", line)
            return []
        return parts

    def extra(self, id_: str) -> _Extras:
        return self.extras.setdefault(id_, _Extras())

    def event_id(self, line: Line) -> None:
        trigger = _ARGUMENT.match(line.data)
        if trigger is None:
            self.wrong("this is not an event with its trigger, such as “Attack:T1”", line)
        elif (target := self.meant(trigger[2], line)) is not None:
            self.target[line.id] = target

    def event(self, line: Line) -> Iterator[ForeignRelation]:
        """A relation from the trigger to each argument; one to the trigger itself says nothing.

        Several events with one trigger are one for us, that has the arguments of them all.
        """
        trigger = self.target.get(line.id)
        if trigger is None:
            return
        if trigger in self.triggers:
            self.intake.leave_out(_GROUPING)
        self.triggers.add(trigger)
        for nth, argument in enumerate(self.parts(line)[1:], 1):
            match = _ARGUMENT.fullmatch(argument)
            if match is None:
                self.wrong(f"“{excerpt(argument, 30)}” is not an argument, such as “Agent:T2”", line)
                continue
            tail = self.meant(match[2], line)
            if tail is not None and tail != trigger:
                numbered = _NUMBERED.fullmatch(match[1])
                role = self.name(numbered[1] if numbered else match[1])
                if (role, trigger, tail) in self.linked:
                    continue
                self.linked.add((role, trigger, tail))
                yield ForeignRelation(f"{line.id}.{nth}", role, trigger, tail, place=line.place)

    def relation(self, line: Line) -> Iterator[ForeignRelation]:
        type_, *arguments = line.data.split(maxsplit=3) or [""]
        matches = [_ARGUMENT.fullmatch(each) for each in arguments]
        if len(matches) != 2 or None in matches:
            self.wrong("this is not a relation, such as “Says Arg1:T1 Arg2:T2”", line)
            return
        ends = [(each[1], each[2]) for each in matches if each]
        if [role for role, _ in ends] == ["Arg2", "Arg1"]:
            ends.reverse()
        head, tail = (self.meant(id_, line) for _, id_ in ends)
        if head is not None and tail is not None:
            self.target[line.id] = line.id
            yield ForeignRelation(line.id, self.name(type_), head, tail, place=line.place)

    def equivalent(self, line: Line) -> Iterator[ForeignRelation]:
        """A relation from each member of the group to the next."""
        type_, *members = self.parts(line) or [""]
        if len(members) < 2:
            self.wrong("this is not a group of equal ones, such as “Equiv T1 T2”", line)
            return
        ids = [self.meant(each, line) for each in members]
        for nth, (head, tail) in enumerate(pairwise(ids), 1):
            if head is not None and tail is not None and head != tail:
                id_ = f"*{line.file}{line.number}.{nth}"
                yield ForeignRelation(id_, self.name(type_), head, tail, place=line.place)

    def attribute(self, line: Line) -> None:
        name, _, rest = line.data.partition(" ")
        id_, _, value = rest.strip().partition(" ")
        if not name or not id_:
            self.wrong("this is not an attribute, such as “Certain T1”", line)
            return
        target = self.meant(id_, line, relation=True)
        if target is not None:
            self.target[line.id] = target
            self.extra(target).add(self.name(name), value.strip() or True)

    def normalization(self, line: Line) -> None:
        """What the span means: its actor record, by the name that stands behind the id."""
        for pattern, (first, second, third) in _NORMALIZATIONS:
            match = pattern.match(line.data)
            if match is not None:
                type_, id_, reference = match[first], match[second], match[third]
                break
        else:
            self.wrong("this is not a normalization, such as “Reference T1 Wikidata:Q42”", line)
            return
        target = self.meant(id_, line)
        if target is None:
            return
        self.target[line.id] = target
        extra = self.extra(target)
        if extra.actor is not None:
            extra.add(type_, reference)
            return
        base, _, number = reference.partition(":")
        external = {OWN_ACTOR: None, OWN_REFERENCE: number}.get(base, reference)
        name = " ".join(line.tail.split()) or reference
        extra.actor = reference
        self.actors.setdefault(reference, ActorRecord(id=reference, name=name, external_id=external))

    def note(self, line: Line) -> None:
        """A note; a line that only begins with ``#`` says nothing."""
        match = _NOTE.fullmatch(line.data)
        note = line.tail.strip()
        if match is not None and note and (target := self.target.get(match[1])) is not None:
            self.extra(target).notes.append(note)


BRAT = Format(
    name="brat",
    title="brat standoff",
    endings=(".ann", ".a1", ".a2"),
    unit=Unit.CODE_POINTS,
    cannot_hold=brat_writer.CANNOT_HOLD,
    read=read,
    write=brat_writer.write,
    tokens=False,
    many=True,
    also=also,
)

"""Tasks of Label Studio to articles and labels: JSON, JSON-MIN, CSV, and the files of its target storages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain
from typing import Any

from annotator.core.model import Fragments, Progress, Status
from annotator.core.text import excerpt, normalise, shown
from annotator.formats.base import Intake, Record
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.json_labels import (
    Reach,
    article_record,
    json_records,
    name_of,
    not_there,
    one_id_each,
)
from annotator.formats.label_studio_minimal import is_minimal, one_task_each, task_of
from annotator.formats.label_studio_quick import tasks_of
from annotator.formats.label_studio_result import Result
from annotator.formats.label_studio_shapes import one_text
from annotator.formats.label_studio_table import is_table, table_records
from annotator.formats.offsets import Unit
from annotator.formats.plain import fields_of, kind_of

_TASK = frozenset(
    {
        "id", "inner_id", "data", "annotations", "completions", "predictions", "drafts", "created_at",
        "updated_at", "project", "file_upload", "total_annotations", "cancelled_annotations",
        "total_predictions", "comment_count", "unresolved_comment_count", "comment_authors",
        "last_comment_updated_at", "updated_by", "is_labeled", "overlap", "meta", "annotation_id",
        "lead_time", "annotator", "agreement", "allow_skip", "draft_exists", "result",
    }
)  # fmt: skip
"""Keys of tasks that say nothing about their article."""
_UNTOLD = re.compile(r"\\[nrt]|[\s\u200b\ufeff]+")
_ADDRESS = re.compile(r"(?:(?:https?|s3|gs|azure-blob)://|/data/)[^\s<>]+")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_CURE = "Correct it, or export the project again"


def read(intake: Intake) -> Iterator[Record]:
    """One record per annotation of a task, and one for its predictions."""
    records = table_records(intake) if is_table(intake.source) else json_records(intake, tasks_of)
    found = one_task_each(records)
    tasks = (_Task(one_text(_task_of(data)), intake, place) for data, place in found)
    return one_id_each(chain.from_iterable(task.read() for task in tasks))


def _task_of(data: dict[str, Any]) -> dict[str, Any]:
    """The task, whichever shape its file has."""
    inner = data.get("task")
    if type(inner) is dict and type(data.get("result")) is list:
        annotation = {key: value for key, value in data.items() if key != "task"}
        return {**inner, "annotations": [annotation]}
    if type(data.get("data")) is dict:
        return data
    return task_of([data]) if is_minimal(data) else data


class _Task:
    """Reads one task; what is wrong in it is reported, and left out."""

    def __init__(self, task: dict[str, Any], intake: Intake, place: str) -> None:
        self.task = task
        self.intake = intake
        self.place = place
        self.raw = ""
        self.same = -1
        self.others: list[Reach] = []
        """How offsets may be meant where a region's text is not at them."""

    def wrong(self, what: str, cure: str = _CURE) -> None:
        self.intake.report(what, self.place, cure)

    def listed(self, holder: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        """The objects of a list; what is none is reported."""
        value = holder.get(key)
        if value is None:
            return []
        if type(value) is not list:
            self.wrong(f"“{key}” must be a list, not {kind_of(value)}")
            return []
        found = [each for each in value if type(each) is dict]
        if len(found) < len(value):
            odd = next(each for each in value if type(each) is not dict)
            # drafts and predictions are written as bare numbers where an export leaves them out
            if type(odd) is not int or key not in ("annotations", "completions", "predictions", "drafts"):
                self.wrong(f"“{key}” must be a list of objects, not of {shown(odd)}")
        return found

    def read(self) -> Iterator[Record]:
        task, data = self.task, self.task.get("data")
        if type(data) is not dict:
            self.wrong("the task has no “data”", "Export the project again, as JSON")
            return
        annotations = self.listed(task, "annotations") or self.listed(task, "completions")
        predictions = self.listed(task, "predictions")
        key = self.text_key(data, [*annotations, *predictions])
        if key is None:
            return
        if _ADDRESS.fullmatch(data[key].strip()):
            self.wrong(
                f"the task has the address of a file, “{excerpt(data[key].strip(), 60)}”, and no text",
                "Put the text itself into the task; pictures and recordings cannot be imported",
            )
            return
        self.raw = _shown(data[key], [*annotations, *predictions])
        self.reach = Reach(self.raw, Unit.CODE_POINTS)
        self.same = self.reach.same
        meta: dict[str, Any] = {}
        foreigns = list(self.of_people(annotations, meta))
        if predictions:
            foreigns.append(self.of_models(predictions))
        record = self.article(data, key, meta)
        if record is None:
            return
        for foreign in foreigns or [Foreign()]:
            yield Record(labels=record.labels, place=self.place, foreign=foreign)

    # -- the article --------------------------------------------------------------------------

    def text_key(self, data: dict[str, Any], labelled: list[dict[str, Any]]) -> str | None:
        """Which of the data is the article's text; None after reporting that it cannot be told."""
        texts = [key for key, value in data.items() if type(value) is str]
        said = next((key for key, field in self.intake.mapping.fields.items() if field == "text"), None)
        if said in texts:
            return said
        if "text" in texts:
            return "text"
        first = _first_labels(labelled)
        several = [key for key in texts if len(data[key].split(maxsplit=1)) > 1]
        there = [key for key in texts if _stands(first.get("value"), data[key])]
        for key in (
            first.get("to_name"),
            fields_of(texts).get("text"),
            *(keys[0] for keys in (texts, several, there) if len(keys) == 1),
        ):
            if key in texts:
                return str(key)
        found = ", ".join(map(str, data)) or "none"
        self.wrong(
            f"it cannot be told which of the task's data is the text; there is: {found}",
            "Name the one with the article’s text “text”",
        )
        return None

    def article(self, data: Mapping[str, Any], key: str, meta: dict[str, Any]) -> Record | None:
        found = {"text": self.raw, **{name: value for name, value in data.items() if name != key}}
        if fields_of(list(found)).get("external_id") is None and type(self.task.get("id")) in (int, str):
            found["external_id"] = self.task["id"]
        given = data.get("meta")
        more = {name: value for name, value in self.task.items() if name not in _TASK}
        if type(self.task.get("meta")) is dict:
            more = {**self.task["meta"], **more}
        if type(given) is dict:
            more = {**more, **given}
        elif given is not None:
            more["meta"] = given
        more.update((name, value) for name, value in meta.items() if name not in more)
        if more:
            found["meta"] = more
        return article_record(found, self.intake, self.place)

    # -- whose it is --------------------------------------------------------------------------

    def of_people(self, annotations: list[dict[str, Any]], meta: dict[str, Any]) -> Iterator[Foreign]:
        times: Counter[str | None] = Counter()
        said: dict[str, dict[str, Any]] = {}
        drafts = [each for each in self.listed(self.task, "drafts") if each.get("annotation") is None]
        for annotation in [*annotations, *drafts]:
            draft = "user" in annotation and "completed_by" not in annotation
            who = _person(annotation.get("annotator"))
            who = who or _person(annotation.get("user" if draft else "completed_by"))
            who = who or _person(annotation.get("created_username"))
            times[who] += 1
            if times[who] > 1:
                if draft:
                    continue  # what was begun again after it had been finished
                who = f"{who or 'annotator'} ({times[who]})"
            if annotation.get("ground_truth") is True:
                meta["ground_truth"] = True
            skipped = annotation.get("was_cancelled") is True or annotation.get("skipped") is True
            status = Status.IN_PROGRESS if draft else Status.SKIPPED if skipped else Status.DONE
            result = Result(self, annotation, None, None)
            result.read()
            notes = result.notes
            for name, value in result.said.items():
                said.setdefault(name, {})[who or "annotator"] = value
            yield Foreign(
                annotator=who,
                progress=Progress(status, note="\n".join(notes) or None),
                spans=result.spans,
                relations=tuple(result.relations),
                actors=result.actors.found,
            )
        for name, values in said.items():
            different = [value for value in values.values() if value != next(iter(values.values()))]
            meta[name] = values if different else next(iter(values.values()))

    def of_models(self, predictions: list[dict[str, Any]]) -> Foreign:
        spans: list[ForeignSpan] = []
        relations: list[ForeignRelation] = []
        actors: dict[str, Any] = {}
        for nth, prediction in enumerate(predictions):
            model = prediction.get("model_version")
            result = Result(self, prediction, name_of(model) if model else "", f"{nth}/" if nth else "")
            result.read()
            for _ in result.said:
                self.intake.leave_out("prediction about a whole article")
            spans += result.spans
            relations += result.relations
            actors.update((each.id, each) for each in result.actors.found)
        return Foreign(spans=tuple(spans), relations=tuple(relations), actors=tuple(actors.values()))

    # -- places in the text -------------------------------------------------------------------

    def fragments(self, nth: int, type_: str, value: Mapping[str, Any]) -> Fragments | None:
        """Where a region stands, after a look at the text that it gives; None after reporting."""
        start, end = _range(type_, value)
        found = self.reach.fragments(start, end)
        given, text = value.get("text"), self.reach.offsets.text
        if type(given) is not str:
            if found is None:
                self.wrong(f"region {nth} {self.reach.wrong(start, end)}")
            return found
        if found is not None and _same(given, text[found[0][0] : found[0][1]]):
            return found
        if not self.others:
            self.others = [Reach(self.raw, Unit.UTF16), Reach(text, Unit.CODE_POINTS)]
        for reach in self.others:
            other = reach.fragments(start, end)
            if other is not None and _same(given, text[other[0][0] : other[0][1]]):
                return other
        cure = _CURE
        if type_ == "hypertextlabels" and "<" in self.raw:
            cure = "Its text is HTML, of which only what is shown counts: put the plain text into the task"
        wrong = (
            self.reach.wrong(start, end)
            if found is None
            else not_there(given, text[found[0][0] : found[0][1]])
        )
        self.wrong(f"region {nth} {wrong}", cure)
        return None


def _range(type_: str, value: Mapping[str, Any]) -> tuple[Any, Any]:
    """Start and end as numbers, where a region gives them as such in one way or other."""
    start, end = value.get("start"), value.get("end")
    whole = value.get("globalOffsets")
    if type(whole) is dict and (type(start) is not int or type_ != "labels"):
        start, end = whole.get("start"), whole.get("end")
    elif type(start) is str and type(value.get("startOffset")) is int:
        start, end = value["startOffset"], value.get("endOffset")
    return _number(start), _number(end)


def _first_labels(labelled: list[dict[str, Any]]) -> dict[str, Any]:
    """The first region that has labels; empty where there is none."""
    for each in labelled:
        results = each.get("result")
        for item in results if type(results) is list else ():
            if type(item) is dict and str(item.get("type", "")).endswith("labels"):
                return item
    return {}


def _shown(text: str, labelled: list[dict[str, Any]]) -> str:
    """What a browser shows of a text that is HTML, if that is what its regions count; else the text."""
    regions: list[tuple[int, int, str]] = []
    for each in labelled if "<" in text else ():
        results = each.get("result")
        for item in results if type(results) is list else ():
            value = (
                item.get("value") if type(item) is dict and item.get("type") == "hypertextlabels" else None
            )
            if type(value) is dict and type(value.get("text")) is str:
                start, end = _range("hypertextlabels", value)
                if type(start) is not int or type(end) is not int:
                    return text
                regions.append((start, end, value["text"]))
    for br in ("<", "\n", "") if regions else ():
        seen = text if br == "<" else unescape(_TAG.sub("", _BREAK.sub(br, _without_comments(text))))
        units = seen.encode("utf-16-le", "surrogatepass")
        if all(
            _same(given, units[2 * start : 2 * end].decode("utf-16-le", "replace"))
            for start, end, given in regions
        ):
            return seen
    return text


def _without_comments(markup: str) -> str:
    first, *rest = markup.split("<!--")
    pairs = ((part, *part.partition("-->")) for part in rest)
    return first + "".join(behind if closed else f"<!--{part}" for part, _, closed, behind in pairs)


def _stands(value: Any, text: str) -> bool:
    """Whether the text that a region gives stands at its offsets in this one."""
    if type(value) is not dict or type(value.get("text")) is not str:
        return False
    start, end = value.get("start"), value.get("end")
    return type(start) is int and type(end) is int and _same(value["text"], text[start:end])


def _number(value: Any) -> Any:
    if type(value) is str and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return int(value) if type(value) is float and value.is_integer() else value


def _same(given: str, there: str) -> bool:
    """Whether two texts are the same but for white space, which Label Studio writes in several ways."""
    if given == there:
        return True
    return _UNTOLD.sub("", normalise(given)) == _UNTOLD.sub("", there)


def _person(value: Any) -> str | None:
    """The name of an account: as it is, its e-mail address, its holder's name, or its number."""
    if type(value) is dict:
        full = " ".join(str(value.get(key) or "") for key in ("first_name", "last_name")).strip()
        value = value.get("email") or full or value.get("username") or value.get("id")
    if type(value) is str:
        return value.strip() or None
    return str(value) if type(value) is int else None

"""Actor records: 5,000 with 20,000 aliases searched key by key, 100,000 mentions merged, listed, undone."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.core.model import ActorRecord, Alias, Article, Fragments, Kind, Span
from annotator.core.ports import NewArticle
from annotator.core.proposals import propose
from annotator.core.registry import Registry
from annotator.core.text import sha256_of
from annotator.session.editor import Editor
from annotator.session.project import Project

RECORDS = 5_000
MENTIONS = 100_000
PER_ARTICLE = 50
_SYLLABLES = (
    *("ka", "ma", "ro", "li", "te", "su", "va", "no", "ber", "der", "ton", "ski", "vic", "ez", "an", "el"),
    *("or", "un", "is", "al", "ham", "jo", "pe", "mar", "qui", "ö", "ğa"),
)


def name(chance: random.Random) -> str:
    """A word like a name."""
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()


def records(chance: random.Random) -> dict[str, ActorRecord]:
    """Records with four aliases each."""
    made = {}
    for number in range(RECORDS):
        given, family = name(chance), name(chance)
        others = (
            family,
            f"{given[0]}. {family}",
            f"{name(chance)} {family}",
            f"{name(chance)} {name(chance)}",
        )
        made[f"r{number}"] = ActorRecord(
            id=f"r{number}",
            name=f"{given} {family}",
            type="person",
            aliases=tuple(Alias(each, chance.choice([None, "en", "de"])) for each in others),
        )
    return made


def articles(actors: list[str], names: dict[str, ActorRecord]) -> Iterator[NewArticle]:
    """Articles with fifty mentions each, of one record after the other."""
    chance = random.Random(2)
    for number in range(MENTIONS // PER_ARTICLE):
        text, spans = f"Article {number}\n\n", []
        for nth in range(PER_ARTICLE):
            actor = actors[0] if nth % 2 else chance.choice(actors)
            start = len(text)
            text += names[actor].name
            fragments = ((start, len(text)),)
            text += " said that the talks would go on until the evening. "
            spans.append(_span(f"s{nth}", fragments, actor))
        article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), language="en")
        yield NewArticle(article=article, spans=spans)


def _span(span_id: str, fragments: Fragments, actor: str) -> Span:
    return Span(id=span_id, kind=Kind.ACTOR, label="Actor", fragments=fragments, actor=actor, annotator="ana")


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def typed(registry: Registry, chance: random.Random) -> list[float]:
    """Seconds of each key of names, aliases and names with a mistake."""
    times = []
    recent = chance.sample(list(registry.records), 20)
    for record in chance.sample(list(registry.records.values()), 60):
        for text in (record.name, record.aliases[3].name, record.name.replace("a", "e")):
            keys = (text[:length] for length in range(1, len(text) + 1))
            times += [timed(lambda key=key: registry.search(key, recent)) for key in keys]  # type: ignore[misc]
    return sorted(times)


def run() -> list[tuple[str, str]]:
    """The rows of the table."""
    chance = random.Random(1)
    made = records(chance)
    registries: list[Registry] = []
    build = timed(lambda: registries.append(Registry(made)))
    registry = registries[0]
    first = timed(lambda: registry.search("a"))
    keys = typed(registry, chance)
    late = keys[int(len(keys) * 0.95)]
    rows = [
        (
            "registry of 5,000 records and 20,000 aliases",
            f"{build * 1e3:.0f} ms, first key {first * 1e3:.0f} ms",
        ),
        ("a key", f"median {statistics.median(keys) * 1e3:.1f} ms, 95 % within {late * 1e3:.1f} ms"),
        ("longest key", f"{keys[-1] * 1e3:.1f} ms"),
    ]
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "p.annot") as project:
        project.repository.add_articles(articles(["r0", *list(made)[1:400]], made), made.values())
        rows += of_mentions(project.editor("ana"))
    return rows


def of_mentions(editor: Editor) -> Iterator[tuple[str, str]]:
    """Rows about the mentions of a project that holds them."""
    opened = timed(lambda: editor.open("a7"))
    actors = editor.actors
    registered = timed(lambda: actors.registry)
    yield "article opened, registry read", f"{opened * 1e3:.0f} ms, {registered * 1e3:.0f} ms"
    words = [f"{each.name}e" for each in list(actors.registry.records.values())[:50]]
    near = timed(lambda: [propose(actors.registry, each, "en") for each in words])
    yield "a record proposed for a misspelt name", f"{near * 1e3 / len(words):.1f} ms"
    total = len(range(MENTIONS))
    one = timed(lambda: actors.merge(["r1"], "r2"))
    back_again = timed(editor.undo)
    yield "one merged into another, undone", f"{one * 1e3:.0f} ms, {back_again * 1e3:.0f} ms"
    merged = timed(lambda: actors.merge([f"r{number}" for number in range(1, 400)], "r0"))
    first = timed(lambda: actors.mentions("r0", 0, 100))
    last = timed(lambda: actors.mentions("r0", total - 100, 100))
    counted = timed(actors.mention_counts)
    assert actors.mention_counts() == {"r0": total}
    undone = timed(editor.undo)
    assert len(actors.mention_counts()) > 1
    redone = timed(editor.redo)
    yield f"400 records with {total:,} mentions merged", f"{merged * 1e3:.0f} ms"
    yield "undone, done again", f"{undone * 1e3:.0f} ms, {redone * 1e3:.0f} ms"
    yield "first 100 mentions, last 100", f"{first * 1e3:.0f} ms, {last * 1e3:.0f} ms"
    yield "mentions counted", f"{counted * 1e3:.0f} ms"
    span = next(iter(editor.page.spans)) if editor.page else ""
    found: list[object] = []
    looked = timed(lambda: found.append(actors.alike(span, everywhere=True, actor="r500")))
    alike = found[0]
    linked = timed(alike.run)  # type: ignore[attr-defined]
    back = timed(editor.undo)
    what = f"{alike.count:,} equal mentions"  # type: ignore[attr-defined]
    yield (
        f"{what} looked up, linked",
        f"{looked * 1e3:.0f} ms, {linked * 1e3:.0f} ms, undone {back * 1e3:.0f} ms",
    )
    yield "likely duplicates", f"{timed(actors.duplicates) * 1e3:.0f} ms"

"""Suggestions against bare ``nlp.pipe`` with the same components, and tokens for export."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from annotator.core.ports import SuggestJob
from annotator.nlp.analyse import Pipeline
from annotator.nlp.furniture import find_furniture
from annotator.nlp.pipelines import find_model
from annotator.nlp.tokenize import tokens_for
from annotator.session.project import default_codebook
from annotator.session.suggest import suggestible

ARTICLES = 208
ROUNDS = 3
SMALL = 5
"""Articles to which our batches, bounded by characters, come; nlp.pipe takes 256 by itself."""
SEEDS = Path(__file__).parents[2] / "seeds"


def run() -> list[tuple[str, str]]:
    """What was measured, and the figure."""
    logging.disable(logging.WARNING)
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    jobs = [
        SuggestJob(str(number), text, None, find_furniture(text, ""))
        for number, text in enumerate(texts * (ARTICLES // len(texts)))
    ]
    bare_texts = [job.text for job in jobs]
    size = sum(map(len, bare_texts))

    begun = time.perf_counter()
    model = find_model()
    found = time.perf_counter() - begun
    pipeline = Pipeline.load(model, suggestible(default_codebook()))
    loaded = time.perf_counter() - begun

    def bare(batch: int | None = None) -> int:
        return sum(map(len, pipeline.nlp.pipe(bare_texts, batch_size=batch)))

    def ours() -> int:
        return sum(len(analysed.result.tokens) for analysed in pipeline.analyse(jobs))

    words = bare()
    rounds = [  # in turn: the machine may be shared
        (_timed(bare), _timed(lambda: bare(SMALL)), _timed(ours)) for _ in range(ROUNDS)
    ]
    bare_time, small_time, our_time = (min(times) for times in zip(*rounds, strict=True))

    furniture = _timed(lambda: [find_furniture(text, "") for text in bare_texts])
    tokenizer = pipeline.nlp.tokenizer
    plain = _timed(lambda: [tokenizer(text) for text in bare_texts])
    tokens_for("", None)
    quick = _timed(lambda: [tokens_for(text, None) for text in bare_texts])
    corpus = 10_000 * 3_000 / size
    return [
        (
            f"{len(jobs)} articles, bare nlp.pipe of {', '.join(pipeline.nlp.pipe_names)}",
            _speed(words, bare_time),
        ),
        (f"{len(jobs)} articles, suggestions with tokens and sentences", _speed(words, our_time)),
        ("throughput of suggestions / bare (aim ≥ 0.9)", f"{bare_time / our_time:.2f}"),
        (f"throughput of suggestions / bare in batches of {SMALL}", f"{small_time / our_time:.2f}"),
        ("model found without spaCy / imported and loaded", f"{found * 1000:.0f} ms / {loaded:.1f} s"),
        ("furniture of 10,000 articles of 3 KB", f"{furniture * corpus:.1f} s"),
        ("tokens for export of 10,000 articles of 3 KB: spaCy", f"{plain * corpus:.1f} s"),
        ("tokens for export of 10,000 articles of 3 KB: ours", f"{quick * corpus:.1f} s"),
    ]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _speed(words: int, seconds: float) -> str:
    return f"{words / seconds:,.0f} tokens/s"


def main() -> int:
    """Print the rows."""
    for what, figure in run():
        print(f"{what}: {figure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

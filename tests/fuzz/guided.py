"""The same readers under atheris, which builds on inputs that reach lines not reached before.

``uv run --with atheris python -m tests.fuzz.guided READER [RUNS] [SECONDS]``; libFuzzer ends the process
itself and saves what fails in the current folder.
"""

from __future__ import annotations

import contextlib
import logging
import sys

import atheris  # only where somebody has it

with atheris.instrument_imports(include=["annotator"]):
    from . import samples
    from .readers import READERS

from annotator.core.errors import AnnotatorError


def main(name: str, runs: str = "1000000", seconds: str = "60") -> None:
    """Fuzz one reader."""
    logging.disable()
    folder = samples.scratch()
    corpus = folder / "corpus"
    corpus.mkdir()
    reader = READERS[name]
    for nth, seed in enumerate(reader.seeds()):
        (corpus / str(nth)).write_bytes(seed)
    words = folder / "words"
    words.write_text(
        "".join('"' + "".join(f"\\x{byte:02x}" for byte in word) + '"\n' for word in reader.words)
    )
    take = reader.begin(folder)

    def one(data: bytes) -> None:
        with contextlib.suppress(AnnotatorError):
            take(data)

    limits = [
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-max_len=8192",
        f"-runs={runs}",
        f"-max_total_time={seconds}",
    ]
    atheris.Setup([sys.argv[0], *limits, f"-dict={words}", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The same readers under atheris, which builds on inputs that reach lines not reached before."""

from __future__ import annotations

import contextlib
import logging
import sys

from annotator.core.errors import AnnotatorError

from . import samples
from .readers import READERS


def run(name: str, runs: int, seconds: int) -> int:
    """Fuzz one reader; libFuzzer ends the process itself and saves what fails in the current folder."""
    import atheris  # only where somebody has it

    logging.disable()
    atheris.instrument_all()
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
        f"-runs={runs}",
        f"-max_total_time={seconds}",
        "-timeout=5",
        "-rss_limit_mb=2048",
        "-max_len=8192",
    ]
    atheris.Setup([sys.argv[0], *limits, f"-dict={words}", str(corpus)], one)
    atheris.Fuzz()
    return 0

"""The process that runs spaCy: what it loads, what it says, and that it never outlives its parent."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from annotator.core.codebook import Codebook
from annotator.core.ports import SuggestJob
from annotator.core.scheme import scheme_of
from annotator.nlp.analyse import Analyser
from annotator.nlp.messages import Cancel, Done, Ready, Report, Started, Submit, Trouble, report_from
from annotator.nlp.worker import read, run

HUGE = "Malley spoke in Doha.\n" * 20_000


def job(article: str, text: str = "Malley spoke in Doha.") -> SuggestJob:
    return SuggestJob(article, text, None, ())


def received(connection: Connection) -> Report:
    assert connection.poll(60)
    return report_from(connection.recv_bytes())


@pytest.fixture(scope="module")
def worker(tiny: Path, codebook: Codebook) -> Iterator[Connection]:
    """The process with a small pipeline that knows two names, loaded; each test leaves it idle."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run, args=(theirs, str(tiny), scheme_of(codebook), True))
    process.start()
    theirs.close()
    assert received(ours) == Ready("spacy:en_tiny-1.2.3", None)
    yield ours
    ours.close()
    process.join(10)
    assert process.exitcode == 0, "it ends when its parent closes the connection"


def test_importing_it_loads_neither_spacy_nor_qt_nor_sqlalchemy() -> None:
    code = (
        "import sys, annotator.nlp.worker;"
        "print([m for m in ('spacy', 'numpy', 'PySide6', 'sqlalchemy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_running_it_loads_neither_qt_nor_sqlalchemy(tiny: Path) -> None:
    code = (
        "import sys; from annotator.nlp.analyse import Analyser; from annotator.nlp.worker import read;"
        "from annotator.core.scheme import Scheme;"
        f"a = Analyser({str(tiny)!r}, Scheme()); a.pipeline(None);"
        "print([m for m in ('PySide6', 'sqlalchemy') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_articles_come_back_one_by_one(worker: Connection) -> None:
    for name in "abc":
        worker.send(Submit(job(name)))
    done: list[str] = []
    started: list[str] = []
    while len(done) < 3:
        report = received(worker)
        if isinstance(report, Started):
            started.extend(report.articles)
        else:
            assert isinstance(report, Done)
            assert [span.label for span in report.suggested.spans] == ["Person", "Place"]
            done.append(report.suggested.article)
    assert started == done == ["a", "b", "c"]


def test_an_urgent_article_interrupts_even_a_huge_one_which_is_finished_later(worker: Connection) -> None:
    worker.send(Submit(job("huge", HUGE)))
    assert received(worker) == Started(("huge",))
    worker.send(Submit(job("later")))
    worker.send(Submit(job("open"), urgent=True))
    order: list[str] = []
    while len(order) < 3:
        report = received(worker)
        if isinstance(report, Done):
            order.append(report.suggested.article)
            if len(order) == 3:
                assert len(report.suggested.tokens) > 0
    assert order == ["open", "huge", "later"]


def test_cancelling_drops_what_waits_and_what_is_begun(worker: Connection) -> None:
    worker.send(Submit(job("huge", HUGE)))
    assert received(worker) == Started(("huge",))
    worker.send(Submit(job("b")))
    worker.send(Cancel())
    worker.send(Submit(job("c")))
    assert received(worker) == Started(("c",))
    done = received(worker)
    assert isinstance(done, Done)
    assert done.suggested.article == "c"


def test_an_unreadable_article_does_not_take_its_batch_along(english: Analyser) -> None:
    reports = list(read(english, [job("a"), job("bad", "Doha \ud800 Doha"), job("c")]))
    assert [type(each) for each in reports] == [Done, Trouble, Done]
    trouble = reports[1]
    assert isinstance(trouble, Trouble)
    assert trouble.article == "bad"
    assert "\n" not in str(trouble.problem)


def test_a_pipeline_that_is_not_there_is_said_and_the_process_ends(codebook: Codebook) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=run, args=(theirs, "no_such", scheme_of(codebook), False))
    process.start()
    theirs.close()
    report = received(ours)
    assert isinstance(report, Trouble)
    assert report.article is None
    process.join(10)
    assert process.exitcode == 0


PARENT = """
import sys, time
from pathlib import Path
from annotator.core.codebook import codebook_from_toml
from annotator.core.ports import SuggestJob
from annotator.session.suggest import SuggestionWorker, suggestible

if __name__ == "__main__":
    codebook = codebook_from_toml(Path(sys.argv[1]).read_text(encoding="utf-8"))
    worker = SuggestionWorker(suggestible(codebook), sys.argv[2])
    worker.start()
    worker.submit(SuggestJob("huge", "Malley spoke in Doha.\\n" * 400_000, None, ()))
    while worker._process is None or worker._process._process is None:
        time.sleep(0.01)
    print(worker._process._process.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
@pytest.mark.parametrize("after", [0.0, 4.0])
def test_it_ends_with_its_parent_even_a_killed_one(tiny: Path, tmp_path: Path, after: float) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    toml = Path(__file__).parents[2] / "resources/codebooks/general-news.toml"
    parent = subprocess.Popen(
        [sys.executable, str(script), str(toml), str(tiny)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(after)  # while it still starts, and while it works
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < deadline, "the worker outlived its parent"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"

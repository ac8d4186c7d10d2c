"""The worker as the window uses it, and a run over a project as the command line does it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.core.errors import InputError, ModelError, ProjectError
from annotator.core.model import Article, State
from annotator.core.ports import NewArticle, SuggestJob
from annotator.core.text import normalise, sha256_of, touches_any
from annotator.nlp.furniture import find_furniture
from annotator.session.project import Project, default_codebook
from annotator.session.suggest import (
    ArticleDone,
    Event,
    Failed,
    ModelReady,
    SuggestionWorker,
    WorkerDied,
    suggest_project,
    suggestible,
)

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
HUGE = "Malley spoke in Doha.\n" * 15_000


def job(article: str, text: str = "Malley spoke in Doha.") -> SuggestJob:
    return SuggestJob(article, text, None, ())


def article(name: str, text: str, language: str | None = None) -> NewArticle:
    text = normalise(text)
    title = text.partition("\n")[0]
    furniture = find_furniture(text, title)
    return NewArticle(
        article=Article(
            id=name, text=text, sha256=sha256_of(text), title=title, furniture=furniture, language=language
        )
    )


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a pipeline that loads quickly and knows two names."""
    import spacy

    folder = tmp_path_factory.mktemp("pipelines") / "tiny"
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    patterns = [{"label": "PERSON", "pattern": "Malley"}, {"label": "GPE", "pattern": "Doha"}]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.meta.update({"name": "tiny", "version": "1.2.3"})
    nlp.to_disk(folder)
    return str(folder)


class Window:
    """What the window does with a worker: polls it by a timer and notes every event."""

    def __init__(self, model: str | None) -> None:
        self.worker = SuggestionWorker(suggestible(default_codebook()), model)
        self.events: list[Event] = []
        self.longest = 0.0

    def until(self, enough: Callable[[list[Event]], bool], seconds: float = 60) -> list[Event]:
        deadline = time.monotonic() + seconds
        while not enough(self.events):
            assert time.monotonic() < deadline, self.events
            begun = time.thread_time()
            self.events += self.worker.poll()
            self.longest = max(self.longest, time.thread_time() - begun)
            time.sleep(0.01)
        return self.events

    def pid(self) -> int:
        """The process's id, once it runs."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            plumbing = self.worker._process
            if plumbing is not None and plumbing._process is not None and plumbing._process.pid is not None:
                return plumbing._process.pid
            self.events += self.worker.poll()
            time.sleep(0.01)
        raise AssertionError("the process never started")

    def kill_at_work(self, name: str) -> None:
        """Kill the process while it works on an article."""
        deadline = time.monotonic() + 60
        while name not in self.worker._started:
            assert time.monotonic() < deadline
            self.events += self.worker.poll()
            time.sleep(0.005)
        os.kill(self.pid(), signal.SIGKILL)

    def done(self) -> list[str]:
        return [event.suggested.article for event in self.events if isinstance(event, ArticleDone)]


@pytest.fixture
def window(tiny: str) -> Iterator[Window]:
    before = set(threading.enumerate())
    window = Window(tiny)
    yield window
    begun = time.monotonic()
    window.worker.close()
    assert time.monotonic() - begun < 2, "closing takes no time"
    assert set(threading.enumerate()) <= before, "and leaves no thread behind"


@pytest.fixture(scope="module")
def loaded(tiny: str) -> Iterator[Window]:
    """A window whose worker has loaded its pipeline."""
    window = Window(tiny)
    window.worker.start()
    window.until(lambda events: bool(events))
    yield window
    window.worker.close()


@pytest.fixture
def calm(loaded: Window) -> Window:
    """The loaded window with nothing going on."""
    loaded.worker.cancel()
    loaded.worker.submit(job("last"))
    loaded.until(lambda events: "last" in loaded.done())
    loaded.events.clear()
    loaded.longest = 0.0
    return loaded


def idle(window: Window) -> Callable[[list[Event]], bool]:
    return lambda events: window.worker.unfinished == 0


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")


def test_importing_it_is_light() -> None:
    code = (
        "import sys, annotator.session.suggest;"
        "heavy = ('spacy', 'numpy', 'PySide6', 'sqlalchemy', 'multiprocessing');"
        "print([m for m in heavy if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_starting_submitting_and_polling_never_block(window: Window) -> None:
    begun = time.monotonic()
    window.worker.start()
    for name in range(200):
        window.worker.submit(job(str(name), HUGE))
    assert time.monotonic() - begun < 0.5
    window.worker.cancel()
    window.worker.submit(job("a"))
    window.until(idle(window))
    assert window.longest < 0.05
    assert window.events[0] == ModelReady("spacy:en_tiny-1.2.3+rules:attribution-1", None)
    assert window.done()[-1] == "a"


def test_the_urgent_article_goes_first(calm: Window) -> None:
    calm.worker.submit(job("huge", HUGE))
    calm.worker.submit(job("b"))
    calm.worker.submit(job("c"))
    calm.worker.submit(job("c"), urgent=True)
    calm.until(idle(calm))
    assert calm.done() == ["c", "huge", "b"]


def test_cancelling_drops_what_waits(calm: Window) -> None:
    for name in "abc":
        calm.worker.submit(job(name, HUGE))
    calm.until(lambda events: bool(calm.worker._started))
    calm.worker.cancel()
    assert calm.worker.unfinished == 0
    calm.worker.submit(job("d"))
    calm.until(lambda events: "d" in calm.done())
    assert set(calm.done()) <= {"a", "d"}


def test_an_unreadable_article_is_reported_and_the_rest_goes_on(calm: Window) -> None:
    calm.worker.submit(job("bad", "Doha \ud800"))
    calm.worker.submit(job("a"))
    calm.until(idle(calm))
    assert calm.done() == ["a"]
    assert [each.article for each in calm.events if isinstance(each, Failed)] == ["bad"]


@needs_signals
def test_a_killed_process_is_reported_once_and_its_work_is_done_by_another(window: Window) -> None:
    for name in ("a", "huge", "b"):
        window.worker.submit(job(name, HUGE if name == "huge" else "Malley"))
    window.kill_at_work("huge")
    window.until(idle(window))
    assert sorted(window.done()) == ["a", "b", "huge"]
    assert [each for each in window.events if isinstance(each, WorkerDied)] == [WorkerDied(-signal.SIGKILL)]
    assert len([each for each in window.events if isinstance(each, ModelReady)]) == 1

    os.kill(window.pid(), signal.SIGKILL)  # now that it is idle
    window.until(lambda events: events[-1] == WorkerDied(-signal.SIGKILL))
    assert window.worker._process is None, "it is started when there is work"
    window.worker.submit(job("c"))
    window.until(idle(window))
    assert window.done()[-1] == "c"


@needs_signals
def test_an_article_that_ends_the_process_twice_is_skipped_and_reported(window: Window) -> None:
    window.worker.submit(job("huge", HUGE))
    window.worker.submit(job("b"))
    window.kill_at_work("huge")
    window.until(lambda events: any(isinstance(each, WorkerDied) for each in events))
    window.worker.submit(job("c"))
    window.kill_at_work("huge")
    window.until(idle(window))
    assert sorted(window.done()) == ["b", "c"]
    failed = [each for each in window.events if isinstance(each, Failed)]
    assert [each.article for each in failed] == ["huge"]
    assert "twice" in str(failed[0].problem)


@needs_signals
def test_a_process_that_cannot_be_kept_running_is_given_up(window: Window) -> None:
    window.worker.submit(job("a"))
    for _ in range(3):
        died = len([each for each in window.events if isinstance(each, WorkerDied)])
        os.kill(window.pid(), signal.SIGKILL)
        window.until(lambda events, n=died: sum(isinstance(each, WorkerDied) for each in events) > n)  # type: ignore[misc]
    window.until(idle(window))
    assert isinstance(window.events[-1], Failed)
    assert window.events[-1].article is None
    assert window.worker._process is None


def test_an_unknown_model_is_a_sentence_and_nothing_hangs() -> None:
    window = Window("no_such_pipeline")
    window.worker.submit(job("a"))
    window.until(lambda events: bool(events))
    assert [type(each) for each in window.events] == [Failed]
    assert "no_such_pipeline" in str(window.events[0].problem)  # type: ignore[union-attr]
    assert window.worker.unfinished == 0
    time.sleep(0.3)
    assert window.worker.poll() == []
    window.worker.close()


def test_closing_before_it_has_started_is_fine(tiny: str) -> None:
    window = Window(tiny)
    window.worker.close()
    window.worker.start()
    window.worker.close()
    window.worker.close()
    assert window.worker.poll() == []


# -- a project ---------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "news.annot") as project:
        yield project


def texts(project: Project) -> dict[str, list[str]]:
    """What is suggested, by article."""
    return {
        each.article.id: sorted(each.article.text[span.start : span.end] for span in each.spans)
        for each in project.repository.iter_labels(suggestions=True)
    }


def test_the_sample_articles_get_their_entities(project: Project) -> None:
    project.repository.add_articles([article(path.stem, path.read_text("utf-8")) for path in SEEDS], ())
    seen: list[tuple[int, int]] = []
    summary = suggest_project(project, progress=lambda done, total: seen.append((done, total)))
    assert (summary.articles, summary.problems, summary.sentence) == (13, (), None)
    assert summary.model == "spacy:en_core_web_md-3.8.0+rules:attribution-1"
    assert seen == [(number, 13) for number in range(1, 14)]
    for labels in project.repository.iter_labels(suggestions=True):
        assert len(labels.spans) >= (45 if labels.article.id.startswith("us-urges") else 1)
        for span in labels.spans:
            assert span.state is State.SUGGESTED
            assert not touches_any((span.start, span.end), labels.article.furniture)
        assert labels.tokens is not None
        assert all(labels.tokens.index_range(span.start, span.end) for span in labels.spans)
    again = suggest_project(project)
    assert (again.articles, again.suggestions) == (0, 0)
    named = suggest_project(project, articles=["wikinews-expo", "wikinews-expo"])
    assert (named.articles, named.suggestions) == (1, 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_any_number_of_processes_finds_the_same(project: Project, tiny: str, workers: int) -> None:
    names = [f"article-{number}" for number in range(50)]
    project.repository.add_articles([article(name, f"Malley is in Doha ({name}).") for name in names], ())
    summary = suggest_project(project, model=tiny, workers=workers)
    assert (summary.articles, summary.suggestions) == (50, 100)
    assert texts(project) == {name: ["Doha", "Malley"] for name in names}


def test_what_cannot_be_read_is_listed(project: Project, tiny: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project.repository.add_articles([article("a", "Doha"), article("b", "Malley")], ())
    job_of = project.repository.suggest_job
    monkeypatch.setattr(
        project.repository,
        "suggest_job",
        lambda name: SuggestJob(name, "\ud800", None, ()) if name == "a" else job_of(name),
    )
    summary = suggest_project(project, model=tiny)
    assert summary.articles == 1
    (problem,) = summary.problems
    assert problem.where == "article a"
    assert texts(project)["b"] == ["Malley"]


def test_a_language_without_pipeline_is_said(project: Project, tiny: str) -> None:
    project.repository.add_articles([article("a", "Doha"), article("b", "Doha na Malley", "sw")], ())
    summary = suggest_project(project, model=tiny)
    assert summary.articles == 2
    assert summary.sentence is not None
    assert "“sw”" in summary.sentence
    assert texts(project) == {"a": ["Doha"], "b": []}


def test_an_interrupted_run_keeps_what_was_found_and_goes_on_later(project: Project, tiny: str) -> None:
    project.repository.add_articles([article(f"a{n}", f"Doha {n}") for n in range(40)], ())

    def interrupt(done: int, total: int) -> None:
        if done == 35:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        suggest_project(project, model=tiny, progress=interrupt)
    assert sum(map(len, texts(project).values())) == 35
    assert suggest_project(project, model=tiny).articles == 5


def test_wrong_names_are_said(project: Project) -> None:
    with pytest.raises(ModelError):
        suggest_project(project, model="no_such_pipeline")
    with pytest.raises(InputError, match="no article nope"):
        suggest_project(project, articles=["nope"])


def test_a_project_that_cannot_be_written_is_said(
    project: Project, tiny: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.repository.add_articles([article("a", "Doha")], ())

    def full(results: object, model: str) -> int:
        raise ProjectError("the disk is full")

    monkeypatch.setattr(project.repository, "save_suggested", full)
    with pytest.raises(ProjectError, match="disk is full"):
        suggest_project(project, model=tiny)

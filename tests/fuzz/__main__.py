"""Feeds every reader what strangers might: ``python -m tests.fuzz [READER…] [--runs N] [--seconds S]``.

Exits with 1 if anything but AnnotatorError came out, an input took too long or too much memory, or a
reader reached for another file, the network or a program. Such inputs are made as small as possible and
saved. :mod:`tests.fuzz.guided` does the same with an eye on which lines are reached.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from .readers import READERS


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{line}", end="", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Try readers on hostile inputs."
    )
    parser.add_argument("readers", nargs="*", metavar="READER", help=f"all, or some of {', '.join(READERS)}")
    parser.add_argument("--runs", type=int, default=1_000_000, metavar="N", help="inputs for each reader")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="S", help="at most, for each reader")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another one gives other inputs")
    parser.add_argument("--save", type=Path, default=Path("fuzz-findings"), metavar="FOLDER")
    parser.add_argument(
        "--try", dest="given", type=Path, metavar="FILE", help="one reader on one saved input"
    )
    args = parser.parse_args()
    unknown = [each for each in args.readers if each not in READERS]
    if unknown:
        parser.error(f"no reader is called {', '.join(unknown)}; there are {', '.join(READERS)}")
    if args.given and len(args.readers) != 1:
        parser.error("name one reader")
    from . import running, samples

    if args.given:
        print(READERS[args.readers[0]].begin(samples.scratch())(args.given.read_bytes()))
        return 0
    failed = False
    for name in args.readers or READERS:
        found = running.fuzz(
            name, args.runs, args.seconds, args.seed,
            _tell,
        )  # fmt: skip
        print(
            f"\r{name}: {found.runs:,} inputs in {found.seconds:.0f} s, {found.large} large ones before, "
            f"{found.outcomes} outcomes, slowest {found.slowest * 1000:.0f} ms, "
            f"memory +{found.memory / 2**20:.0f} MB, "
            f"{len(found.failures)} failures",
            flush=True,
        )
        for nth, (place, (account, data)) in enumerate(found.failures.items()):
            failed = True
            args.save.mkdir(exist_ok=True)
            path = args.save / f"{name}-{time.strftime('%H%M%S')}-{nth}"
            path.write_bytes(data)
            print(f"  {place}: {account}\n    {data[:200]!r}, saved as {path}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

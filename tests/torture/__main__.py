"""Kills the program at random moments and looks for what is lost.

``python -m tests.torture [--kills N] [--seed S] [KIND…]``; exit code 1 where anything was lost, damaged
or left behind. Only for systems that fork.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random

_home = tempfile.TemporaryDirectory(prefix="annotator-torture-home-")
os.environ["ANNOTATOR_HOME"] = _home.name

from tests.torture import files, labelling, recoding, suggesting, transfers  # noqa: E402 - after the home is set

KINDS = {
    "label": labelling.torture,
    "recode": recoding.torture,
    "import": transfers.torture_import,
    "large-import": transfers.torture_large_import,
    "export": transfers.torture_export,
    "suggest": suggesting.torture,
    "migrate": files.torture_migrate,
    "create": files.torture_create,
}


def main() -> int:
    """Run the kinds that were named, or all; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="kills of each kind")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    parser.add_argument("kind", nargs="*", choices=[*KINDS, []], help=", ".join(KINDS))
    args = parser.parse_args()
    print(f"seed {args.seed}", flush=True)
    faults = 0
    for kind in args.kind or KINDS:
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="annotator-torture-", ignore_cleanup_errors=True) as name:
            figures = KINDS[kind](args.kills, Random(f"{args.seed} {kind}"), Path(name))
        print(f"{figures.sentence}  ({time.perf_counter() - begun:.0f} s)", flush=True)
        for fault in figures.faults[:20]:
            print(f"  {fault}", flush=True)
        faults += len(figures.faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

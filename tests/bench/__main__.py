"""Measures speed and prints a table: ``uv run python -m tests.bench [NAME…]``.

Every ``bench_NAME.py`` beside this file has a ``run()`` that gives (what was measured, result) rows.
Ratios within one run mean something on any machine; the times themselves only on this one.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def load(path: Path) -> ModuleType:
    """The bench module in a file."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # worker processes find what they are handed by this name
    spec.loader.exec_module(module)
    return module


def main(names: list[str]) -> int:
    """Run the named benches, or all; 2 if a name is unknown."""
    sys.path.insert(0, str(HERE))
    paths = {path.stem.removeprefix("bench_"): path for path in sorted(HERE.glob("bench_*.py"))}
    unknown = [name for name in names if name not in paths]
    if unknown:
        print(f"No bench is called {', '.join(unknown)}; there are {', '.join(paths)}.", file=sys.stderr)
        return 2
    for name in names or paths:
        module = load(paths[name])
        begun = time.perf_counter()
        rows = module.run()
        width = max(len(what) for what, _ in rows)
        print(f"\n{name}: {(module.__doc__ or '').splitlines()[0]}")
        for what, result in rows:
            print(f"  {what:<{width}}  {result}")
        print(f"  ({time.perf_counter() - begun:.0f} s)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

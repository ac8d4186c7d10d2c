"""A few kills of each kind; ``python -m tests.torture`` does as many as one likes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the victims are forked")
@pytest.mark.parametrize(
    ("kills", "kinds"), [(10, ("label", "create", "migrate")), (2, ("import", "export"))]
)
def test_nothing_is_lost_when_killed(kills: int, kinds: tuple[str, ...]) -> None:
    """``suggest`` is left out, where each kill means loading spaCy three times."""
    command = [sys.executable, "-m", "tests.torture", "--kills", str(kills), *kinds]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(f" {kills} kills  0 faults") == len(kinds)

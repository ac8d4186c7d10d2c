"""spaCy comes without its command line, and that is still there for who wants it."""

from __future__ import annotations

import subprocess
import sys

import pytest

_BEFORE = {"us first": "", "spaCy first": "import spacy"}


@pytest.mark.parametrize("before", _BEFORE)
def test_commands_are_loaded_only_by_who_wants_them(before: str) -> None:
    program = f"""
import sys
{_BEFORE[before]}
from annotator.nlp.loading import blank
print("typer" in sys.modules, len(blank("en")("One word.")))
import spacy.cli
print(callable(spacy.cli.info), spacy.cli.__file__ is not None)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = before == "spaCy first"
    assert done.stdout.splitlines() == [f"{loaded} 3", "True True"]

"""Runs a command and turns whatever happens into an exit code and one line."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
from collections.abc import Callable

from annotator.core.errors import AnnotatorError, Problem, UsageError
from annotator.runtime.interrupting import interrupts_are_raised

DEBUG_VARIABLE = "ANNOTATOR_DEBUG"
"""Set to 1, unexpected errors print their traceback."""


def run_command(args: argparse.Namespace) -> int:
    """Run the command that was parsed; the exit code."""
    from annotator.cli.commands import COMMANDS

    return guarded(lambda: COMMANDS[args.command](args))


def guarded(work: Callable[[], int]) -> int:
    """The exit code of some work; one line on stderr for what a person can cause, never a traceback."""
    logging.getLogger().addHandler(logging.NullHandler())  # what a person must know is printed
    interrupts_are_raised()
    try:
        code = work()
        sys.stdout.flush()
    except UsageError as error:
        print(f"annotator: {error}", file=sys.stderr)
        return 2
    except AnnotatorError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt as interrupt:
        # who was interrupted may have noted what it left
        said = getattr(interrupt, "__notes__", ["Interrupted. What had been finished is saved."])
        print(said[0], file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output has closed it: no more of it is wanted, nor a complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None:
            return _tell_bug(error)
        cure = "Check its name, and that you may use it"
        print(Problem(f"this cannot be used: {error.strerror}", str(error.filename), cure), file=sys.stderr)
        return 1
    except Exception as error:
        return _tell_bug(error)
    return code


def _tell_bug(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE) == "1":
        traceback.print_exc()
        return 1
    from annotator.runtime.logs import setup_logging

    path = setup_logging("annotator-command")
    logging.getLogger(__name__).critical("unexpected error", exc_info=error)
    where = f" The details are in {path}." if path else ""
    print(
        f"Something went wrong in the program ({type(error).__name__}); the project is as it was.{where}",
        file=sys.stderr,
    )
    return 1

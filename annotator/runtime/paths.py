"""The folders that belong to one person on one machine. None of them need exist yet.

They follow the platform's conventions. The environment variable ``ANNOTATOR_HOME`` puts all three
below one folder instead, for a portable installation or a test.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "annotator"
HOME_VARIABLE = "ANNOTATOR_HOME"


def _below_home(folder: str) -> Path | None:
    home = os.environ.get(HOME_VARIABLE)
    return Path(home).expanduser().absolute() / folder if home else None


def config_folder() -> Path:
    """Where the settings are kept."""
    return _below_home("config") or platformdirs.user_config_path(APP, appauthor=False)


def data_folder() -> Path:
    """Where projects go for which no place was chosen, such as the sample project."""
    return _below_home("data") or platformdirs.user_data_path(APP, appauthor=False)


def log_folder() -> Path:
    """Where the logs are written."""
    return _below_home("logs") or platformdirs.user_log_path(APP, appauthor=False)

"""The window: everything that uses Qt."""

import builtins

from PySide6 import QtCore as QtCore

# PySide6 has put a function of its own in the place of Python's import. It reads the source of every module
# that is imported from then on, to find out whether one asks for PySide6's other spellings of Qt's names: a
# sixth of the start, and 17 MB that stay. None here does.
if builtins.__import__ is getattr(builtins, "__feature_import__", None):
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

"""spaCy without its command line, which it imports with web clients and templates for one function.

That is a third of the time that spaCy takes to be there, and 360 modules. All of ``nlp`` has spaCy from
here; whoever imports ``spacy.cli`` afterwards gets it as ever.
"""

from __future__ import annotations

import sys
from types import ModuleType

_COMMANDS = "spacy.cli"
_INFO = f"{_COMMANDS}.info"

if "spacy" not in sys.modules:
    sys.modules[_COMMANDS] = ModuleType(_COMMANDS)
    sys.modules[_INFO] = ModuleType(_INFO)
    sys.modules[_INFO].info = None  # type: ignore[attr-defined]
try:
    import spacy as spacy
    from spacy import attrs as attrs
    from spacy.language import Language as Language
    from spacy.strings import get_string_id as get_string_id
    from spacy.tokens import Doc as Doc
finally:
    for name in (_INFO, _COMMANDS):
        if getattr(sys.modules.get(name), "__spec__", None) is None:
            sys.modules.pop(name, None)

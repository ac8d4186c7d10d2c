"""A codebook as TOML that people read, change and share."""

from __future__ import annotations

from typing import Any

from annotator.core.codebook import Codebook, codebook_to

_FIRST = ("name", "title", "kind", "key", "short", "colour", "code", "type", "kinds", "relations", "records")
_SAYING = ("default", "title", "colour")
"""Keys that mean something also where they are empty: left out they are not empty."""


def codebook_to_toml(codebook: Codebook) -> str:
    """TOML text that :func:`annotator.core.codebook.codebook_from_toml` reads back to an equal codebook.

    Empty keys are left out, and what is written in Markdown stands over several lines.
    """
    # Only where a codebook is saved.
    import tomllib

    import tomli_w

    data = codebook_to(codebook)
    parts: dict[str, Any] = {"name": data["name"], "version": data["version"]}
    for part in ("labels", "attributes", "categories", "relations"):
        if data[part]:
            parts[part] = [_tidy(each) for each in data[part]]
    text = tomli_w.dumps(parts, multiline_strings=True)
    # Carriage returns, which some text fields of other programs bring along, survive only as “\\r”.
    return tomli_w.dumps(parts) if tomllib.loads(text) != parts else text


def _tidy(item: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing; what is short and looked for first comes first."""
    names = sorted(item, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))
    return {name: item[name] for name in names if name in _SAYING or item[name] not in ("", [], False)}

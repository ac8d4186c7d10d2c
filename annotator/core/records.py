"""The copy of a record with some fields changed, checked by mypy as the one of dataclasses is.

Records are structs of msgspec: defined without generated source, and made, compared and copied in C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if not TYPE_CHECKING:
    from msgspec.structs import replace
else:
    from dataclasses import replace

__all__ = ["replace"]

"""A codebook that is being edited, see :class:`Draft`."""

from annotator.core.drafting.draft import Draft
from annotator.core.drafting.flaws import Flaw

__all__ = ["Draft", "Flaw"]

"""Actor records in the window: linking a span to one, and the window that keeps them all."""

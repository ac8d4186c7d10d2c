"""Annotator: label actors, claims and relations in news articles."""

__version__ = "0.1.0"

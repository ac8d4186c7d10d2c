"""The rules of labelling in pure Python: no Qt, no SQL, no spaCy."""

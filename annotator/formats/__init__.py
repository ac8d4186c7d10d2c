"""Files to core objects and back: a registry and one module per format.

:mod:`annotator.formats.registry` says which formats there are; every reader gives
:class:`annotator.formats.base.Record` objects and reports what is wrong line by line.
"""

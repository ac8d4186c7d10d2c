"""What a packaged program runs before anything else, hooks of PyInstaller's that import Qt included."""

from annotator.runtime.single_file import unpack_when_needed

unpack_when_needed()

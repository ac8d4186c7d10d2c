"""What a packaged program runs before anything else, hooks of PyInstaller's that import Qt included."""

import sys

from annotator.runtime.interrupting import interrupts_end_it
from annotator.runtime.single_file import unpack_when_needed, unpacked_folder

interrupts_end_it()
try:
    unpack_when_needed()
except OSError as error:
    sys.exit(
        f"annotator: the program cannot be unpacked into {unpacked_folder()}: {error.strerror}. "
        "Make room there, or have the variable TMPDIR (on Windows TEMP) name another folder"
    )

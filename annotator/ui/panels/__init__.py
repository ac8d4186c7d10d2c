"""The parts of the window beside the canvas; they do not know each other."""

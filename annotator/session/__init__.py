"""What the window and the command line both do with a project."""
